// Owns the way of a call: its turn, written, sent, read, and sent again where that is safe.
import { type Asked, type PveAnswer, readAnswer } from "./answer.ts";
import { type Clock, systemClock } from "./clock.ts";
import { cancelled, PveError, type PveErrorKind } from "./errors.ts";
import { judged } from "./fate.ts";
import { createLimit } from "./limit.ts";
import type { UploadFile } from "./multipart.ts";
import { explainRefusal } from "./permissions.ts";
import { inEveryForm, redact, secretOf, subjectOf } from "./redact.ts";
import { buildRequest, buildUpload, type PveRequest, toRequest, type WrittenRequest } from "./request.ts";
import { createTries, defaultRetryBudget, type RetryBudget } from "./retry.ts";
import { type RequestTrace, traceOf } from "./trace.ts";
import { createTurns, turnOf } from "./turns.ts";
import { createVersion, explainVersion, isAboutVersion } from "./version.ts";

export type { PveAnswer } from "./answer.ts";
export type { UploadFile } from "./multipart.ts";
export { buildRequest, type PveRequest, type WrittenRequest } from "./request.ts";
export type { RequestTrace } from "./trace.ts";

/** A function of fetch's shape: the transport's, or the simulator's. */
export type Fetch = (request: Request) => Promise<Response>;

export interface RequestOptions {
  signal?: AbortSignal;
  /** Told of every request that was really sent, repetitions included, when it is over. */
  onRequest?: (trace: RequestTrace) => void;
}

export interface PveClient {
  /** Whom PVE answers: `user@realm!name`. */
  readonly subject?: string;
  /** Asks PVE once, or again where that is safe. Throws PveError and nothing else. */
  request(request: PveRequest, options?: RequestOptions): Promise<PveAnswer>;
  /** Sends a file with the values as fields before it; PVE answers with a UPID. Throws PveError. */
  upload(request: PveRequest, file: UploadFile, options?: RequestOptions): Promise<PveAnswer>;
  /** A GET whose answer is a file. Throws PveError, and so does the reading of `body` when it breaks off. */
  download(request: PveRequest, options?: RequestOptions): Promise<PveDownload>;
}

/** A file as it comes from PVE. */
export interface PveDownload {
  readonly body: ReadableStream<Uint8Array>;
  /** Media type, where PVE says one. */
  readonly type?: string;
  /** Bytes, where PVE says so and nothing has to be unpacked. */
  readonly length?: number;
}

export interface ClientOptions {
  fetch: Fetch;
  /** `https://pve:8006`, without a slash at its end. */
  base: string;
  /** Value of the Authorization header: `PVEAPIToken=user@realm!name=secret`. */
  authorization: string;
  clock?: Clock;
  /** From 0 to 1, for the jitter between attempts. */
  random?: () => number;
  retries?: RetryBudget;
  /** Requests under way at once; the others wait in order. */
  maxConcurrency?: number;
}

export function createClient(options: ClientOptions): PveClient {
  const { fetch, base, authorization, clock = systemClock, random = Math.random } = options;
  const { retries = defaultRetryBudget, maxConcurrency = 8 } = options;
  const limit = createLimit(maxConcurrency);
  const turns = createTurns();
  const version = createVersion();
  const subject = subjectOf(authorization);
  const host = base.replace(/^https?:\/\//, "");

  const askedFor = (request: PveRequest): Asked => ({
    request,
    authorization,
    host,
    ...(subject !== undefined && { subject }),
  });

  const attempt = async <Result>(
    { written, asked, read }: Errand<Result>,
    options: RequestOptions,
  ): Promise<Result> => {
    const { signal, onRequest } = options;
    let begin: number | undefined;
    const told = (end: { status?: number | undefined; kind?: PveErrorKind }) => {
      if (begin !== undefined) onRequest?.(traceOf(asked.request, clock.now() - begin, end));
    };
    try {
      return await limit(async () => {
        signal?.throwIfAborted();
        begin = clock.now();
        const response = await fetch(toRequest(written, authorization, signal));
        const result = await read(response, asked);
        told({ status: response.status });
        return result;
      }, signal);
    } catch (error) {
      const judgement = judged(written.method, begin !== undefined, error, asked, signal);
      told({ status: judgement.status, kind: judgement.kind });
      throw judgement;
    }
  };

  const repeated = async <Result>(
    errand: Errand<Result>,
    options: RequestOptions,
    since = clock.now(),
  ): Promise<Result> => {
    const tries = createTries(errand.written.method, retries, { now: clock.now, random, since });
    for (;;) {
      try {
        return await attempt(errand, options);
      } catch (error) {
        if (!(error instanceof PveError)) throw error;
        const wait = tries.next(error);
        if (wait === undefined) throw tries.last(error);
        await clock.sleep(wait, options.signal).catch(() => {
          throw cancelled(errand.asked.request.endpoint);
        });
      }
    }
  };

  const inTurn = async <Result>(errand: Errand<Result>, options: RequestOptions): Promise<Result> => {
    const { request } = errand.asked;
    const guest = turnOf(request);
    if (guest === undefined) return repeated(errand, options);
    const since = clock.now();
    return turns(guest, () => repeated(errand, options, since), options.signal).catch((error: unknown) => {
      throw error instanceof PveError || !options.signal?.aborted ? error : cancelled(request.endpoint);
    });
  };

  const explained = async <Result>(errand: Errand<Result>, options: RequestOptions): Promise<Result> => {
    try {
      return await inTurn(errand, options);
    } catch (error) {
      if (!(error instanceof PveError)) throw error;
      const ask = (other: PveRequest) =>
        attempt({ written: buildRequest(base, other), asked: askedFor(other), read: readEnvelope }, options);
      const { asked } = errand;
      if (error.kind === "forbidden") throw await explainRefusal(error, asked, ask);
      if (isAboutVersion(error)) throw await explainVersion(error, asked.request, () => version(ask));
      throw error;
    }
  };

  return {
    ...(subject !== undefined && { subject }),
    async request(request, options = {}) {
      const written = buildRequest(base, request);
      return explained({ written, asked: askedFor(request), read: readEnvelope }, options);
    },
    async upload(request, file, options = {}) {
      const written = buildUpload(base, request, file);
      return explained({ written, asked: askedFor(request), read: readEnvelope }, options);
    },
    async download(request, options = {}) {
      const written: WrittenRequest = { ...buildRequest(base, request), streamed: true };
      return explained({ written, asked: askedFor(request), read: readFile }, options);
    },
  };
}

/** What is sent, for whom, and how its answer is read. */
interface Errand<Result> {
  readonly written: WrittenRequest;
  readonly asked: Asked;
  readonly read: (response: Response, asked: Asked) => Promise<Result>;
}

async function readEnvelope(response: Response, asked: Asked): Promise<PveAnswer> {
  const { status, statusText: reason } = response;
  // our own token is no data, whoever repeats it
  const body = redact(await response.text(), inEveryForm([secretOf(asked.authorization)]));
  return readAnswer({ status, reason, body }, asked);
}

/** A success is handed on unread; anything else is an error, whose text is read. */
async function readFile(response: Response, asked: Asked): Promise<PveDownload> {
  const { status, headers, body } = response;
  if (status < 200 || status > 299) await readEnvelope(response, asked);
  const type = headers.get("content-type");
  const length = Number(headers.get("content-length") ?? Number.NaN);
  return {
    body: body ?? new Blob([]).stream(),
    ...(type !== null && { type }),
    ...(Number.isInteger(length) && { length }),
  };
}
