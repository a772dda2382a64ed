// Owns the sizes that people write: `50`, `50G`, `512M`, `1.5 TiB`.
import { Refusal } from "../toolkit/refusal.ts";

/** Powers of 1024, in bytes; PVE counts in these, and so do its users when they write G or GB. */
const units: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4, p: 1024 ** 5 };
const written = /^\s*(\d+(?:\.\d+)?)\s*(?:([kmgtp])(?:i?b)?|b)?\s*$/i;

/**
 * A size in the unit that PVE wants there. A bare number is in that unit already.
 * @param unit `m` for MiB, `g` for GiB
 * @throws Refusal that names the argument
 */
export function sizeIn(unit: "m" | "g", argument: string, given: unknown): number {
  const match = written.exec(String(given));
  const [, number, letter] = match ?? [];
  const scale = units[letter?.toLowerCase() ?? unit];
  const isBytes = match !== null && letter === undefined && /b\s*$/i.test(String(given));
  const value = (Number(number) * (isBytes ? 1 : (scale ?? Number.NaN))) / (units[unit] ?? 1);
  if (Number.isFinite(value) && value > 0) return value;
  const name = unit === "g" ? "GiB" : "MiB";
  throw new Refusal(
    `${argument} must be a size: a number of ${name}, or one with its unit such as 512M, 50G, 1T (was ${JSON.stringify(given)})`,
  );
}

/** GiB as PVE takes them for a new volume: up to three decimals, no trailing zeros. PVE allocates whole KiB. */
export function gibibytes(argument: string, given: unknown): string {
  return String(Math.max(Number(sizeIn("g", argument, given).toFixed(3)), 0.001));
}
