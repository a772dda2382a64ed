// Property strings ("virtio,bridge=vmbr0"): taken apart and checked key by key, with PVE's texts (facts 15).

import { shapeOf } from "../../schema/definition.ts";
import type { PropertyString } from "../../schema/property-string.ts";
import type { CheckValue } from "./value.ts";

/** PVE's parse_property_string up to the check: the parts by their key, or the text that it dies with. */
export function splitProperties(
  format: PropertyString,
  text: string,
): { parts: Record<string, string> } | { problem: string } {
  const parts: Record<string, string> = {};
  let usedDefault = false;
  for (const part of text.split(",")) {
    if (part.trim() === "") continue;
    const pair = /^([^=]+)=(.+)$/s.exec(part);
    if (pair !== null) {
      const problem = place(format, parts, pair[1] ?? "", pair[2] ?? "");
      if (problem !== undefined) return { problem };
    } else if (part.includes("=")) {
      return { problem: "missing key in comma-separated list property\n" };
    } else {
      const key = format.defaultKey;
      if (key === undefined) return { problem: "value without key, but schema does not define a default key\n" };
      if (usedDefault || parts[key] !== undefined) return { problem: duplicate(key) };
      usedDefault = true;
      parts[key] = part;
    }
  }
  return { parts };
}

function place(format: PropertyString, parts: Record<string, string>, key: string, value: string): string | undefined {
  if (parts[key] !== undefined) return duplicate(key);
  const [target, keyAlias] = format.alias?.[key] ?? [];
  if (keyAlias !== undefined) {
    if (parts[keyAlias] !== undefined) return `key alias '${keyAlias}' is already defined\n`;
    parts[keyAlias] = key;
  }
  const name = target ?? key;
  const definition = format.keys[name] ?? format.keys[`${name}?`];
  const isBoolean = definition !== undefined && shapeOf(definition).kind === "boolean";
  parts[name] = isBoolean ? (truth(value) ?? value) : value;
  return undefined;
}

const duplicate = (key: string) => `duplicate key in comma-separated list property: ${key}\n`;

/** Inside a property string PVE takes on/off, yes/no, true/false for a boolean. */
function truth(text: string): string | undefined {
  if (/^(?:1|on|yes|true)$/i.test(text)) return "1";
  return /^(?:0|off|no|false)$/i.test(text) ? "0" : undefined;
}

/** What is wrong with a property string, as the end of PVE's "invalid format - …". */
export function checkPropertyString(
  format: PropertyString,
  text: string,
  path: string,
  checkValue: CheckValue,
): string | undefined {
  const split = splitProperties(format, text);
  if ("problem" in split) return split.problem;
  const lines: string[] = [];
  const complain = (at: string, problem: string) => lines.push(`${at}: ${problem}\n`);
  for (const [key, definition] of Object.entries(format.keys)) {
    const name = key.replace(/\?$/, "");
    const value = split.parts[name];
    if (value !== undefined) checkValue(definition, value, `${path}.${name}`, complain);
    else if (!key.endsWith("?")) complain(`${path}.${name}`, "property is missing and it is not optional");
  }
  for (const name of Object.keys(split.parts)) {
    const required = format.requires?.[name];
    if (required !== undefined && split.parts[required] === undefined) {
      complain(`${path}.${required}`, `missing property required by '${path}.${name}'`);
    }
    if (format.keys[name] === undefined && format.keys[`${name}?`] === undefined) {
      complain(
        `${path}.${name}`,
        "property is not defined in schema and the schema does not allow additional properties",
      );
    }
  }
  return lines.length === 0 ? undefined : `format error\n${lines.join("")}`;
}
