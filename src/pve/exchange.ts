// Owns one request over a connection and its answer: deadlines, cancellation, and bodies whole or as streams.
import type { ClientRequest, IncomingMessage } from "node:http";
import { readBody } from "./body.ts";
import { type Deadlines, startDeadline } from "./deadline.ts";
import { cancelled, PveError } from "./errors.ts";
import { brokenConnection } from "./loss.ts";
import { toResponse } from "./response.ts";
import { sendStream, streamOf } from "./stream.ts";

/** Begins a request on a connection of the transport's. */
export type Begin = (url: URL, options: { method: string; headers: Record<string, string> }) => ClientRequest;

export interface ExchangeOptions {
  readonly begin: Begin;
  readonly deadlines: Deadlines;
  /** The longest body that is held in memory, in bytes, packed or not. */
  readonly maxBody: number;
}

/** What is sent: bytes, or a stream whose length is known. */
type Outgoing = Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | undefined;

/**
 * One request and its answer. A request that says its own content-length is sent as a stream; one that accepts more
 * than JSON gets a successful answer as a stream. Rejects with PveError.
 */
export async function exchange(url: URL, request: Request, options: ExchangeOptions): Promise<Response> {
  if (request.signal.aborted) throw unsent();
  const body = await outgoingOf(request);
  return new Promise((resolve, reject) => begun(url, request, body, options, resolve, reject));
}

function begun(
  url: URL,
  request: Request,
  body: Outgoing,
  { begin, deadlines, maxBody }: ExchangeOptions,
  resolve: (response: Response) => void,
  reject: (error: PveError) => void,
): void {
  const { signal, method } = request;
  let connected = false;
  let deadline: { clear(): void } | undefined;
  let broke: PveError | undefined;
  const outgoing = begin(url, { method, headers: headersOf(request, body) });
  const abort = () => {
    const error = connected ? new Error("the call was cancelled") : unsent();
    fail(error);
    outgoing.destroy(error);
  };
  const settle = () => {
    deadline?.clear();
    signal.removeEventListener("abort", abort);
  };
  const fail = (error: unknown) => {
    settle();
    broke ??= error instanceof PveError ? error : brokenConnection(error, url.host);
    reject(broke);
  };
  const late = (error: PveError) => {
    fail(error);
    outgoing.destroy(error);
  };
  const wait = (phase: keyof Deadlines) => {
    deadline?.clear();
    deadline = startDeadline(phase, deadlines, url.host, late);
  };
  const received = (incoming: IncomingMessage) => {
    wait("body");
    if (isStreamed(request, incoming)) {
      const watch = { host: url.host, why: () => broke, onPiece: () => wait("body"), onEnd: settle };
      return resolve(toResponse(incoming, streamOf(incoming, watch)));
    }
    return readBody(incoming, maxBody).then(
      (bytes) => {
        settle();
        resolve(toResponse(incoming, bytes));
      },
      (error: unknown) => {
        fail(error);
        outgoing.destroy();
      },
    );
  };
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  outgoing.once("socket", () => {
    connected = true;
    wait("headers");
  });
  outgoing.once("response", (incoming) => void Promise.resolve(received(incoming)).catch(fail));
  outgoing.on("error", fail);
  if (!(body instanceof ReadableStream)) outgoing.end(body);
  else sendStream(body, outgoing, () => connected && wait("headers")).catch(late);
}

/** A short body is read whole; a long one says how long it is, since PVE takes no chunked bodies. */
async function outgoingOf(request: Request): Promise<Outgoing> {
  if (request.body === null) return undefined;
  return request.headers.has("content-length") ? request.body : new Uint8Array(await request.arrayBuffer());
}

function isStreamed({ headers }: Request, { statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300 && headers.get("accept") === "*/*";
}

function headersOf(request: Request, body: Outgoing): Record<string, string> {
  const headers: Record<string, string> = { "accept-encoding": "gzip, deflate" };
  request.headers.forEach((value, name) => {
    headers[name] = value;
  });
  // PVE answers a GET or a DELETE that has a body with 501 (facts 7).
  if (body instanceof Uint8Array) headers["content-length"] = String(body.length);
  else if (!body && (request.method === "POST" || request.method === "PUT")) headers["content-length"] = "0";
  return headers;
}

function unsent(): PveError {
  const { kind, sentence, next } = cancelled();
  return new PveError({ kind, sentence, next, sent: false });
}
