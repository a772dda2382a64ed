// Owns MCP's stdio transport: a JSON-RPC message a line, every other line answered with an error, and an orderly end.
import type { Readable, Writable } from "node:stream";
import { type JSONRPCMessage, parseJSONRPCMessage, type Transport } from "@modelcontextprotocol/server";

/** The longest line that is taken, in bytes; a longer one is skipped to its end. */
const longestLine = 10 * 1024 * 1024;
/** How long requests under way may still be answered after the host closed stdin, in milliseconds. */
const grace = 10_000;

const newline = 0x0a;
const parseError = -32700;
const invalidRequest = -32600;

type Id = string | number | null;

/**
 * The transport of one connection over two streams (MCP 2025-11-25, Transports, stdio). What is no JSON gets -32700, what
 * is no JSON-RPC message -32600. When the input ends, requests under way are answered before `onclose`.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  /** Called once, when the connection is over. `onclose` is the SDK's. */
  onended?: () => void;

  readonly #input: Readable;
  readonly #output: Writable;
  readonly #unanswered = new Set<string | number>();
  #parts: Buffer[] = [];
  #length = 0;
  #closed = false;
  #ended = false;

  constructor(input: Readable, output: Writable) {
    this.#input = input;
    this.#output = output;
  }

  async start(): Promise<void> {
    this.#input.on("data", (chunk: Buffer | string) =>
      this.#take(typeof chunk === "string" ? Buffer.from(chunk) : chunk),
    );
    this.#input.on("error", (error) => this.onerror?.(error));
    this.#input.once("end", () => this.#end());
    this.#input.once("close", () => this.#end());
    this.#output.on("error", (error) => {
      this.onerror?.(error);
      void this.close();
    });
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (!this.#closed) this.#write(message);
    if ("id" in message && message.id !== undefined && !("method" in message)) this.#settle(message.id);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#input.removeAllListeners("data");
    this.#input.pause();
    this.onclose?.();
    this.onended?.();
  }

  /** Collects bytes to lines. Of a line that is too long only its length is kept. */
  #take(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      this.#collect(chunk.subarray(start, end));
      this.#line();
      start = end + 1;
    }
    this.#collect(chunk.subarray(start));
  }

  #collect(part: Buffer): void {
    if (part.length === 0) return;
    this.#length += part.length;
    if (this.#length > longestLine) this.#parts = [];
    else this.#parts.push(part);
  }

  #line(): void {
    const tooLong = this.#length > longestLine;
    const text = Buffer.concat(this.#parts)
      .toString("utf8")
      .replace(/^\uFEFF/, "")
      .trim();
    this.#parts = [];
    this.#length = 0;
    if (tooLong) this.#refuse(null, parseError, `Parse error: a message may have ${longestLine} bytes at most`);
    else if (text !== "") this.#deliver(text);
  }

  #deliver(text: string): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      this.#refuse(null, parseError, "Parse error: the line is not JSON");
      return;
    }
    // what reads messages further on would drop such a member without a word
    if (text.includes('"__proto__"')) {
      this.#refuse(idOf(value), invalidRequest, "Invalid Request: no member may be called __proto__");
      return;
    }
    let message: JSONRPCMessage;
    try {
      message = parseJSONRPCMessage(value);
    } catch {
      this.#refuse(idOf(value), invalidRequest, "Invalid Request: not a JSON-RPC 2.0 message of MCP");
      return;
    }
    if ("method" in message && "id" in message) this.#unanswered.add(message.id);
    if ("method" in message && message.method === "notifications/cancelled") this.#cancelled(message.params);
    this.onmessage?.(message);
  }

  #refuse(id: Id, code: number, message: string): void {
    if (!this.#closed) this.#write({ jsonrpc: "2.0", id, error: { code, message } });
  }

  #write(message: JSONRPCMessage | { jsonrpc: "2.0"; id: Id; error: { code: number; message: string } }): void {
    this.#output.write(`${JSON.stringify(message)}\n`);
  }

  /** A cancelled request gets no answer (MCP 2025-11-25, Cancellation). */
  #cancelled(params: unknown): void {
    const id = typeof params === "object" && params !== null && "requestId" in params ? params.requestId : undefined;
    if (typeof id === "string" || typeof id === "number") this.#settle(id);
  }

  #settle(id: string | number): void {
    this.#unanswered.delete(id);
    if (this.#ended && this.#unanswered.size === 0) setImmediate(() => void this.close());
  }

  /** The host has closed its side: a last line without its newline still counts, then what is under way. */
  #end(): void {
    if (this.#ended || this.#closed) return;
    this.#ended = true;
    if (this.#length > 0) this.#line();
    if (this.#unanswered.size === 0) setImmediate(() => void this.close());
    else setTimeout(() => void this.close(), grace).unref();
  }
}

function idOf(value: unknown): Id {
  const id = typeof value === "object" && value !== null && "id" in value ? value.id : null;
  return typeof id === "string" || typeof id === "number" ? id : null;
}
