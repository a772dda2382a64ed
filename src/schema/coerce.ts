// Owns what a model may send for a value: it is brought to the type that the definition asks for, or left as it is.
import type { Shape } from "./definition.ts";

const YES = new Set(["1", "true", "yes", "on"]);
const NO = new Set(["0", "false", "no", "off"]);

/**
 * A value brought to its type: "true" and 1 to a boolean, "100" to a number, 2 to "2" where PVE wants text. Nothing
 * is judged here: what can't be brought there is returned as it came. `separator` joins what PVE wants as one text.
 */
export function settle(shape: Shape, value: unknown, separator = ","): unknown {
  switch (shape.kind) {
    case "boolean":
      return settleBoolean(value);
    case "integer":
    case "number":
      return settleNumber(value);
    case "enum":
      return settleMember(shape.members, value, separator);
    case "array":
      return elementsOf(value, false);
    case "string":
      return settleText(value, separator);
  }
}

function settleBoolean(value: unknown): unknown {
  const word = String(value).trim().toLowerCase();
  if (typeof value === "object") return value;
  return YES.has(word) ? true : NO.has(word) ? false : value;
}

function settleNumber(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/.test(value)) return value;
  const number = Number(value);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? value : number;
}

/** A member as PVE spells it: 2 for "2", true for "1", "on" or "yes". */
function settleMember(members: readonly (string | number)[], value: unknown, separator: string): unknown {
  const words = typeof value === "boolean" ? [...(value ? YES : NO)] : [String(settleText(value, separator))];
  return members.find((member) => words.includes(String(member))) ?? value;
}

/** Scalars as text; a list of scalars as one text. */
function settleText(value: unknown, separator: string): unknown {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value === "boolean") return value ? "1" : "0";
  if (!Array.isArray(value) || value.some((element) => typeof element === "object")) return value;
  return value.map((element) => settleText(element, separator)).join(separator);
}

/**
 * The elements of a list: an array, the JSON text of one, a value alone; with `split` also a text with commas,
 * semicolons or blanks between them, as PVE splits it.
 */
export function elementsOf(value: unknown, split: boolean): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== "string") return [value];
  const parsed = value.trimStart().startsWith("[") ? parsedJson(value) : undefined;
  if (Array.isArray(parsed)) return parsed;
  return split ? value.split(/[,;\s]+/).filter((element) => element !== "") : [value];
}

/** An object, or the JSON text of one. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const parsed = typeof value === "string" && value.trimStart().startsWith("{") ? parsedJson(value) : value;
  return isObject(parsed) ? parsed : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
