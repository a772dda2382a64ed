// Owns the declared result of a method in short: names, types and PVE's renderers.
import type { ResultShape } from "../src/schema/registry.ts";
import { type JsonRecord, list, record, text } from "./registry-source.ts";

/** A method's result: `[{"mem": "integer bytes"}]`; what PVE doesn't say is "any". */
export function resultOf(returns: JsonRecord): ResultShape {
  const type = text(returns.type);
  const properties = propertiesOf(returns);
  if (type === "array" || returns.items !== undefined) return [resultOf(record(returns.items))];
  if (Object.keys(properties).length > 0) {
    return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, resultOf(record(value))]));
  }
  const renderer = text(returns.renderer);
  return `${type ?? "any"}${renderer === undefined ? "" : ` ${renderer}`}`;
}

function propertiesOf(returns: JsonRecord): JsonRecord {
  const all: JsonRecord = {};
  for (const part of [returns, ...list(returns.allOf).map(record), ...list(returns.oneOf).map(record)]) {
    for (const [name, value] of Object.entries(record(part.properties)).sort(([a], [b]) => (a < b ? -1 : 1))) {
      all[name] ??= value;
    }
  }
  return all;
}
