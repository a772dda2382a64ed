// Owns the ArkType nodes of values: one per definition that was really sent, never one per endpoint.
import "./jitless.ts";
import { scope } from "arktype";
import type { Definition } from "./definition.ts";
import { FORMATS } from "./formats.ts";
import { PROPERTY_STRINGS } from "./property-strings.gen.ts";

/** What an ArkType node is asked here. */
interface ValueNode {
  allows(value: unknown): boolean;
}

/** Whether a value, already of its type, is one that the definition takes. */
export function allows(definition: Definition, value: unknown): boolean {
  const key = typeof definition === "string" ? definition : JSON.stringify(definition);
  let node = nodes.get(key);
  if (node === undefined) {
    node = names.type.raw(definition);
    nodes.set(key, node);
  }
  return node.allows(typeof value === "string" ? oneUnitEach(value) : value);
}

const nodes = new Map<string, ValueNode>();

/** All names that a definition may hold; property strings are text here, their keys are checked one by one. */
const names = scope({
  integer: "number.integer",
  ...Object.fromEntries(Object.entries(FORMATS).flatMap(([name, { is }]) => (name === "string" ? [] : [[name, is]]))),
  ...Object.fromEntries(Object.keys(PROPERTY_STRINGS).map((name) => [name, "string"])),
});

/** PVE counts characters and JavaScript UTF-16 units: a character of two units is replaced by one of one. */
function oneUnitEach(text: string): string {
  return text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, "\ufffd");
}
