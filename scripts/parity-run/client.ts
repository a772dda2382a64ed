// Owns the client of the run: the MCP SDK's own over stdio, with the compiled binary on the other side.
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

/** What a call answered. */
export interface Said {
  readonly text: string;
  readonly isError: boolean;
  readonly structured: unknown;
}

export interface Session extends AsyncDisposable {
  /** The names of all tools. */
  tools(): Promise<string[]>;
  call(tool: string, given: Readonly<Record<string, unknown>>): Promise<Said>;
}

/** Where the cluster is and who asks. */
export interface Reach {
  readonly url: string;
  readonly fingerprint: string;
  readonly token: string;
  /** PROXMOX_UPLOAD_DIR */
  readonly folder: string;
  /** Further settings. */
  readonly settings?: Readonly<Record<string, string>>;
}

const patience = 60_000;

export async function openSession(program: string, reach: Reach): Promise<Session> {
  const { hostname, port } = new URL(reach.url);
  const env = {
    PROXMOX_HOST: hostname,
    PROXMOX_PORT: port,
    PROXMOX_TOKEN_VALUE: reach.token,
    PROXMOX_SSL_MODE: "verify",
    PROXMOX_SSL_FINGERPRINT: reach.fingerprint,
    PROXMOX_ALLOW_ELEVATED: "true",
    PROXMOX_UPLOAD_DIR: reach.folder,
    PROXMOX_LOG_LEVEL: "silent",
    ...reach.settings,
  };
  const client = new Client({ name: "parity", version: "1.0.0" });
  await client.connect(new StdioClientTransport({ command: program, args: ["serve"], env, stderr: "ignore" }));
  return {
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    async call(name, given) {
      const result = await client.callTool({ name, arguments: { ...given } }, { timeout: patience });
      const text = result.content.map((block) => (block.type === "text" ? block.text : "")).join("\n");
      return { text, isError: result.isError === true, structured: result.structuredContent };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}
