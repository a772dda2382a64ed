// Owns the bridge between node:http and the web's Request and Response: a body within its bound, an answer at its reader's pace.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Limits } from "./limits.ts";

/** The body, or `undefined` when it is longer than allowed: then the rest is left unread. @throws Error when it is cut off */
export function readBody(request: IncomingMessage, { body: most }: Limits): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers["content-length"] ?? 0) > most) return resolve(undefined);
    const parts: Buffer[] = [];
    let length = 0;
    request.on("data", (part: Buffer) => {
      length += part.length;
      if (length <= most) return void parts.push(part);
      request.pause();
      resolve(undefined);
    });
    request.once("end", () => (request.complete ? resolve(Buffer.concat(parts)) : cut()));
    request.once("error", reject);
    request.once("close", cut);
    function cut(): void {
      reject(new Error("the body was cut off"));
    }
  });
}

/** Headers that are told once or not at all: which of two would count is anyone's guess. */
const single = ["host", "origin", "authorization", "x-pve-api-token", "content-type", "content-length"];

/** The first of those headers that comes more than once. */
export function doubled(request: IncomingMessage): string | undefined {
  const names = request.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  return single.find((name) => names.filter((one) => one === name).length > 1);
}

/** A header that is told once at most. */
export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** What the MCP handler gets: never a credential, and no body, since it was read already. */
export function webRequest(request: IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || name.startsWith(":") || isPrivate(name)) continue;
    headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  return new Request("http://localhost/mcp", { method: request.method ?? "GET", headers, signal });
}

const isPrivate = (name: string): boolean =>
  ["authorization", "x-pve-api-token", "cookie", "content-length", "transfer-encoding", "connection"].includes(name);

/** Sends an answer as fast as it is taken; ends when it is sent, or when its reader is gone. */
export async function send(answer: Response, out: ServerResponse, { stalled }: Limits): Promise<void> {
  out.statusCode = answer.status;
  answer.headers.forEach((value, name) => {
    out.setHeader(name, value);
  });
  const reader = answer.body?.getReader();
  if (!reader) {
    out.end();
    return;
  }
  out.flushHeaders();
  const leave = () => void reader.cancel().catch(() => {});
  out.once("close", leave);
  for (;;) {
    const { done, value } = await reader.read();
    if (done || out.destroyed) break;
    if (!out.write(value)) await drained(out, stalled);
  }
  out.off("close", leave);
  out.end();
}

/** Resolves when there is room again or nobody reads any more; one who takes nothing for too long is cut off. */
function drained(out: ServerResponse, patience: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => out.destroy(), patience);
    const go = () => {
      clearTimeout(timer);
      out.off("drain", go).off("close", go);
      resolve();
    };
    out.on("drain", go).on("close", go);
  });
}

/** A refusal in words, for a person or a log; the connection ends where the request wasn't read whole. */
export function refuse(
  out: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (out.headersSent || out.destroyed) return void out.destroy();
  const said = `${text}\n`;
  const length = String(Buffer.byteLength(said));
  out.writeHead(status, { "content-type": "text/plain; charset=utf-8", "content-length": length, ...headers });
  out.end(said);
}

/** A refusal of what was no JSON-RPC message (JSON-RPC 2.0, section 5.1), under HTTP's 400. */
export function refuseMessage(out: ServerResponse, code: number, message: string): void {
  const text = JSON.stringify({ jsonrpc: "2.0", id: null, error: { code, message } });
  out.writeHead(400, { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) });
  out.end(text);
}
