// Owns how a figure of PVE reads: bytes as GiB, fractions as %, seconds as a duration, moments as ISO times.

import type { UnitName } from "../toolkit/unit.ts";

type Unit = (value: number, now: number) => string;

const units: Readonly<Record<UnitName, Unit>> = {
  bytes,
  MiB: (value) => bytes(value * 1024 ** 2),
  GiB: (value) => bytes(value * 1024 ** 3),
  percent,
  duration,
  // PVE's 0 stands for no moment: a token that doesn't expire, a job that never ran
  moment: (value, now) => (value === 0 ? "none" : `${moment(value)}${aged(value, now)}`),
  plain: plainly,
};

/** The unit of a field by its name, as PVE uses it in states, lists and tasks (its configurations hold texts). */
const unitOf = new Map<string, Unit>([
  ...Object.entries(units),
  ...named(
    bytes,
    "mem maxmem memhost disk maxdisk used total avail available free netin netout diskread diskwrite swap maxswap",
  ),
  ...named(percent, "cpu wait idle used_fraction"),
  ...named(duration, "uptime"),
  ...named(units.moment, "starttime endtime ctime"),
]);

function named(unit: Unit, names: string): [string, Unit][] {
  return names.split(" ").map((name) => [name, unit]);
}

/** A number of PVE under the name of its field, or of a unit. `now`: milliseconds since 1970. */
export function figure(name: string, value: number, now: number): string {
  return unitOf.get(name)?.(value, now) ?? plainly(value);
}

/** A whole number as it is, a fraction with the digits that matter. */
function plainly(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

/** Bytes in the largest binary unit that leaves a whole part. */
export function bytes(value: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  const power = value < 1024 ? 0 : Math.min(Math.floor(Math.log2(value) / 10), units.length - 1);
  return `${short(value / 1024 ** power)} ${units[power]}`;
}

/** A fraction of 1 in per cent. */
export function percent(value: number): string {
  return `${short(value * 100)} %`;
}

/** Seconds in the two largest units that say something. */
export function duration(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [Math.floor(seconds) % 60, "s"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return "0 s";
  const said = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return said.map(([count, unit]) => `${count} ${unit}`).join(" ");
}

/** Seconds since 1970 as an ISO time in UTC. */
export function moment(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().replace(".000Z", "Z");
}

/** ` (3 d ago)`, ` (in 5 min)`. */
function aged(seconds: number, now: number): string {
  const age = Math.round(now / 1000 - seconds);
  return age >= 0 ? ` (${duration(age)} ago)` : ` (in ${duration(-age)})`;
}

/** Three digits that matter, no trailing zeros. */
function short(value: number): string {
  return String(Number(value.toPrecision(value >= 1000 ? 4 : 3)));
}
