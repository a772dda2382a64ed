// Owns which calls a line of the table is proven by: from what is required, from everything, and from what stands apart.
import type { Operation } from "../../src/toolkit/operation.ts";
import type { Tool } from "../../src/toolkit/tool.ts";
import type { Case, Values } from "./case.ts";
import type { Line } from "./table.ts";
import { usualValue } from "./values.ts";

export interface Call {
  /** `required`, `every`, an argument's name, or what has to be refused before anything is sent. */
  readonly name: string;
  readonly given: Values;
  /** Names that a refusal has to hold; a call that goes through has none. */
  readonly refuses?: readonly string[];
  /** Names what is to be changed and no change: it may be refused, before anything is sent. */
  readonly isBare?: true;
}

/** The operation of the catalogue that a line is about. */
export function operationOf(tool: Tool, { chosen }: Line): Operation | undefined {
  return tool.operations.get(tool.hasActions ? (chosen.action ?? chosen.operation ?? "") : "");
}

export function callsOf(line: Line, known: Case, operation: Operation): Call[] {
  const valueFor = (name: string): unknown => known.given?.[name] ?? usualValue(name, line);
  const values = (names: readonly string[]): Values => Object.fromEntries(names.map((name) => [name, valueFor(name)]));
  const base = { ...line.chosen, ...values(line.required) };
  const required = { ...base, ...known.needs, ...known.with };
  const elsewhere = Object.keys(operation.instead ?? {});
  const refused = line.optional.filter((name) => elsewhere.includes(name) || known.refused?.includes(name));
  const apart = apartOf(line, known, refused, valueFor);
  const together = line.optional.filter((name) => !refused.includes(name) && apart[name] === undefined);
  const isMore = together.some((name) => !(name in required));
  const needed = Object.keys(known.needs ?? {});
  return [
    ...(needed.length > 0 ? [{ name: `without ${needed.join(", ")}`, given: base, refuses: needed }] : []),
    ...(known.with ? [{ name: "bare", given: { ...base, ...known.needs }, isBare: true } as const] : []),
    { name: "required", given: required },
    ...(isMore ? [{ name: "every", given: { ...required, ...values(together) } }] : []),
    ...Object.entries(apart).map(([name, own]) => ({ name, given: { ...base, ...known.needs, ...own } })),
    ...refused.map((name) => ({
      name: `refuses ${name}`,
      given: { ...required, [name]: valueFor(name) },
      refuses: [name],
    })),
  ];
}

/** What is deleted from a configuration can't be set in the same call. */
function apartOf(
  line: Line,
  known: Case,
  refused: readonly string[],
  valueFor: (name: string) => unknown,
): Readonly<Record<string, Values>> {
  const deletes = line.optional.includes("delete") && line.optional.includes("digest");
  const all = { ...(deletes && { delete: { delete: valueFor("delete") } }), ...known.apart };
  const fits = ([name]: [string, Values]): boolean => line.optional.includes(name) && !refused.includes(name);
  return Object.fromEntries(Object.entries(all).filter(fits));
}
