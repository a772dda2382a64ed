// PVE's named formats: what each takes and the text that PVE refuses with (JSONSchema's verify functions).
import { addressFormats } from "./formats-address.ts";
import { clusterFormats } from "./formats-cluster.ts";
import { firewallFormats } from "./formats-firewall.ts";

/** Says what is wrong with a value, as PVE does, or nothing. */
export type Format = (value: string) => string | undefined;

export const formats: Readonly<Record<string, Format>> = { ...clusterFormats, ...addressFormats, ...firewallFormats };

/** PVE's split_list: comma, semicolon, blanks; a NUL separates too. */
export function splitList(text: string): string[] {
  const separator = text.includes("\0") ? "\0" : /[,;\s]+/;
  return text
    .trim()
    .split(separator)
    .filter((item) => item !== "");
}

/** The complaint about a value of a named format; a name that PVE only documents takes everything. */
export function checkFormat(name: string, value: string): string | undefined {
  const own = formats[name];
  if (own !== undefined) return own(value);
  if (name.endsWith("-opt")) return value === "" ? undefined : checkFormat(name.slice(0, -4), value);
  if (!name.endsWith("-list")) return undefined;
  const item = name.slice(0, -5);
  for (const part of splitList(value)) {
    const problem = checkFormat(item, part);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
