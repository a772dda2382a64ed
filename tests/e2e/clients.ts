// Owns the real clients that drive the program: the MCP SDK's 1.x and 2.x, the latter in both eras, each over a pipe
// whose every line is kept.

import { Client as NewClient, parseJSONRPCMessage } from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { JSONRPCMessageSchema } from "@modelcontextprotocol/sdk/types.js";
import { type Message, Peer, type Start } from "./peer.ts";

/** What the tests look at in the result of a call. */
export interface Called {
  readonly text: string;
  readonly structured: unknown;
  readonly isError: boolean;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { progress: number; message?: string | undefined }) => void;
}

export interface ListedTool {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly inputSchema: object;
  readonly outputSchema?: object | undefined;
  readonly annotations?: object | undefined;
}

/** A connected client. Both SDKs check structuredContent against the listed outputSchema, and throw. */
export interface Session extends AsyncDisposable {
  readonly peer: Peer;
  readonly instructions: string | undefined;
  readonly server: { name: string; version: string } | undefined;
  readonly offers: Offers;
  list(): Promise<readonly ListedTool[]>;
  call(name: string, args: Record<string, unknown>, options?: CallOptions): Promise<Called>;
}

/** A transport of either SDK's shape over a peer. */
class PeerTransport<Read> {
  onmessage?: ((message: Read) => void) | undefined;
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  readonly #peer: Peer;
  readonly #read: (message: unknown) => Read;
  #told = 0;

  constructor(peer: Peer, read: (message: unknown) => Read) {
    this.#peer = peer;
    this.#read = read;
  }

  async start(): Promise<void> {
    this.#peer.listen(() => {
      while (this.#told < this.#peer.messages.length) this.#tell(this.#peer.messages[this.#told++]);
    });
    this.#peer.exited.then(
      () => this.onclose?.(),
      () => this.onclose?.(),
    );
  }

  async send(message: object): Promise<void> {
    this.#peer.send(message);
  }

  async close(): Promise<void> {
    await this.#peer.end();
  }

  #tell(message: Message | undefined): void {
    this.onmessage?.(this.#read(message));
  }
}

const identity = { name: "end-to-end", version: "1.0.0" };

function textOf(content: unknown): string {
  if (!Array.isArray(content)) return "";
  return content.map((block: { text?: string }) => block.text ?? "").join("\n");
}

async function old(args: readonly string[], start: Start): Promise<Session> {
  const peer = new Peer(args, start);
  const client = new OldClient(identity);
  await client.connect(new PeerTransport(peer, (message) => JSONRPCMessageSchema.parse(message)));
  return {
    peer,
    instructions: client.getInstructions(),
    server: client.getServerVersion(),
    offers: client,
    list: async () => (await client.listTools()).tools,
    call: async (name, given, options = {}) => {
      const result = await client.callTool({ name, arguments: given }, undefined, options);
      return { text: textOf(result.content), structured: result.structuredContent, isError: result.isError === true };
    },
    [Symbol.asyncDispose]: () => peer[Symbol.asyncDispose](),
  };
}

async function recent(args: readonly string[], start: Start, mode: "legacy" | { pin: string }): Promise<Session> {
  const peer = new Peer(args, start);
  const client = new NewClient(identity, { versionNegotiation: { mode } });
  await client.connect(new PeerTransport(peer, parseJSONRPCMessage));
  return {
    peer,
    instructions: client.getInstructions(),
    server: client.getServerVersion(),
    offers: client,
    list: async () => (await client.listTools()).tools,
    call: async (name, given, options = {}) => {
      const result = await client.callTool({ name, arguments: given }, options);
      return { text: textOf(result.content), structured: result.structuredContent, isError: result.isError === true };
    },
    [Symbol.asyncDispose]: () => peer[Symbol.asyncDispose](),
  };
}

/** Prompts, resources and completions: what both SDKs call alike. */
export interface Offers {
  listPrompts(): Promise<{ prompts: readonly { name: string; arguments?: readonly { name: string }[] | undefined }[] }>;
  getPrompt(asked: {
    name: string;
    arguments?: Record<string, string>;
  }): Promise<{ messages: readonly { role: string; content: unknown }[] }>;
  listResources(): Promise<{ resources: readonly { uri: string; description?: string | undefined }[] }>;
  listResourceTemplates(): Promise<{ resourceTemplates: readonly { uriTemplate: string }[] }>;
  readResource(asked: {
    uri: string;
  }): Promise<{ contents: readonly { uri: string; mimeType?: string | undefined }[] }>;
  complete(asked: {
    ref: { type: "ref/prompt"; name: string } | { type: "ref/resource"; uri: string };
    argument: { name: string; value: string };
    context?: { arguments?: Record<string, string> };
  }): Promise<{ completion: { values: readonly string[]; total?: number | undefined } }>;
}

type Connect = (args: readonly string[], start?: Start) => Promise<Session>;

/** Each client, and the protocol revision that it speaks. */
export const clients: readonly { name: string; connect: Connect }[] = [
  { name: "SDK 1.x", connect: (args, start = {}) => old(args, start) },
  { name: "SDK 2.x, 2025-11-25", connect: (args, start = {}) => recent(args, start, "legacy") },
  { name: "SDK 2.x, 2026-07-28", connect: (args, start = {}) => recent(args, start, { pin: "2026-07-28" }) },
];
