// What models really send: any spelling of a valid value is the same request, and no value leaves its segment of the path.
import { describe, expect, test } from "bun:test";
import { shapeOf } from "../../src/schema/definition.ts";
import { type Argument, argumentsOf } from "../../src/toolkit/arguments.ts";
import { argumentsFor, called, callWith, elsewhere, keyOf, type Line, lines } from "./sending.ts";

/** Other spellings of an example, by the kind of value that it is. */
function spellingsOf({ parameter }: Argument, value: unknown): unknown[] {
  const shape = shapeOf(parameter.definition);
  switch (shape.kind) {
    case "boolean":
      return value === true ? ["true", "1", 1, "yes", "on", "True"] : [];
    case "integer":
    case "number":
      return [String(value), ` ${value} `];
    case "array":
      return Array.isArray(value) ? [JSON.stringify(value), ...(value.length === 1 ? value : [])] : [];
    case "string":
      return typeof value === "string" && /^[1-9]\d{0,8}$/.test(value) ? [Number(value)] : [];
    default:
      return [];
  }
}

/** What was sent, without the multipart boundary and the moments that differ from call to call. */
const wire = async (line: Line, given: Record<string, unknown>) => {
  const { answer, sent } = await called(line, given);
  return { outcome: answer.outcome, reason: answer.reason, sent };
};

describe("any spelling of a value is the same request", () => {
  const spelled = lines.flatMap((line) => {
    if (elsewhere[line.name] !== undefined) return [];
    const { required, optional } = argumentsFor(line);
    return [...required, ...optional].flatMap((argument) => {
      const name = argument.name.replace("[n]", "1");
      const given = callWith(line, required.includes(argument) ? required : [...required, argument]);
      return spellingsOf(argument, given[name]).length > 0
        ? [{ label: `${line.label} ${name}`, line, argument, name, given }]
        : [];
    });
  });
  test.each(spelled)("$label", async ({ line, argument, name, given }) => {
    const expected = await wire(line, given);
    expect(expected.outcome).toBe("ok");
    for (const spelling of spellingsOf(argument, given[name])) {
      expect(await wire(line, { ...given, [name]: spelling })).toEqual(expected);
    }
  });
});

const hostile = [
  "../../access/users",
  "..",
  ".",
  "",
  "a/../../b",
  "x\ny",
  "x%2F..%2Fy",
  "x\0y",
  "x?y=z",
  "x#y",
  "x".repeat(1_000_000),
  "é/ü",
];

describe("no value leaves its segment", () => {
  const inPaths = lines.flatMap((line) =>
    argumentsOf(line.operation, line.at)
      .filter(({ parameter, name }) => parameter.inPath || ["vmid", "node", "archive", "volume", "upid"].includes(name))
      .map((argument) => ({ label: `${line.label} ${argument.name}`, line, argument })),
  );
  test.each(inPaths)("$label", async ({ line, argument }) => {
    const { required } = argumentsFor(line);
    for (const value of hostile) {
      const given = { ...callWith(line, required), [argument.name]: value };
      const { answer, sent } = await called(line, given);
      for (const one of sent) {
        expect(keyOf(one)).not.toContain("is not PVE's");
        expect(one.path).not.toMatch(/\/\.\.?(?:\/|$)|[\n\0?#]/);
      }
      const changing = sent.filter(({ method }) => method !== "GET").map(keyOf);
      const own = new Set([line.at.key, ...(line.operation.also ?? [])]);
      expect(
        changing.filter(
          (key) =>
            ![...own].some(
              (known) => known.replace("{type}", "qemu") === key || known.replace("{type}", "lxc") === key,
            ),
        ),
      ).toEqual([]);
      expect(JSON.stringify(answer).length).toBeLessThan(100_000);
    }
  });
});
