// Owns the settings snippet of each client for this machine: which file it goes into, and in what form.

/** How a client starts this program: the words of its command line, and the environment. */
export interface Start {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Variables whose value is a secret that stands here as a placeholder. */
  readonly secrets: readonly string[];
}

interface Client {
  /** Where the snippet goes. */
  readonly place: string;
  write(start: Start): string;
}

const json = (value: unknown): string => JSON.stringify(value, null, 2);

const servers = ({ command, args, env }: Start): string => json({ mcpServers: { proxmox: { command, args, env } } });

/** VS Code asks for a secret when it is first needed, and keeps it. */
function vscode({ command, args, env, secrets }: Start): string {
  const id = (name: string) => name.toLowerCase().replaceAll("_", "-");
  const asked = Object.fromEntries(secrets.map((name) => [name, `\${input:${id(name)}}`]));
  const inputs = secrets.map((name) => ({ type: "promptString", id: id(name), description: name, password: true }));
  const server = { type: "stdio", command, args, env: { ...env, ...asked } };
  return json({ servers: { proxmox: server }, ...(inputs.length > 0 && { inputs }) });
}

/** A line for a shell. */
function claudeCode({ command, args, env }: Start): string {
  const variables = Object.entries(env).flatMap(([name, value]) => ["-e", quoted(`${name}=${value}`)]);
  return ["claude mcp add proxmox", ...variables, "--", ...[command, ...args].map(quoted)].join(" ");
}

/** TOML's basic strings are JSON's. */
function codex({ command, args, env }: Start): string {
  const head = ["[mcp_servers.proxmox]", `command = ${JSON.stringify(command)}`, `args = ${JSON.stringify(args)}`];
  const variables = Object.entries(env).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  return [...head, "", "[mcp_servers.proxmox.env]", ...variables].join("\n");
}

const clients = {
  "claude-desktop": { place: "claude_desktop_config.json (Settings, Developer, Edit Config)", write: servers },
  "claude-code": { place: "a shell", write: claudeCode },
  cursor: { place: "~/.cursor/mcp.json", write: servers },
  vscode: { place: ".vscode/mcp.json", write: vscode },
  codex: { place: "~/.codex/config.toml", write: codex },
  gemini: { place: "~/.gemini/settings.json", write: servers },
} as const satisfies Readonly<Record<string, Client>>;

export type ClientName = keyof typeof clients;

export const clientNames: readonly string[] = Object.keys(clients);

export function isClient(name: string): name is ClientName {
  return Object.hasOwn(clients, name);
}

/** The snippet, and the place that it goes into. */
export function snippetFor(name: ClientName, start: Start): { readonly place: string; readonly snippet: string } {
  const { place, write } = clients[name];
  return { place, snippet: write(start) };
}

/** A word of a shell's command line. */
function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
