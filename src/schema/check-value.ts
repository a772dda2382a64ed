// Owns the check of one value against its definition: coercion, lists, property strings key by key.
import { elementsOf, objectOf, settle } from "./coerce.ts";
import { type Definition, type Shape, shapeOf } from "./definition.ts";
import { describe, keyNames } from "./describe.ts";
import { FORMATS } from "./formats.ts";
import { nearest } from "./nearest.ts";
import type { Problem } from "./problem.ts";
import { formatProperties, type PropertyString, parseProperties, propertyString } from "./property-string.ts";
import { isSecret } from "./secret.ts";
import { allows } from "./values.ts";

/** A value as it goes on the wire: the client writes booleans as 1 and 0, and repeats the key of an array. */
export type WireValue = string | number | boolean | readonly (string | number | boolean)[];

/** Where a value stands: its name for messages, whether it may be quoted, and what joins a list in it. */
export interface Place {
  argument: string;
  secret: boolean;
  separator: "," | ";";
}

export interface Checked {
  value?: WireValue;
  problems: Problem[];
}

const LONGEST_ECHO = 60;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Checks one value; it is there when there are no problems. */
export function checkValue(definition: Definition, given: unknown, place: Place): Checked {
  const string = propertyString(definition);
  if (string !== undefined) return checkProperties(definition, string, given, place);
  const shape = shapeOf(definition);
  if (definition === "json-object") return checkObject(given, place);
  if (shape.kind === "array") return checkArray(shape.element, given, place);
  const element = shape.kind === "string" ? elementFormat(shape) : undefined;
  if (element !== undefined) return checkList(definition, element, given, place);
  return checkScalar(definition, shape, given, place);
}

/** An object of an operation's own, kept as JSON text: what is in it is checked where it is used. */
function checkObject(given: unknown, place: Place): Checked {
  const object = objectOf(given);
  return object === undefined
    ? { problems: [invalid("json-object", given, { ...place, secret: true })] }
    : { value: JSON.stringify(object), problems: [] };
}

function checkScalar(definition: Definition, shape: Shape, given: unknown, place: Place): Checked {
  const settled = encodeWhereAsked(
    shape,
    isJsonAsked(shape, given) ? JSON.stringify(given) : settle(shape, given, place.separator),
  );
  if (isScalar(settled) && !hasNul(settled, shape) && allows(definition, settled))
    return { value: settled, problems: [] };
  return { problems: [invalid(definition, given, place)] };
}

/** PVE wants some values percent-encoded inside the value (facts 19): text that isn't is encoded here. */
function encodeWhereAsked(shape: Shape, value: unknown): unknown {
  if (shape.kind !== "string" || !shape.formats.includes("urlencoded") || typeof value !== "string") return value;
  return allows("urlencoded", value) ? value : encodeURIComponent(value.replace(LONE_SURROGATE, "\ufffd"));
}

/** A batch of commands is JSON inside a text. */
function isJsonAsked(shape: Shape, given: unknown): boolean {
  return shape.kind === "string" && shape.formats.includes("pve-command-batch") && Array.isArray(given);
}

/** No value of PVE holds a NUL, but for those whose pattern names it. */
function hasNul(value: string | number | boolean, shape: Shape): boolean {
  if (typeof value !== "string" || !value.includes("\0")) return false;
  return shape.kind !== "string" || !shape.pattern?.includes("(?:\\x00");
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** The format of the elements of a text list ("pve-node" of "pve-node-list"). */
function elementFormat({ formats }: Shape & { kind: "string" }): string | undefined {
  const element = formats.find((format) => format.endsWith("-list"))?.slice(0, -"-list".length);
  return element !== undefined && Object.hasOwn(FORMATS, element) ? element : undefined;
}

function checkList(definition: Definition, format: string, given: unknown, place: Place): Checked {
  const { values, problems } = checkEach(format, elementsOf(given, true), place);
  if (problems.length > 0) return { problems };
  const text = values.join(place.separator);
  return allows(definition, text) ? { value: text, problems } : { problems: [invalid(definition, given, place)] };
}

/** PVE's arrays. A text is split only where an element can't hold a comma or a blank. */
function checkArray(element: Definition, given: unknown, place: Place): Checked {
  const shape = shapeOf(element);
  const free = shape.kind === "string" && (shape.formats.length === 0 || propertyString(element) !== undefined);
  const { values, problems } = checkEach(element, elementsOf(given, !free), place);
  return problems.length > 0 ? { problems } : { value: values, problems };
}

function checkEach(definition: Definition, elements: readonly unknown[], place: Place) {
  const values: (string | number | boolean)[] = [];
  const problems: Problem[] = [];
  for (const element of elements) {
    const checked = checkValue(definition, element, place);
    if (isScalar(checked.value)) values.push(checked.value);
    problems.push(...checked.problems);
  }
  return { values, problems };
}

function invalid(definition: Definition, given: unknown, place: Place, allowed = describe(definition)): Problem {
  const quoted = place.secret ? undefined : quote(given);
  return { argument: place.argument, kind: "invalid", allowed, ...(quoted === undefined ? {} : { given: quoted }) };
}

/** A value as it may stand in a message: cut, and never what is inside an object, which may hold anything. */
export function quote(value: unknown): string | undefined {
  if (Array.isArray(value) && value.some((element) => typeof element === "object")) return `a list of ${value.length}`;
  if (typeof value === "object" && !Array.isArray(value)) return value === null ? "null" : "an object";
  const text = JSON.stringify(typeof value === "bigint" ? String(value) : value);
  if (text === undefined || text.length <= LONGEST_ECHO) return text;
  return `${text.slice(0, LONGEST_ECHO - 1)}…`;
}

function checkProperties(definition: Definition, string: PropertyString, given: unknown, place: Place): Checked {
  const guarded = { ...place, secret: place.secret || keyNames(string).some(isSecret) };
  const object = objectOf(given);
  if (object !== undefined) {
    const { texts, problems } = checkKeys(string, object, guarded);
    return problems.length > 0 ? { problems } : { value: formatProperties(string, texts), problems };
  }
  const text = settle({ kind: "string", formats: [] }, given, ",");
  if (typeof text !== "string" || text.includes("\0")) return { problems: [invalid(definition, given, guarded)] };
  const { properties, unreadable } = parseProperties(string, text);
  const problems = unreadable.map(({ why, part, key }) => {
    const allowed =
      why === "repeated" ? `given once, ${key} is repeated` : `key=value; keys: ${keyNames(string).join(", ")}`;
    return invalid(definition, part, guarded, allowed);
  });
  problems.push(...checkKeys(string, properties, guarded, unreadable.length > 0).problems);
  return problems.length > 0 ? { problems } : { value: text, problems };
}

/** Checks the keys of a property string; `partial` when some parts couldn't be read, so that none counts as missing. */
function checkKeys(string: PropertyString, given: Readonly<Record<string, unknown>>, place: Place, partial = false) {
  const texts: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined) continue;
    const [key = name, keyAlias] = own(string.alias, name) ?? [name];
    const definition = own(string.keys, key) ?? own(string.keys, `${key}?`);
    if (definition === undefined) {
      problems.push(unknownKey(string, name, place));
      continue;
    }
    const inner: Place = { argument: `${place.argument}.${key}`, secret: place.secret, separator: ";" };
    const checked = checkValue(definition, value, inner);
    const text = wireText(checked.value);
    if (checked.problems.length > 0) problems.push(...checked.problems);
    else if (text === "" || text.includes(","))
      problems.push(invalid(definition, value, inner, "text, and without a comma"));
    if (keyAlias !== undefined) texts[keyAlias] = name;
    texts[key] = text;
  }
  if (!partial) problems.push(...missingKeys(string, texts, place));
  return { texts, problems };
}

function missingKeys(string: PropertyString, texts: Readonly<Record<string, string>>, place: Place): Problem[] {
  const problems: Problem[] = [];
  for (const [key, definition] of Object.entries(string.keys)) {
    if (key.endsWith("?") || Object.hasOwn(texts, key)) continue;
    problems.push({ argument: `${place.argument}.${key}`, kind: "missing", allowed: describe(definition) });
  }
  for (const [key, needed] of Object.entries(string.requires ?? {})) {
    if (!Object.hasOwn(texts, key) || Object.hasOwn(texts, needed)) continue;
    problems.push({ argument: `${place.argument}.${needed}`, kind: "requires", allowed: `${key} needs it` });
  }
  return problems;
}

function unknownKey(string: PropertyString, name: string, place: Place): Problem {
  const names = keyNames(string);
  const near = nearest(name, [...names, ...Object.keys(string.alias ?? {})]);
  return {
    argument: `${place.argument}.${name}`,
    kind: "unknown",
    allowed: names.join(", "),
    ...(near === undefined ? {} : { nearest: `${place.argument}.${near}` }),
  };
}

function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

function wireText(value: WireValue | undefined): string {
  return typeof value === "boolean" ? (value ? "1" : "0") : String(value ?? "");
}
