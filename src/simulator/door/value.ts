// One value against one definition: PVE's JSONSchema check, its order and its texts, without any coercion of ours.
import { type Definition, type Shape, shapeOf } from "../../schema/definition.ts";
import { PROPERTY_STRINGS } from "../../schema/property-strings.gen.ts";
import { checkFormat } from "./formats.ts";
import { checkPropertyString } from "./property-string.ts";

/** What a request may hold for a name: form values are text, JSON may hold the rest. */
export type Given = string | number | boolean | Given[] | { [name: string]: Given };

export type Complaint = (path: string, text: string) => void;

export type CheckValue = (definition: Definition, given: Given, path: string, complain: Complaint) => void;

const number = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Complains about what PVE would refuse; a list item by item. */
export function checkValue(definition: Definition, given: Given, path: string, complain: Complaint): void {
  const shape = unbounded(definition, shapeOf(definition));
  if (shape.kind === "array") {
    if (!Array.isArray(given)) complain(path, "type check ('array') failed");
    else for (const [index, item] of given.entries()) checkValue(shape.element, item, `${path}[${index}]`, complain);
    return;
  }
  const problem = scalarProblem(shape, given, path) ?? namedProblem(definition, shape, given);
  if (problem !== undefined) complain(path, problem);
}

function unbounded(definition: Definition, shape: Shape): Shape {
  return shape.kind === "integer" && definition === "pve-vmid" ? { kind: "integer" } : shape;
}

/** A number with a named format: the format speaks, not its range (a guest's id). */
function namedProblem(definition: Definition, shape: Shape, given: Given): string | undefined {
  if (shape.kind !== "integer" || typeof definition !== "string") return undefined;
  const problem = checkFormat(definition, String(given));
  return problem === undefined ? undefined : `invalid format - ${problem}`;
}

function scalarProblem(shape: Exclude<Shape, { kind: "array" }>, given: Given, path: string): string | undefined {
  const type = shape.kind === "enum" ? "string" : shape.kind;
  if (typeof given === "object")
    return `type check ('${type}') failed - got ${Array.isArray(given) ? "ARRAY" : "HASH"}`;
  const text = typeof given === "boolean" ? (given ? "1" : "0") : String(given);
  const wrongType = `type check ('${type}') failed - got '${text}'`;
  switch (shape.kind) {
    case "boolean":
      return text === "0" || text === "1" ? undefined : wrongType;
    case "integer":
      return /^[+-]?\d+$/.test(text) ? rangeProblem(shape, text) : wrongType;
    case "number":
      return number.test(text) ? rangeProblem(shape, text) : wrongType;
    case "enum": {
      const members = shape.members.map(String);
      return members.includes(text) ? undefined : notAMember(text, members);
    }
    case "string":
      return textProblem(shape, text, path);
  }
}

function notAMember(text: string, members: readonly string[]): string {
  return `value '${text}' does not have a value in the enumeration '${members.join(", ")}'`;
}

/** How many there are of each numbered option. */
const counts: Readonly<Record<string, number>> = {
  ide: 4,
  scsi: 31,
  virtio: 16,
  sata: 6,
  efidisk: 1,
  tpmstate: 1,
  mp: 256,
  unused: 256,
};

/** Long enumerations of numbered names stand in the registry as a pattern; PVE lists them all. */
function numberedMembers(pattern: string): string[] | undefined {
  const alternatives = /^\^\(\?:([a-z\\d+|]+)\)\$$/.exec(pattern)?.[1]?.split("|") ?? [];
  const members = alternatives.flatMap((alternative) => {
    const name = alternative.replace("\\d+", "");
    if (name === alternative) return [name];
    return Array.from({ length: counts[name] ?? 0 }, (_, index) => `${name}${index}`);
  });
  return members.length < 20 ? undefined : members;
}

interface Bounds {
  least?: number;
  most?: number;
}

function rangeProblem(bounds: Bounds, text: string): string | undefined {
  if (bounds.most !== undefined && Number(text) > bounds.most)
    return `value must have a maximum value of ${bounds.most}`;
  if (bounds.least !== undefined && Number(text) < bounds.least)
    return `value must have a minimum value of ${bounds.least}`;
  return undefined;
}

interface TextShape extends Bounds {
  formats: readonly string[];
  pattern?: string;
}

function textProblem(shape: TextShape, text: string, path: string): string | undefined {
  for (const format of shape.formats) {
    const properties = PROPERTY_STRINGS[format];
    const own = checkFormat(format, text);
    const problem =
      own ?? (properties === undefined ? undefined : checkPropertyString(properties, text, path, checkValue));
    if (problem !== undefined) return `invalid format - ${problem}`;
  }
  if (shape.pattern !== undefined && !new RegExp(shape.pattern).test(text)) {
    const members = numberedMembers(shape.pattern);
    return members === undefined ? "value does not match the regex pattern" : notAMember(text, members);
  }
  const length = [...text].length;
  if (shape.most !== undefined && length > shape.most) return `value may only be ${shape.most} characters long`;
  if (shape.least !== undefined && length < shape.least) return `value must be at least ${shape.least} characters long`;
  return undefined;
}
