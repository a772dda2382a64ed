// Owns when a request is sent again: never a write that may have arrived, and one that PVE refused for a lock after a while.
import { PveError } from "./errors.ts";

/** How long and how often a request is tried. */
export interface RetryBudget {
  /** Attempts in all while no answer comes, the first included. */
  attempts: number;
  /** No new attempt is begun later than this after the first one, in milliseconds. */
  milliseconds: number;
  /** The same for a write that PVE refuses because of a lock; 30 s unless told. */
  lockMilliseconds?: number;
}

/** PVE itself waits 10 s for a lock before it refuses, and a rollback can hold one for 30 s (facts 34, 56). */
export const defaultRetryBudget: RetryBudget = { attempts: 4, milliseconds: 10_000, lockMilliseconds: 30_000 };

/** Whether an attempt that failed so may be repeated. */
export function mayRepeat(method: string, error: PveError): boolean {
  // A success that isn't PVE's: something in between answered in its place.
  if (error.kind === "bug" && error.status === 200) return method === "GET";
  if (error.kind !== "unreachable" && error.kind !== "node-down" && error.kind !== "timeout") return false;
  // A 500 whose text speaks of a timeout is PVE's answer and not a broken connection.
  if (error.kind === "timeout" && error.status !== undefined) return false;
  return method === "GET" || error.sent === false;
}

/**
 * Whether waiting can help against a refusal: a write that PVE's own answer refused whole because somebody holds a lock.
 * A guest that is suspended keeps its lock until somebody resumes it.
 */
export function mayWaitForLock(method: string, { kind, status, sentence }: PveError): boolean {
  if (method === "GET" || kind !== "locked" || status !== 500) return false;
  return !/is locked \(suspend(?:ed|ing)\)/.test(sentence);
}

/** Milliseconds to wait before attempt `attempt` (2 is the first repetition): doubled each time, half of it by chance. */
export function pause(attempt: number, random: () => number): number {
  const full = Math.min(200 * 2 ** (attempt - 2), 2_000);
  return full / 2 + random() * (full / 2);
}

/** The tries of one request: tells after each failure how long to wait for the next one, or that there is none. */
export interface Tries {
  /** Milliseconds to wait before the next attempt; undefined: no other one. */
  next(error: PveError): number | undefined;
  /** The error to end with: one that stood against a lock says how long that was tried. */
  last(error: PveError): PveError;
}

/** `since`: when the call came. Its wait for a lock counts from there, so that those who wait for each other don't add up. */
export function createTries(
  method: string,
  budget: RetryBudget,
  { now, random, since }: { now: () => number; random: () => number; since: number },
): Tries {
  const begin = now();
  const lockBudget = budget.lockMilliseconds ?? defaultRetryBudget.lockMilliseconds ?? 0;
  let lost = 1;
  let locked = 0;
  const within = (wait: number, from: number, milliseconds: number) =>
    now() - from + wait > milliseconds ? undefined : wait;
  return {
    next(error) {
      if (mayRepeat(method, error)) {
        return ++lost > budget.attempts ? undefined : within(pause(lost, random), begin, budget.milliseconds);
      }
      if (!mayWaitForLock(method, error)) return undefined;
      locked++;
      return within(pause(locked + 2, random), since, lockBudget);
    },
    last(error) {
      if (locked < 2 || error.kind !== "locked") return error;
      const tried = `PVE refused it ${locked} times within ${Math.round((now() - begin) / 1000)} s.`;
      return new PveError({ ...error, sentence: error.sentence, next: `${tried} ${error.next}`, cause: error.cause });
    },
  };
}
