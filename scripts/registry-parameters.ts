// Owns the parameters of a method: their names, what is required, what hangs on the kind of a rule or fabric.
import type { Definition } from "../src/schema/definition.ts";
import { defaultOf, definitionOf } from "./registry-definition.ts";
import type { PropertyStrings } from "./registry-properties.ts";
import { flag, type Json, type JsonRecord, list, type Method, record, text } from "./registry-source.ts";

/** What the generator knows of a parameter; `only` names the parameter and its values that this one belongs to. */
export interface Described {
  definition: Definition;
  optional: boolean;
  default?: string | number | boolean;
  requires?: string;
  only?: [parameter: string, ...values: string[]];
  /** required where `only` holds, though not everywhere */
  needed?: boolean;
}

export interface DescribedMethod {
  parameters: Map<string, Described>;
  /** undeclared parameters are let through */
  additional: boolean;
}

/** Described as closed, and yet PVE 9.2 answers 200 to an undeclared parameter: it doesn't look at them at all. */
const UNCHECKED = new Set([
  "GET /cluster/firewall",
  "GET /cluster/firewall/macros",
  "GET /cluster/notifications/matcher-field-values",
  "GET /cluster/qemu/custom-cpu-models",
]);

export function parametersOf(method: Method, strings: PropertyStrings): DescribedMethod {
  const schema = record(method.info.parameters);
  const where = `${method.method} ${method.path}`;
  const parts = list(schema.allOf).map(record);
  const parameters = new Map<string, Described>();
  for (const part of parts.length > 0 ? parts : [schema]) {
    for (const [name, value] of sorted(record(part.properties))) {
      parameters.set(name, described(record(value), name, where, strings));
    }
    addKinds(part, where, strings, parameters);
  }
  return { parameters, additional: UNCHECKED.has(where) || (parts.length === 0 && isOpen(schema)) };
}

function isOpen(schema: JsonRecord): boolean {
  return schema.additionalProperties === undefined || flag(schema.additionalProperties);
}

/** Sorted as PVE sorts them, so that a description's own order doesn't matter. */
function sorted(properties: JsonRecord): [string, Json][] {
  return Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1));
}

function described(schema: JsonRecord, name: string, where: string, strings: PropertyStrings): Described {
  const fallback = defaultOf(schema);
  const requires = text(schema.requires);
  const kinds = list(schema["instance-types"]).map(String);
  const kindParameter = text(schema["type-property"]);
  return {
    definition: definitionOf(schema, name, where, strings),
    optional: flag(schema.optional) || isOptionalInAll(list(schema.oneOf)),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(requires === undefined ? {} : { requires }),
    ...(kinds.length === 0 || kindParameter === undefined ? {} : { only: [kindParameter, ...kinds] }),
  };
}

/** SDN fabrics: the word "optional" stands with the kinds of a parameter. */
function isOptionalInAll(kinds: Json[]): boolean {
  return kinds.length > 0 && kinds.every((kind) => flag(record(kind).optional));
}

/** HA rules: a parameter names the kind, and each kind has properties of its own. */
function addKinds(part: JsonRecord, where: string, strings: PropertyStrings, into: Map<string, Described>): void {
  const discriminator = text(part["type-property"]);
  if (discriminator === undefined) return;
  into.set(discriminator, described(record(part["type-property-schema"]), discriminator, where, strings));
  const kinds = list(part.oneOf).map(record);
  for (const kind of kinds) {
    for (const [name, value] of sorted(record(kind.properties))) {
      const parameter = described(record(value), name, where, strings);
      const having = kinds.filter((other) => record(other.properties)[name] !== undefined);
      if (having.length < kinds.length) {
        parameter.only = [discriminator, ...having.map((other) => text(other["instance-type"]) ?? "")];
        if (!parameter.optional) Object.assign(parameter, { optional: true, needed: true });
      }
      into.set(name, parameter);
    }
  }
}
