// Owns bodies that are never held in memory: what comes in is unpacked and handed on piece by piece, what goes out is sent as it is read.
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { createGunzip, createInflate } from "node:zlib";
import type { Bytes, Incoming } from "./body.ts";
import type { PveError } from "./errors.ts";
import { brokenConnection } from "./loss.ts";

/** What a stream of an answer is read from. */
export type IncomingStream = Incoming & Readable;

interface Watch {
  /** `host:port`, for the error. */
  readonly host: string;
  /** Why we broke it off ourselves, if we did. */
  readonly why: () => PveError | undefined;
  /** Called with each piece, so that the one that waits for it knows that it isn't waiting for nothing. */
  readonly onPiece: () => void;
  /** Called once, when the last byte was read, the reader has had enough, or it broke. */
  readonly onEnd: () => void;
}

/** The body as a web stream; a connection that breaks in the middle is an error of the stream, a PveError. */
export function streamOf(incoming: IncomingStream, { host, why, onPiece, onEnd }: Watch): ReadableStream<Bytes> {
  const pieces = unpacked(incoming)[Symbol.asyncIterator]();
  return new ReadableStream<Bytes>({
    async pull(controller) {
      try {
        const { value, done } = await pieces.next();
        if (!done) {
          onPiece();
          controller.enqueue(new Uint8Array(value));
          return;
        }
        if (!incoming.complete) throw new Error("the connection was closed in the middle of the answer");
        onEnd();
        controller.close();
      } catch (error) {
        onEnd();
        controller.error(why() ?? brokenConnection(error, host));
      }
    },
    cancel() {
      onEnd();
      incoming.destroy();
    },
  });
}

function unpacked(incoming: IncomingStream): AsyncIterable<Uint8Array> {
  const encoding = String(incoming.headers["content-encoding"] ?? "");
  const unpack = /gzip/i.test(encoding) ? createGunzip() : /deflate/i.test(encoding) ? createInflate() : undefined;
  if (!unpack) return incoming;
  incoming.once("error", (error) => unpack.destroy(error));
  return incoming.pipe(unpack);
}

/** Sends a web stream and tells of each piece; the reading waits while the socket is full. */
export async function sendStream(body: ReadableStream<Uint8Array>, out: Writable, onPiece: () => void): Promise<void> {
  const broken = once(out, "close").then(() => {
    throw new Error("the connection was closed while the body was being sent");
  });
  broken.catch(() => {});
  for await (const piece of body) {
    if (!out.write(piece)) await Promise.race([once(out, "drain"), broken]);
    onPiece();
  }
  out.end();
}
