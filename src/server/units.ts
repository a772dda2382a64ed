// Owns how a figure of PVE reads: bytes as GiB, fractions as %, seconds as a duration, moments as ISO times.

type Unit = (value: number) => string;

/** The unit of a field by its name, as PVE uses it in states, lists and tasks (its configurations hold texts). */
const unitOf = new Map<string, Unit>([
  ...named(
    bytes,
    "mem maxmem memhost disk maxdisk used total avail available free netin netout diskread diskwrite swap maxswap shared",
  ),
  ...named(percent, "cpu wait idle used_fraction"),
  ...named(duration, "uptime"),
  ...named(moment, "starttime endtime ctime"),
]);

function named(unit: Unit, names: string): [string, Unit][] {
  return names.split(" ").map((name) => [name, unit]);
}

/** A number of PVE under the name of its field. */
export function figure(name: string, value: number): string {
  return unitOf.get(name)?.(value) ?? String(value);
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

/** Three digits that matter, no trailing zeros. */
function short(value: number): string {
  return String(Number(value.toPrecision(value >= 1000 ? 4 : 3)));
}
