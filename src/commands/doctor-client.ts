// Owns the start of this program as `doctor --client` prints it: its own path, and the settings as they are set.
import { variable } from "../config/reader.ts";
import { allSettings } from "../config/settings.ts";
import { type ClientName, type Start, snippetFor } from "../doctor/client-settings.ts";
import type { Context } from "./command.ts";

/** What a client's file gets where a secret belongs: the settings refuse it by what it looks like. */
const placeholder = "<put the value here>";

/** The snippet with a line before it that says where it goes. */
export function clientSnippet(client: ClientName, env: Context["env"]): string {
  const { place, snippet } = snippetFor(client, { ...program(process), ...settingsOf(env) });
  return `Into ${place}:\n\n${snippet}\n`;
}

/** The settings that are set; a secret is a placeholder, and a file that has it goes in its place. */
function settingsOf(env: Context["env"]): Pick<Start, "env" | "secrets"> {
  const set = allSettings.filter(({ name }) => variable(env, name)?.trim());
  const isElsewhere = (name: string) => set.some((one) => one.name === `${name}_FILE`);
  const shown = set.filter(({ name, secret }) => !(secret && isElsewhere(name)));
  const missing = allSettings.filter(({ name, required }) => required !== undefined && isStarter(name, set));
  const all = [...shown, ...missing];
  const entries = all.map(
    (one) => [one.name, one.secret ? placeholder : variable(env, one.name)?.trim() || `<${one.example}>`] as const,
  );
  return { env: Object.fromEntries(entries), secrets: all.filter(({ secret }) => secret).map(({ name }) => name) };
}

/** What nobody has set yet and no cluster can be reached without. */
function isStarter(name: string, set: readonly { readonly name: string }[]): boolean {
  const has = (one: string) => set.some((setting) => setting.name === one);
  if (name === "PROXMOX_TOKEN_VALUE") return !has(name) && !has("PROXMOX_TOKEN_VALUE_FILE");
  return ["PROXMOX_HOST", "PROXMOX_TOKEN_NAME"].includes(name) && !has(name);
}

/** Of the process: as Node's `process` has it. */
interface Running {
  readonly execPath: string;
  readonly argv: readonly string[];
}

/** The compiled program is one file, whose own source is inside of it; else the runtime runs a file. */
function program({ execPath, argv }: Running): Pick<Start, "command" | "args"> {
  const source = argv[1] ?? "";
  const isCompiled = source === "" || source.startsWith("/$bunfs/") || /^[A-Z]:[\\/]~BUN[\\/]/i.test(source);
  if (isCompiled) return { command: execPath, args: ["serve"] };
  const run = "Deno" in globalThis ? ["run", "--allow-all"] : [];
  return { command: execPath, args: [...run, source, "serve"] };
}
