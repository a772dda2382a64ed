// Owns when a request is sent again: never a write that may have arrived.
import type { PveError } from "./errors.ts";

/** How long and how often a request is tried. */
export interface RetryBudget {
  /** Attempts in all, the first included. */
  attempts: number;
  /** No new attempt is begun later than this after the first one, in milliseconds. */
  milliseconds: number;
}

export const defaultRetryBudget: RetryBudget = { attempts: 4, milliseconds: 10_000 };

/** Whether an attempt that failed so may be repeated. */
export function mayRepeat(method: string, error: PveError): boolean {
  if (error.kind !== "unreachable" && error.kind !== "node-down" && error.kind !== "timeout") return false;
  // A 500 whose text speaks of a timeout is PVE's answer and not a broken connection.
  if (error.kind === "timeout" && error.status !== undefined) return false;
  return method === "GET" || error.sent === false;
}

/** Milliseconds to wait before attempt `attempt` (2 is the first repetition): doubled each time, half of it by chance. */
export function pause(attempt: number, random: () => number): number {
  const full = Math.min(200 * 2 ** (attempt - 2), 2_000);
  return full / 2 + random() * (full / 2);
}
