// Owns the way of a call: its turn, written, sent, read, and sent again where that is safe.
import { type Asked, type PveAnswer, readAnswer } from "./answer.ts";
import { type Clock, systemClock } from "./clock.ts";
import { cancelled, PveError, type PveErrorKind } from "./errors.ts";
import { judged } from "./fate.ts";
import { createLimit } from "./limit.ts";
import { explainRefusal } from "./permissions.ts";
import { subjectOf } from "./redact.ts";
import { buildRequest, type PveRequest, type WrittenRequest } from "./request.ts";
import { createTries, defaultRetryBudget, type RetryBudget } from "./retry.ts";
import { type RequestTrace, traceOf } from "./trace.ts";
import { createTurns, turnOf } from "./turns.ts";
import { createVersion, explainVersion, isAboutVersion } from "./version.ts";

export type { PveAnswer } from "./answer.ts";
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
  /** Asks PVE once, or again where that is safe. Throws PveError and nothing else. */
  request(request: PveRequest, options?: RequestOptions): Promise<PveAnswer>;
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

  const attempt = async (written: WrittenRequest, asked: Asked, options: RequestOptions): Promise<PveAnswer> => {
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
        const { status, statusText: reason } = response;
        const answer = readAnswer({ status, reason, body: await response.text() }, asked);
        told({ status });
        return answer;
      }, signal);
    } catch (error) {
      const judgement = judged(written.method, begin !== undefined, error, asked, signal);
      told({ status: judgement.status, kind: judgement.kind });
      throw judgement;
    }
  };

  const repeated = async (request: PveRequest, options: RequestOptions): Promise<PveAnswer> => {
    const written = buildRequest(base, request);
    const asked = askedFor(request);
    const tries = createTries(written.method, retries, clock.now, random);
    for (;;) {
      try {
        return await attempt(written, asked, options);
      } catch (error) {
        if (!(error instanceof PveError)) throw error;
        const wait = tries.next(error);
        if (wait === undefined) throw tries.last(error);
        await clock.sleep(wait, options.signal).catch(() => {
          throw cancelled(request.endpoint);
        });
      }
    }
  };

  const inTurn = async (request: PveRequest, options: RequestOptions): Promise<PveAnswer> => {
    const guest = turnOf(request);
    if (guest === undefined) return repeated(request, options);
    return turns(guest, () => repeated(request, options), options.signal).catch((error: unknown) => {
      throw error instanceof PveError || !options.signal?.aborted ? error : cancelled(request.endpoint);
    });
  };

  return {
    async request(request, options = {}) {
      try {
        return await inTurn(request, options);
      } catch (error) {
        if (!(error instanceof PveError)) throw error;
        const ask = (other: PveRequest) => attempt(buildRequest(base, other), askedFor(other), options);
        if (error.kind === "forbidden") throw await explainRefusal(error, askedFor(request), ask);
        if (isAboutVersion(error)) throw await explainVersion(error, request, () => version(ask));
        throw error;
      }
    },
  };
}

function toRequest({ method, url, body }: WrittenRequest, authorization: string, signal?: AbortSignal): Request {
  const headers: Record<string, string> = { authorization, accept: "application/json" };
  if (body === undefined) return new Request(url, { method, headers, ...(signal && { signal }) });
  headers["content-type"] = "application/x-www-form-urlencoded";
  return new Request(url, { method, headers, body, ...(signal && { signal }) });
}
