// Owns the reading of a response's body: its size, its end, its compression.
import { gunzip, inflate, inflateRaw } from "node:zlib";
import { PveError } from "./errors.ts";

/** Bytes that a Response takes as they are. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** What is read from: Node's IncomingMessage, as far as it is needed here. */
export interface Incoming extends AsyncIterable<Bytes> {
  readonly complete: boolean;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The whole body, unpacked. Rejects when it is longer than `most` bytes, packed or not, or ends too early. */
export async function readBody(incoming: Incoming, most: number): Promise<Bytes> {
  const chunks: Bytes[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > most) throw tooLong(most);
    chunks.push(chunk);
  }
  if (!incoming.complete) throw new Error("the connection was closed in the middle of the answer");
  const [first] = chunks;
  const packed = chunks.length === 1 && first ? first : joined(chunks, size);
  const encoding = incoming.headers["content-encoding"];
  return typeof encoding === "string" && size > 0 ? unpacked(packed, encoding.toLowerCase(), most) : packed;
}

function joined(chunks: readonly Bytes[], size: number): Bytes {
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

function unpacked(packed: Bytes, encoding: string, most: number): Promise<Bytes> {
  const unpack = unpackers[encoding]?.(packed);
  if (!unpack) return encoding === "identity" ? Promise.resolve(packed) : Promise.reject(unknownEncoding(encoding));
  return new Promise((resolve, reject) => {
    unpack(packed, { maxOutputLength: most }, (error, plain) => {
      if (!error) resolve(plain);
      else reject("code" in error && error.code === "ERR_BUFFER_TOO_LARGE" ? tooLong(most) : error);
    });
  });
}

type Unpack = typeof gunzip;

/** "deflate" is written with the zlib header by some servers and without it by others; the header tells itself. */
const unpackers: Readonly<Record<string, (packed: Bytes) => Unpack>> = {
  gzip: () => gunzip,
  "x-gzip": () => gunzip,
  deflate: (packed) => (((packed[0] ?? 0) & 0x0f) === 8 ? inflate : inflateRaw),
};

function tooLong(most: number): PveError {
  const sentence = `The answer is longer than ${Math.floor(most / 1024)} KiB.`;
  return new PveError({
    kind: "refused",
    sentence,
    next: "Ask for less: a filter, a limit or a shorter span of time.",
  });
}

function unknownEncoding(encoding: string): PveError {
  const sentence = `The answer is packed with ${encoding}, which nobody asked for.`;
  return new PveError({
    kind: "bug",
    sentence,
    next: "Look for a proxy between here and PVE that packs answers itself.",
  });
}
