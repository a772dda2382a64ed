// Owns the taking apart of what PVE sends: lists of objects, one object, the lines of a log; and where it was asked.
import type { WireValue } from "../schema/check.ts";
import type { Row } from "../toolkit/answer.ts";
import type { Ground } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";

/** The objects of a list; none where it is no list. */
export const rowsIn = (data: unknown): Row[] => (Array.isArray(data) ? data.filter(isRow) : []);

/** The object; an empty one where it is none. */
export const rowIn = (data: unknown): Row => (isRow(data) ? data : {});

/** The lines of a log: texts, or texts with their number. */
export const linesIn = (data: unknown): string[] =>
  (Array.isArray(data) ? data : []).map((line) => String(isRow(line) ? line.t : line));

/** The words of a list between commas, semicolons or blanks. */
export const wordsIn = (list: unknown): string[] =>
  String(list ?? "")
    .split(/[\s,;]+/)
    .filter((word) => word !== "");

/** The named values of the call: the variables of a path. */
export const placeOf = ({ values }: Ground, ...names: readonly string[]): Record<string, WireValue> =>
  Object.fromEntries(names.map((name) => [name, values[name] ?? ""]));

/** The values of these names, as far as they were given. */
export const givenOf = ({ values }: Ground, ...names: readonly string[]): Record<string, WireValue> =>
  Object.fromEntries(names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));
