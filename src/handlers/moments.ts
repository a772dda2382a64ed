// Owns the points in time that people write: seconds since 1970, or ISO ("2026-11-24", "2026-11-24 13:00", in UTC or with a zone).
import { Refusal } from "../toolkit/refusal.ts";

const iso = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?\s*(Z|[+-]\d\d:?\d\d)?$/;

/** `2027` and `20261124` are meant as dates, and would be moments in 1970. */
const bareDate = /^20\d\d(?:[01]\d(?:[0-3]\d)?)?$/;

/**
 * Seconds since 1970.
 * @throws Refusal that names the argument
 */
export function secondsOf(argument: string, given: unknown): number {
  const text = String(given).trim();
  if (/^\d{1,11}$/.test(text) && !bareDate.test(text)) return Number(text);
  const [, day, time = "00:00", zone = "Z"] = iso.exec(text) ?? [];
  const seconds = /^\d{12,14}$/.test(text) ? Number(text) / 1000 : Date.parse(`${day}T${time}${zone}`) / 1000;
  if (Number.isFinite(seconds) && isDay(day)) return Math.floor(seconds);
  throw new Refusal(
    `${argument} must be a time such as 2026-11-24T13:00Z, or seconds since 1970 (was ${JSON.stringify(given)})`,
  );
}

/** JavaScript takes the 30th of February for the 2nd of March. */
function isDay(day: string | undefined): boolean {
  const midnight = new Date(`${day}T00:00Z`);
  return day === undefined || (Number.isFinite(midnight.getTime()) && midnight.toISOString().startsWith(day));
}

/** `since` and `until` of a call in seconds since 1970, as far as they were given. */
export function spanOf(values: Readonly<Record<string, unknown>>): { since?: number; until?: number } {
  const names = ["since", "until"].filter((name) => values[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, secondsOf(name, values[name])]));
}

/** The arguments that `spanOf` reads. */
export const span = {
  own: { "since?": "string", "until?": "string" },
  hints: { since: "ISO or epoch" },
} as const;
