// Holds every definition of the registry: ArkType reads it, and no pattern can be made to hang.
import { expect, test } from "bun:test";
import { type Definition, shapeOf } from "../../src/schema/definition.ts";
import { FORMATS } from "../../src/schema/formats.ts";
import { PROPERTY_STRINGS } from "../../src/schema/property-strings.gen.ts";
import { endpoint, endpointKeys } from "../../src/schema/registry.ts";
import { allows } from "../../src/schema/values.ts";

const MOST_MILLISECONDS = 50;

function allDefinitions(): Definition[] {
  const found = new Map<string, Definition>();
  const add = (definition: Definition): void => {
    found.set(JSON.stringify(definition), definition);
  };
  for (const key of endpointKeys()) for (const { definition } of endpoint(key).parameters.values()) add(definition);
  for (const { keys } of Object.values(PROPERTY_STRINGS)) for (const definition of Object.values(keys)) add(definition);
  for (const name of Object.keys(FORMATS)) add(name);
  return [...found.values()];
}

test("every definition is one that ArkType reads, and every name in it is known", () => {
  for (const definition of allDefinitions()) {
    expect(() => allows(definition, "x")).not.toThrow();
    const shape = shapeOf(definition);
    if (shape.kind !== "string") continue;
    for (const name of shape.formats)
      expect([...Object.keys(FORMATS), ...Object.keys(PROPERTY_STRINGS)]).toContain(name);
    for (const name of shape.formats.filter((format) => format.endsWith("-list"))) {
      expect(Object.keys(FORMATS)).toContain(name.slice(0, -"-list".length));
    }
  }
});

test("every definition of an endpoint comes apart into what it says", () => {
  expect(shapeOf("1<=integer<=8192")).toEqual({ kind: "integer", least: 1, most: 8192 });
  expect(shapeOf("number<=128")).toEqual({ kind: "number", most: 128 });
  expect(shapeOf("pve-vmid")).toEqual({ kind: "integer", least: 100, most: 999999999 });
  expect(shapeOf("pve-storage-id & string<=40")).toEqual({ kind: "string", formats: ["pve-storage-id"], most: 40 });
  expect(shapeOf("/^(?:a & b\\/c)$/ & 2<=string<=8")).toEqual({
    kind: "string",
    formats: [],
    pattern: "^(?:a & b\\/c)$",
    least: 2,
    most: 8,
  });
  expect(shapeOf(["===", "in", "out"])).toEqual({ kind: "enum", members: ["in", "out"] });
  expect(shapeOf([["===", "in"], "[]"])).toEqual({ kind: "array", element: ["===", "in"] });
});

/** Texts that make a careless pattern try everything, made from the pattern's own letters. */
function hostile(pattern: string): string[] {
  const letters = [
    "a",
    "0",
    "A",
    ".",
    "-",
    "_",
    "/",
    ":",
    ",",
    ";",
    "=",
    " ",
    "+",
    "a0",
    "a-",
    "a.",
    "0;",
    "0,",
    "a:",
    "a=b,",
    "00:",
    "mon ",
    "1/",
    "..",
    "@",
    "a@",
    "%41",
    "::",
    "a/",
    "A.A",
    "--",
    "__",
  ];
  const words = pattern.match(/[a-zA-Z]{2,}/g) ?? [];
  const pieces = [
    ...letters,
    ...new Set(words.slice(0, 6)),
    ...words.slice(0, 3).flatMap((word) => [`${word};`, `${word},`, `${word} `]),
  ];
  const lengths = [27, 30, 1000, 10_000];
  return pieces.flatMap((piece) =>
    lengths.flatMap((length) => [
      `${piece.repeat(length)}\n`,
      `x${piece.repeat(length)}!`,
      `a:${piece.repeat(length)}\0`,
    ]),
  );
}

test("no pattern takes over 50 ms on hostile input", () => {
  const patterns = new Set<string>();
  for (const definition of allDefinitions()) {
    const shape = shapeOf(definition);
    if (shape.kind === "string" && shape.pattern !== undefined) patterns.add(shape.pattern);
  }
  for (const { is } of Object.values(FORMATS)) if (is.startsWith("/")) patterns.add(is.slice(1, -1));
  const slow: string[] = [];
  for (const pattern of patterns) {
    const expression = new RegExp(pattern);
    for (const text of hostile(pattern)) {
      const start = performance.now();
      expression.test(text);
      const took = performance.now() - start;
      if (took > MOST_MILLISECONDS)
        slow.push(`${pattern} took ${took.toFixed()} ms on ${JSON.stringify(text.slice(0, 12))} × ${text.length}`);
    }
  }
  expect(slow).toEqual([]);
});

test("a character counts as one, as for PVE, though it is two UTF-16 units", () => {
  expect(allows("string<=2", "😀😀")).toBe(true);
  expect(allows("string<=2", "😀😀😀")).toBe(false);
});
