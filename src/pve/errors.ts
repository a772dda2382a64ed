// Owns what a failure of the PVE client is: one class, its kind, PVE's sentence and what to do next.
import type { EndpointKey } from "../schema/endpoints.gen.ts";

/**
 * What went wrong, as far as a caller decides by it.
 * - unreachable, tls, timeout: between us and the node that we talk to
 * - node-down, no-quorum: between the nodes of the cluster
 * - unauthorised, forbidden: the token
 * - invalid, missing, exists, locked, conflict, unsupported: this request against this state
 * - task-failed: the worker ran and failed; unknown-fate: a write that may have taken effect
 * - cancelled: our caller gave up; bug: the server or this program broke the protocol; refused: any other sentence of PVE
 */
export const pveErrorKinds = [
  "unreachable",
  "tls",
  "unauthorised",
  "forbidden",
  "invalid",
  "missing",
  "exists",
  "locked",
  "conflict",
  "unsupported",
  "node-down",
  "no-quorum",
  "task-failed",
  "timeout",
  "cancelled",
  "unknown-fate",
  "bug",
  "refused",
] as const;

export type PveErrorKind = (typeof pveErrorKinds)[number];

/** What a PveError is made of. */
export interface PveFailure {
  kind: PveErrorKind;
  /** PVE's own text, complete, or ours where PVE said nothing; may have several lines. */
  sentence: string;
  /** One sentence: what to do about it. */
  next: string;
  /** HTTP status, absent when no answer came. */
  status?: number;
  /** PVE's text for each parameter that it refused. */
  errors?: Readonly<Record<string, string>>;
  endpoint?: EndpointKey;
  /** False: it is certain that PVE saw nothing of the request. True or absent: it may have. */
  sent?: boolean;
  cause?: unknown;
}

/** The only error that this layer throws. `message` is the sentence and, on a line of its own, the next step. */
export class PveError extends Error {
  override readonly name = "PveError";
  readonly kind: PveErrorKind;
  readonly sentence: string;
  readonly next: string;
  readonly status?: number;
  readonly errors?: Readonly<Record<string, string>>;
  readonly endpoint?: EndpointKey;
  readonly sent?: boolean;

  constructor(failure: PveFailure) {
    super(`${failure.sentence}\n${failure.next}`, failure.cause === undefined ? {} : { cause: failure.cause });
    this.kind = failure.kind;
    this.sentence = failure.sentence;
    this.next = failure.next;
    if (failure.status !== undefined) this.status = failure.status;
    if (failure.errors !== undefined) this.errors = failure.errors;
    if (failure.endpoint !== undefined) this.endpoint = failure.endpoint;
    if (failure.sent !== undefined) this.sent = failure.sent;
  }
}

/** The error of a call whose caller gave it up, where it is certain that nothing was changed. */
export function cancelled(endpoint?: EndpointKey): PveError {
  return new PveError({
    kind: "cancelled",
    sentence: "The call was cancelled; nothing was changed.",
    next: "Call again when it is wanted.",
    ...(endpoint && { endpoint }),
  });
}
