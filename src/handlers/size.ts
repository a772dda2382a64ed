// Owns the sizes that people write: `50`, `50G`, `512M`, `1.5 TiB`.
import { Refusal } from "../toolkit/refusal.ts";

/** Powers of 1024, in bytes; PVE counts in these, and so do its users when they write G or GB. */
const units: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4, p: 1024 ** 5 };
const written = /^\s*(\d+(?:\.\d+)?)\s*([kmgtp])?(?:i?b)?\s*$/i;

/** A size in the unit that PVE wants there; a bare number is in that unit already. Its form was checked (size-gib, size-mib). */
export function sizeIn(unit: "m" | "g", given: unknown): number {
  const [text, number, letter] = written.exec(String(given)) ?? [];
  const isBytes = letter === undefined && /b\s*$/i.test(text ?? "");
  const scale = isBytes ? 1 : (units[letter?.toLowerCase() ?? unit] ?? Number.NaN);
  return (Number(number) * scale) / (units[unit] ?? 1);
}

/**
 * GiB as PVE takes them for a new volume: up to three decimals, no trailing zeros.
 * @throws Refusal that names the argument
 */
export function gibibytes(argument: string, given: unknown): string {
  const size = Number(sizeIn("g", given).toFixed(3));
  if (size > 0) return String(size);
  throw new Refusal(`${argument} must be a size of at least 1M (was ${JSON.stringify(given)})`);
}

/** MiB as PVE takes them for memory; PVE's own form with keys (`current=4096`) is left as it is. */
export function mebibytes(given: unknown): string {
  const text = String(given);
  return text.includes("=") ? text : String(Math.round(sizeIn("m", text)));
}

/** A size as PVE's resize takes it: the largest unit that leaves a whole number; `+` before it adds to what there is. */
export function resized(given: unknown): { readonly text: string; readonly adds: boolean; readonly gibibytes: number } {
  const [, sign, rest] = /^\s*(\+?)\s*(.*)$/.exec(String(given)) ?? [];
  const kibibytes = Math.round(sizeIn("m", withUnit(rest ?? "")) * 1024);
  const [scale, letter] = [
    [1024 ** 2, "G"],
    [1024, "M"],
    [1, "K"],
  ].find(([unit]) => kibibytes % Number(unit) === 0) ?? [1, "K"];
  const adds = sign === "+";
  return { text: `${adds ? "+" : ""}${kibibytes / Number(scale)}${letter}`, adds, gibibytes: kibibytes / 1024 ** 2 };
}

/** A bare number is in GiB here. */
const withUnit = (size: string) => (/[a-z]/i.test(size) ? size : `${size}G`);
