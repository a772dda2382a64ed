// Owns how an answer is put on the wire: PVE's head lines, its reason phrase as raw bytes, bodies that are cut.
import { Buffer } from "node:buffer";
import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";

/** What every answer of PVE's server carries. */
const still = { "Cache-Control": "max-age=0", Pragma: "no-cache", Server: "pve-api-daemon/3.0" } as const;

/** Sends a Response as PVE's server would; with an answer that breaks off the connection does too. */
export async function sendReply(response: Response, out: ServerResponse, packed: boolean): Promise<void> {
  const { bytes, whole } = await readAll(response);
  const date = new Date().toUTCString();
  const type = response.headers.get("content-type");
  const shared = { ...still, Date: date, Expires: date, ...(type === null ? {} : { "Content-Type": type }) };
  const pack = packed && whole && bytes.length > 0 && type?.startsWith("application/json") === true;
  const body = pack ? gzipSync(bytes) : bytes;
  const length = whole ? body.length : Number(response.headers.get("content-length") ?? bytes.length + 1);
  const sized = { ...shared, "Content-Length": String(length), ...(pack ? { "Content-Encoding": "gzip" } : {}) };
  if (response.status !== 200) {
    closing(out, response, bytes.length === 0 ? shared : sized, body, bytes);
    return;
  }
  out.writeHead(200, "OK", { ...sized, Connection: whole ? "Keep-Alive" : "close" });
  if (whole) out.end(body);
  else out.write(body, () => out.socket?.destroy());
}

/** An error ends its connection, so that its bytes can be written as they are (facts 5, 9). */
function closing(
  out: ServerResponse,
  response: Response,
  headers: Record<string, string>,
  body: Buffer,
  text: Buffer,
): void {
  const lines = Object.entries({ ...headers, Connection: "close" }).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = [
    Buffer.from(`HTTP/1.1 ${response.status} `),
    reasonBytes(response.statusText, text),
    Buffer.from(`\r\n${lines.join("")}\r\n`),
  ];
  out.socket?.end(Buffer.concat([...head, body]));
}

/**
 * The reason phrase is the first line of the error text, byte by byte: Latin-1 as long as that holds it (facts 2). A
 * Response can't carry all of it; the body's `message` does.
 */
function reasonBytes(statusText: string, body: Buffer): Buffer {
  const message = body[0] === 0x7b ? messageOf(body.toString()) : undefined;
  const line = (message ?? statusText).split("\n")[0]?.replaceAll(/[\r\0]/g, " ") ?? "";
  return Buffer.from(line, /^[\0-\xff]*$/.test(line) ? "latin1" : "utf8");
}

function messageOf(text: string): string | undefined {
  const body: unknown = JSON.parse(text);
  const isText = typeof body === "object" && body !== null && "message" in body && typeof body.message === "string";
  return isText ? String(body.message) : undefined;
}

/** The body, as far as it comes. */
async function readAll(response: Response): Promise<{ bytes: Buffer; whole: boolean }> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of response.body ?? []) parts.push(part);
    return { bytes: Buffer.concat(parts), whole: true };
  } catch {
    return { bytes: Buffer.concat(parts), whole: false };
  }
}
