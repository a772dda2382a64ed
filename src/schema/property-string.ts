// Owns PVE's property strings ("virtio=BC:24:11:00:00:01,bridge=vmbr0"): reading, writing, their keys.
import { type Definition, shapeOf } from "./definition.ts";
import { PROPERTY_STRINGS } from "./property-strings.gen.ts";

/** What PVE says of a property string; a key that may be absent ends with "?". */
export interface PropertyString {
  keys: Readonly<Record<string, Definition>>;
  /** the key of a value that stands alone, as the volume in "local-lvm:8,ssd=1" */
  defaultKey?: string;
  /** other names of a key: `[key]`, or `[key, keyAlias]` where the name itself is the value of keyAlias */
  alias?: Readonly<Record<string, readonly string[]>>;
  requires?: Readonly<Record<string, string>>;
}

/** A part of a text that can't be read as key=value. */
export interface Unreadable {
  /** "no-key": a value alone where no key is the default one; "repeated": the key came before */
  why: "no-key" | "repeated";
  part: string;
  key?: string;
}

/** The property string that a definition names, if it names one. */
export function propertyString(definition: Definition): PropertyString | undefined {
  const shape = shapeOf(definition);
  if (shape.kind !== "string") return undefined;
  for (const format of shape.formats) {
    if (Object.hasOwn(PROPERTY_STRINGS, format)) return PROPERTY_STRINGS[format];
  }
  return undefined;
}

/**
 * Reads a property string of PVE, e.g. a value of GET …/config, with default key and aliases resolved:
 * "virtio=BC:24:…,bridge=vmbr0" is {model: "virtio", macaddr: "BC:24:…", bridge: "vmbr0"}.
 * Unknown keys are kept; what can't be read is left out. Throws where the definition names no property string.
 */
export function readProperties(definition: Definition, text: string): Record<string, string> {
  return parseProperties(known(definition), text).properties;
}

/**
 * The inverse: default key first and bare, a name that stands for two keys ("virtio=BC:24:…") as PVE spells it,
 * the others in the order of the record.
 */
export function writeProperties(definition: Definition, properties: Readonly<Record<string, string>>): string {
  return formatProperties(known(definition), properties);
}

function known(definition: Definition): PropertyString {
  const found = propertyString(definition);
  if (found === undefined) throw new TypeError("this definition names no property string");
  return found;
}

/** Reads a text and says what in it can't be read. */
export function parseProperties(
  { defaultKey, alias = {} }: PropertyString,
  text: string,
): { properties: Record<string, string>; unreadable: Unreadable[] } {
  const properties: Record<string, string> = {};
  const unreadable: Unreadable[] = [];
  const put = (key: string, value: string, part: string): void => {
    if (!Object.hasOwn(properties, key)) properties[key] = value;
    else if (!unreadable.some((known) => known.key === key)) unreadable.push({ why: "repeated", part, key });
  };
  for (const part of text.split(",")) {
    if (part.trim() === "") continue;
    const at = part.indexOf("=");
    if (at < 0 && defaultKey !== undefined) put(defaultKey, part.trim(), part);
    else if (at < 1 || at === part.length - 1) unreadable.push({ why: "no-key", part });
    else {
      const name = part.slice(0, at).trim();
      const [key = name, keyAlias] = (Object.hasOwn(alias, name) && alias[name]) || [name];
      if (keyAlias !== undefined) put(keyAlias, name, part);
      put(key, part.slice(at + 1), part);
    }
  }
  return { properties, unreadable };
}

/** Writes a property string; aliases among the names are resolved. */
export function formatProperties(string: PropertyString, given: Readonly<Record<string, string>>): string {
  const { defaultKey, alias = {} } = string;
  const properties = resolveAliases(string, given);
  const parts: string[] = [];
  const written = new Set<string>();
  for (const [name, [key = "", keyAlias]] of Object.entries(alias)) {
    if (keyAlias === undefined || properties[keyAlias] !== name || properties[key] === undefined) continue;
    parts.push(`${name}=${properties[key]}`);
    written.add(key).add(keyAlias);
  }
  if (defaultKey !== undefined && properties[defaultKey] !== undefined && !written.has(defaultKey)) {
    const value = properties[defaultKey];
    parts.unshift(value.includes("=") ? `${defaultKey}=${value}` : value);
    written.add(defaultKey);
  }
  for (const [key, value] of Object.entries(properties)) {
    if (!written.has(key)) parts.push(`${key}=${value}`);
  }
  return parts.join(",");
}

function resolveAliases(
  { alias = {} }: PropertyString,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const properties: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const [key = name, keyAlias] = (Object.hasOwn(alias, name) && alias[name]) || [name];
    if (keyAlias !== undefined) properties[keyAlias] = name;
    properties[key] = value;
  }
  return properties;
}
