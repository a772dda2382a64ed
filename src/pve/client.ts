// Owns the way of a call: written, sent, read, and sent again where that is safe.
import { type Asked, type PveAnswer, readAnswer } from "./answer.ts";
import { type Clock, systemClock } from "./clock.ts";
import { cancelled, PveError } from "./errors.ts";
import { judged } from "./fate.ts";
import { createLimit } from "./limit.ts";
import { explainRefusal } from "./permissions.ts";
import { subjectOf } from "./redact.ts";
import { buildRequest, type PveRequest, type WrittenRequest } from "./request.ts";
import { defaultRetryBudget, mayRepeat, pause, type RetryBudget } from "./retry.ts";

export type { PveAnswer } from "./answer.ts";
export { buildRequest, type PveRequest, type WrittenRequest } from "./request.ts";

/** A function of fetch's shape: the transport's, or the simulator's. */
export type Fetch = (request: Request) => Promise<Response>;

export interface PveClient {
  /** Asks PVE once, or again where that is safe. Throws PveError and nothing else. */
  request(request: PveRequest, options?: { signal?: AbortSignal }): Promise<PveAnswer>;
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
  const subject = subjectOf(authorization);
  const host = base.replace(/^https?:\/\//, "");

  const askedFor = (request: PveRequest): Asked => ({
    request,
    authorization,
    host,
    ...(subject !== undefined && { subject }),
  });

  const attempt = async (written: WrittenRequest, asked: Asked, signal?: AbortSignal): Promise<PveAnswer> => {
    let sent = false;
    try {
      return await limit(async () => {
        signal?.throwIfAborted();
        sent = true;
        const response = await fetch(toRequest(written, authorization, signal));
        const body = await response.text();
        return readAnswer({ status: response.status, reason: response.statusText, body }, asked);
      }, signal);
    } catch (error) {
      throw judged(written.method, sent, error, asked, signal);
    }
  };

  const repeated = async (request: PveRequest, signal?: AbortSignal): Promise<PveAnswer> => {
    const written = buildRequest(base, request);
    const asked = askedFor(request);
    const until = clock.now() + retries.milliseconds;
    for (let count = 1; ; count++) {
      try {
        return await attempt(written, asked, signal);
      } catch (error) {
        const wait = pause(count + 1, random);
        const again = error instanceof PveError && mayRepeat(written.method, error);
        if (!again || count >= retries.attempts || clock.now() + wait > until) throw error;
        await clock.sleep(wait, signal).catch(() => {
          throw cancelled(request.endpoint);
        });
      }
    }
  };

  return {
    async request(request, { signal } = {}) {
      try {
        return await repeated(request, signal);
      } catch (error) {
        if (!(error instanceof PveError) || error.kind !== "forbidden") throw error;
        const ask = (other: PveRequest) => attempt(buildRequest(base, other), askedFor(other), signal);
        throw await explainRefusal(error, askedFor(request), ask);
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
