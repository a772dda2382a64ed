// Owns how many calls a minute are let through, and what is said to the one that comes too early.
import type { Clock } from "./clock.ts";
import { PveError } from "./errors.ts";

/** Lets a call through, or throws PveError "refused" that says in how many seconds there is room again. */
export type Rate = () => void;

const MINUTE = 60_000;

/** At most `perMinute` calls in any minute; 0: as many as come. */
export function createRate(perMinute: number, clock: Clock): Rate {
  if (perMinute <= 0) return () => {};
  // The times of the last calls, as a ring: the one that is overwritten next is the oldest.
  const times: number[] = [];
  let oldest = 0;
  return () => {
    const now = clock.now();
    if (times.length < perMinute) {
      times.push(now);
      return;
    }
    const free = (times[oldest] ?? 0) + MINUTE;
    if (now < free) throw tooMany(perMinute, Math.ceil((free - now) / 1000));
    times[oldest] = now;
    oldest = (oldest + 1) % perMinute;
  };
}

function tooMany(perMinute: number, seconds: number): PveError {
  return new PveError({
    kind: "refused",
    sentence: `${perMinute} calls in a minute is as many as PROXMOX_RATE_LIMIT allows. Nothing was sent.`,
    next: `Wait ${seconds} second${seconds === 1 ? "" : "s"} and call again.`,
    sent: false,
  });
}
