// Owns how an argument that is an object is taken apart (its definition is `json-object`, its value JSON text).
import type { WireValue } from "../schema/check.ts";
import type { Row } from "./answer.ts";
import { isRow } from "./present.ts";

/** The names and values in an argument of the kind `json-object`; none where it wasn't given. */
export function recordIn(value: WireValue | undefined): Row {
  const parsed: unknown = typeof value === "string" ? JSON.parse(value) : {};
  return isRow(parsed) ? parsed : {};
}
