// Every request that a tool can send is one that PVE's own description allows: from the required arguments, from each
// optional one, and from all of them.
import { describe, expect, test } from "bun:test";
import { type Argument, argumentsOf, ownNames } from "../../src/toolkit/arguments.ts";
import {
  apart,
  argumentsFor,
  called,
  callWith,
  elsewhere,
  isNamed,
  keyOf,
  type Line,
  lines,
  problemsOf,
} from "./sending.ts";

describe.each(lines)("$label", (line) => {
  const { name, operation, at } = line;
  const { required, optional } = argumentsFor(line);

  test("takes no two arguments of one name", () => {
    const names = argumentsOf(operation, at).map((argument) => argument.name);
    expect(names.filter((one, place) => names.indexOf(one) !== place)).toEqual([]);
  });
  if (elsewhere[name] !== undefined) return;
  test("from the required arguments alone", () => sends(line, required));
  if (optional.length > 0) {
    test.each(optional.map((argument) => [argument.name, argument] as const))("with %s", (_, argument) =>
      sends(line, [...required, argument]),
    );
    test("from all of them", () => {
      const together = optional.filter((one) => !apart.some((other) => isNamed(other, name, one.name)));
      return sends(line, [...required, ...together]);
    });
  }
});

async function sends(line: Line, chosen: readonly Argument[]): Promise<void> {
  const { operation, at } = line;
  const { answer, sent } = await called(line, callWith(line, chosen));
  expect({ outcome: answer.outcome, reason: answer.reason }).toEqual({ outcome: "ok", reason: undefined });
  expect(sent.map(keyOf)).toContain(at.key);
  for (const one of sent)
    expect({ key: keyOf(one), problems: problemsOf(one) }).toEqual({ key: keyOf(one), problems: [] });
  const last = sent.findLast((one) => keyOf(one) === at.key);
  const own = ownNames(operation);
  for (const { name, pve, parameter } of chosen) {
    if (!pve || parameter.inPath || own.has(name) || operation.compose || operation.perform) continue;
    expect(last?.parameters.map(([key]) => key)).toContain(pve.replace("[n]", "1"));
  }
}
