// Owns the words for what a definition takes: the end of the sentence "… must be".
import { type Definition, type Shape, shapeOf } from "./definition.ts";
import { FORMATS } from "./formats.ts";
import { type PropertyString, propertyString } from "./property-string.ts";

/** "an integer from 1 to 8192", "one of in, out", "a node name": what the definition takes, without a value. */
export function describe(definition: Definition): string {
  const string = propertyString(definition);
  if (string !== undefined) return `an object or text of key=value with the keys ${keyNames(string).join(", ")}`;
  if (typeof definition === "string" && Object.hasOwn(FORMATS, definition)) return FORMATS[definition]?.says ?? "text";
  const shape = shapeOf(definition);
  switch (shape.kind) {
    case "boolean":
      return "true or false";
    case "integer":
    case "number":
      return `${shape.kind === "integer" ? "an integer" : "a number"}${range(shape, "")}`;
    case "enum":
      return shape.members.length === 1 ? `${shape.members[0]}` : `one of ${shape.members.join(", ")}`;
    case "array":
      return `a list, each of it ${describe(shape.element)}`;
    case "string":
      return `${textOf(shape)}${range(shape, " characters")}`;
  }
}

/** The keys of a property string, aliases left out. */
export function keyNames({ keys }: PropertyString): string[] {
  return Object.keys(keys).map((key) => key.replace(/\?$/, ""));
}

function textOf({ formats, pattern }: Shape & { kind: "string" }): string {
  const phrases = formats.flatMap((format) => FORMATS[format]?.says ?? []);
  if (pattern !== undefined && phrases.length === 0) phrases.push(`text of the form ${readable(pattern)}`);
  return phrases.length === 0 ? "text" : phrases.join(", ");
}

/** A pattern without the anchors that every one has. */
function readable(pattern: string): string {
  return pattern
    .replace(/^\^\(\?:(.*)\)\$$/s, "$1")
    .replaceAll("\\u00aa-\\uffff", "")
    .replaceAll("\\/", "/");
}

function range({ least, most }: { least?: number; most?: number }, unit: string): string {
  if (unit !== "" && (least !== undefined || most !== undefined)) {
    if (least === undefined) return `, at most ${most}${unit}`;
    return most === undefined ? `, at least ${least}${unit}` : `, ${least} to ${most}${unit}`;
  }
  if (least === undefined) return most === undefined ? "" : ` of at most ${most}`;
  return most === undefined ? ` of at least ${least}` : ` from ${least} to ${most}`;
}
