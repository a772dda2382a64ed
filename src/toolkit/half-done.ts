// Owns that an operation of several requests never hides behind the failure of one what PVE took before it.
import { PveError } from "../pve/errors.ts";
import { isUpid } from "../pve/tasks.ts";
import type { EndpointKey } from "../schema/endpoints.gen.ts";
import type { Answer } from "./answer.ts";
import { Denied } from "./gate.ts";
import { Refusal } from "./refusal.ts";

type Values = Readonly<Record<string, unknown>>;

/** What of a call PVE took so far. */
export interface Taken {
  /** To be told of each request that PVE took. */
  add(key: EndpointKey, values: Values, data: unknown): void;
  /** What to throw for an error: itself where nothing was taken before it. */
  before(error: unknown): unknown;
}

/** An error after which a part of the call is done. */
export class HalfDone extends Error {
  override readonly cause: PveError | Refusal | Denied;
  constructor(
    readonly taken: readonly string[],
    readonly upid: string | undefined,
    cause: PveError | Refusal | Denied,
  ) {
    super(cause.message);
    this.name = "HalfDone";
    this.cause = cause;
  }
}

export function createTaken(): Taken {
  const taken: string[] = [];
  let upid: string | undefined;
  return {
    add(key, values, data) {
      if (key.startsWith("GET ")) return;
      taken.push(key.replace(/\{(\w+)\}/g, (variable, name: string) => String(values[name] ?? variable)));
      if (isUpid(data)) upid = data;
    },
    before(error) {
      const isTold = error instanceof PveError || error instanceof Refusal || error instanceof Denied;
      return isTold && taken.length > 0 ? new HalfDone(taken, upid, error) : error;
    },
  };
}

/** The answer to the error behind it, which says first what PVE took. */
export function halfDone(label: string, { taken, upid, cause }: HalfDone, answer: Answer): Answer {
  const isCancelled = cause instanceof PveError && cause.kind === "cancelled";
  const end = isCancelled ? "the rest was cancelled" : "what came after it failed";
  return {
    ...answer,
    outcome: "error",
    summary: `${label}: a part was done, ${end}`,
    reason: [`PVE took ${taken.join(", then ")}.`, ...(answer.reason ?? [])],
    ...(upid !== undefined && { task: { upid } }),
  };
}
