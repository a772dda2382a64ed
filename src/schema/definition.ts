// Owns the form of a value's definition: ArkType definitions as plain data, and what they say.

import { FORMATS } from "./formats.ts";

/**
 * What a parameter takes, as an ArkType definition that is plain data: `"1<=integer<=8192"`, `"pve-vmid"`,
 * `"pve-storage-id & string<=40"`, `["===", "in", "out"]`, and `[definition, "[]"]` for PVE's arrays.
 * A name is one of PVE's formats (formats.ts) or of its property strings (property-strings.gen.ts).
 */
export type Definition = string | readonly ["===", ...(string | number)[]] | readonly [Definition, "[]"];

/** A definition taken apart. Lengths are in characters. */
export type Shape =
  | { kind: "boolean" }
  | { kind: "integer" | "number"; least?: number; most?: number }
  | { kind: "enum"; members: readonly (string | number)[] }
  | { kind: "array"; element: Definition }
  | { kind: "string"; formats: readonly string[]; pattern?: string; least?: number; most?: number };

const BOUNDED = /^(?:(-?[\d.]+)<=)?(integer|number|string)(?:(<=|>=)(-?[\d.]+))?$/;

/** Takes a definition apart. A format that is a number is returned as one, the others by name. */
export function shapeOf(definition: Definition): Shape {
  if (typeof definition !== "string") {
    if (definition[0] === "===") return { kind: "enum", members: definition.slice(1).filter(isMember) };
    return { kind: "array", element: definition[0] };
  }
  if (definition === "boolean") return { kind: "boolean" };
  const is = Object.hasOwn(FORMATS, definition) ? FORMATS[definition]?.is : undefined;
  return boundedShape(is ?? definition) ?? stringShape(definition);
}

function isMember(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

interface Bounds {
  least?: number;
  most?: number;
}

function boundsOf(match: RegExpExecArray): Bounds {
  const least = match[1] ?? (match[3] === ">=" ? match[4] : undefined);
  const most = match[3] === "<=" ? match[4] : undefined;
  return {
    ...(least === undefined ? {} : { least: Number(least) }),
    ...(most === undefined ? {} : { most: Number(most) }),
  };
}

function boundedShape(definition: string): Shape | undefined {
  const match = BOUNDED.exec(definition);
  if (match === null || match[2] === "string") return undefined;
  return { kind: match[2] === "integer" ? "integer" : "number", ...boundsOf(match) };
}

function stringShape(definition: string): Shape {
  const formats: string[] = [];
  let pattern: string | undefined;
  let bounds: Bounds = {};
  for (const part of partsOf(definition)) {
    const match = BOUNDED.exec(part);
    if (match !== null) bounds = boundsOf(match);
    else if (part.startsWith("/")) pattern = part.slice(1, -1);
    else formats.push(part);
  }
  return { kind: "string", formats, ...(pattern === undefined ? {} : { pattern }), ...bounds };
}

/** The parts of an intersection; an ampersand inside a pattern is no border. */
function partsOf(definition: string): string[] {
  const pattern = /\/(?:\\.|[^\\/])+\//.exec(definition)?.[0];
  if (pattern === undefined) return definition.split(" & ");
  return definition
    .replace(pattern, "/")
    .split(" & ")
    .map((part) => (part === "/" ? pattern : part));
}
