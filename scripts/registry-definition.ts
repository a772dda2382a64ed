// Owns the translation of one parameter of PVE (type, range, enum, pattern, length, format) into an ArkType definition.
import type { Definition } from "../src/schema/definition.ts";
import { literal } from "./registry-pattern.ts";
import type { PropertyStrings } from "./registry-properties.ts";
import { type Json, type JsonRecord, list, numeric, record, text } from "./registry-source.ts";

/** Parameters that PVE declares as plain strings, though it takes only one form: by name. */
const UNDECLARED_FORMATS: Readonly<Record<string, string>> = { upid: "pve-upid" };

/** From this many members of the form word + number an enum becomes a pattern: PVE lists 256 mount points by name. */
const LONG_ENUM = 24;

/** The definition of a parameter or of a key of a property string; `where` names it when it can't be told. */
export function definitionOf(schema: JsonRecord, name: string, where: string, strings: PropertyStrings): Definition {
  const type = text(schema.type) ?? "string";
  if (type === "boolean") return "boolean";
  if (type === "array") return [definitionOf(itemsOf(schema), name, where, strings), "[]"];
  const members = list(schema.enum);
  if (members.length > 0) return enumOf(members, type);
  if (type === "integer" || type === "number") return numberOf(schema, type);
  if (type !== "string") throw new Error(`${where}: a type that is new: ${type}`);
  return stringOf(schema, name, where, strings);
}

/** Two parameters of the SDN fabrics have `oneOf` instead of `items`: the union of what their kinds take. */
function itemsOf(schema: JsonRecord): JsonRecord {
  if (schema.items !== undefined) return record(schema.items);
  const kinds = list(schema.oneOf).map((kind) => record(record(kind).items));
  const first = kinds[0] ?? {};
  const members = [...new Set(kinds.flatMap((kind) => list(kind.enum)))];
  if (members.length > 0) return { ...first, enum: members };
  const format: JsonRecord = {};
  for (const kind of kinds) Object.assign(format, record(kind.format));
  return Object.keys(format).length > 0 ? { ...first, format } : first;
}

function enumOf(members: Json[], type: string): Definition {
  if (type === "integer" || type === "number") return ["===", ...members.map((member) => Number(member))];
  const words = members.map(String);
  const stems = new Set(words.map((word) => word.replace(/\d+$/, "#")));
  if (words.length < LONG_ENUM || stems.size * 4 > words.length) return ["===", ...words];
  return literal([...stems].map((stem) => stem.replace("#", "\\d+")).join("|"));
}

function numberOf(schema: JsonRecord, type: "integer" | "number"): string {
  const format = text(schema.format);
  if (format !== undefined) return format;
  return bounded(type, numeric(schema.minimum ?? schema.min), numeric(schema.maximum ?? schema.max));
}

function stringOf(schema: JsonRecord, name: string, where: string, strings: PropertyStrings): string {
  const pattern = text(schema.pattern);
  const parts = [formatOf(schema, name, where, strings), pattern === undefined ? undefined : literal(pattern)];
  const length = bounded("string", numeric(schema.minLength), numeric(schema.maxLength));
  if (length !== "string" || parts.every((part) => part === undefined)) parts.push(length);
  return parts.filter((part) => part !== undefined).join(" & ");
}

function formatOf(schema: JsonRecord, name: string, where: string, strings: PropertyStrings): string | undefined {
  const format = schema.format;
  if (typeof format === "string") return strings.named(format, text(schema.typetext));
  if (format !== undefined && format !== null) return strings.nameOf(record(format), name, where);
  return UNDECLARED_FORMATS[name];
}

function bounded(word: string, least: number | undefined, most: number | undefined): string {
  if (least !== undefined && most !== undefined) return `${least}<=${word}<=${most}`;
  if (least !== undefined) return `${word}>=${least}`;
  return most === undefined ? word : `${word}<=${most}`;
}

/** A default as a value of its type; what PVE gives as a phrase ("same as user") is no value and is left out. */
export function defaultOf(schema: JsonRecord): string | number | boolean | undefined {
  const given = schema.default;
  if (given === undefined || given === null || typeof given === "object") return undefined;
  const type = text(schema.type);
  if (type === "boolean") return /^(?:1|yes|on|true)$/i.test(String(given));
  if (type === "integer" || type === "number") return numeric(given);
  const word = String(given);
  return word.length <= 64 && /^\S*$|^\w+(?:, \w+)+$/.test(word) ? word : undefined;
}
