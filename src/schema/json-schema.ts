// Owns the JSON Schema of a parameter, flat: a property of a tool's listing. Used when listings are built.
import { type Definition, shapeOf } from "./definition.ts";
import type { Parameter } from "./registry.ts";

/** A property of a flat JSON Schema: always a type, never anyOf and its like. */
export interface JsonProperty {
  type: "string" | "integer" | "number" | "boolean" | "array" | "object";
  enum?: readonly (string | number)[];
  minimum?: number;
  maximum?: number;
  items?: JsonProperty;
}

/** The JSON Schema of a parameter. Text lists and property strings are strings: objects are taken as well. */
export function jsonSchema(parameter: Parameter): JsonProperty {
  return propertyOf(parameter.definition);
}

function propertyOf(definition: Definition): JsonProperty {
  if (definition === "json-object") return { type: "object" };
  const shape = shapeOf(definition);
  switch (shape.kind) {
    case "boolean":
      return { type: "boolean" };
    case "integer":
    case "number":
      return { type: shape.kind, ...bounds(shape) };
    case "enum":
      return {
        type: shape.members.every((member) => typeof member === "number") ? "number" : "string",
        enum: shape.members,
      };
    case "array":
      return { type: "array", items: propertyOf(shape.element) };
    case "string":
      return { type: "string" };
  }
}

function bounds({ least, most }: { least?: number; most?: number }) {
  return { ...(least === undefined ? {} : { minimum: least }), ...(most === undefined ? {} : { maximum: most }) };
}
