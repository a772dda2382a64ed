// Owns what a failed attempt means: whether a write may have taken effect, and how that is said.
import { type Asked, explained } from "./answer.ts";
import { cancelled, PveError } from "./errors.ts";

/** The error of a failed attempt. `begun`: the request was handed to the transport. */
export function judged(method: string, begun: boolean, error: unknown, asked: Asked, signal?: AbortSignal): PveError {
  const known = error instanceof PveError ? error : undefined;
  const sent = begun && known?.sent !== false;
  const write = method !== "GET";
  if (signal?.aborted && known?.status === undefined) {
    if (!sent || !write) return cancelled(asked.request.endpoint);
    return uncertain("The call was cancelled while PVE may have been working on it", undefined, asked);
  }
  if (known && !(write && sent && isLoss(known))) return withEndpoint(known, asked);
  if (write && sent) return uncertain(`The answer was lost (${lineOf(error)})`, known?.status, asked);
  return explained({ kind: "unreachable", sentence: `No answer came: ${lineOf(error)}`, sent }, asked);
}

/** Whether an error means that the answer was lost on the way, and not that PVE gave one. */
function isLoss(error: PveError): boolean {
  if (error.status === undefined)
    return error.kind === "unreachable" || error.kind === "timeout" || error.kind === "bug";
  // 596 to 599, and a gateway's own errors, come from something between us and the worker (facts 8).
  return error.kind === "node-down" || error.kind === "unreachable" || (error.kind === "bug" && error.status < 300);
}

function uncertain(what: string, status: number | undefined, asked: Asked): PveError {
  const sentence = `${what}: it is not known whether ${asked.request.endpoint} took effect.`;
  return explained({ kind: "unknown-fate", sentence, sent: true, ...(status !== undefined && { status }) }, asked);
}

/** The transport doesn't know what it carries: its errors get the endpoint, and their secrets go. */
function withEndpoint(error: PveError, asked: Asked): PveError {
  if (error.endpoint !== undefined) return error;
  return new PveError({
    ...error,
    sentence: error.sentence,
    next: error.next,
    endpoint: asked.request.endpoint,
    cause: error.cause,
  });
}

function lineOf(error: unknown): string {
  if (error instanceof PveError) return error.sentence;
  return error instanceof Error ? error.message : String(error);
}
