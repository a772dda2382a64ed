// Owns how a tool is listed for clients: name, title, description, flat input schema, hints. Runs at build time.
import { type JsonProperty, jsonSchema } from "../schema/json-schema.ts";
import { type Argument, argumentsOf, endpointsOf, isOnGuest } from "./arguments.ts";
import { isListed, type Policy } from "./gate.ts";
import { type Hints, hintsOf, tierOf } from "./kind.ts";
import type { Operation } from "./operation.ts";
import type { Tool } from "./tool.ts";

/** A tool as MCP's tools/list shows it (MCP 2025-11-25, Tool). The output schema is the same for all and added when served. */
export interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Flat: no anyOf and its like, every property with a type. What isn't listed is taken as well. */
  readonly inputSchema: {
    type: "object";
    properties: { [name: string]: ListedProperty };
    required?: string[];
  };
  readonly annotations: Hints & { readonly title: string };
}

/** A property of a flat input schema, and a few words where its name doesn't say what it holds. */
export type ListedProperty = {
  type: JsonProperty["type"];
  description?: string;
  enum?: (string | number)[];
  items?: ListedProperty;
};

/** The listing under a policy: only read-only mode leaves anything out, action by action. */
export function listingOf(tools: readonly Tool[], policy: Pick<Policy, "readOnly">): readonly ListedTool[] {
  return tools.flatMap((tool) => {
    const operations = [...tool.operations].filter(([, { kind }]) => isListed(kind, policy));
    return operations.length > 0 ? [listed(tool, operations)] : [];
  });
}

function listed(tool: Tool, operations: readonly [string, Operation][]): ListedTool {
  const taken = operations.map(([action, operation]) => ({ action, operation, taken: takenBy(operation) }));
  const properties: Record<string, ListedProperty> = {};
  if (tool.hasActions) properties[tool.chooser] = { type: "string", enum: operations.map(([action]) => action) };
  for (const { operation, taken: all } of taken) {
    for (const argument of all) {
      const property = propertyOf(argument, operation);
      const before = properties[argument.name];
      properties[argument.name] = before ? merged(before, property) : property;
    }
  }
  const required = Object.keys(properties).filter(
    (name) =>
      (tool.hasActions && name === tool.chooser) ||
      taken.every((one) => one.taken.some((other) => other.name === name && other.required)),
  );
  return {
    name: tool.name,
    title: tool.title,
    description: [tool.description + soleMark(operations), ...signatures(tool, taken)].join("\n"),
    inputSchema: { type: "object", properties, ...(required.length > 0 ? { required } : {}) },
    annotations: {
      title: tool.title,
      ...hintsOf(
        operations.flatMap(([, one]) =>
          endpointsOf(one).map(({ method }) => ({ kind: one.kind, method, composed: one.compose !== undefined })),
        ),
      ),
    },
  };
}

/** The listed arguments of an operation, at whichever of its endpoints has them; not those that the instructions tell once. */
function takenBy(operation: Operation): readonly Argument[] {
  const endpoints = endpointsOf(operation);
  const told = endpoints.some((at) => isOnGuest(operation, at)) ? ["wait", "node", "type"] : ["wait"];
  const all = endpoints.flatMap((at) => argumentsOf(operation, at));
  const isFirst = (name: string, place: number) => all.findIndex((other) => other.name === name) === place;
  return all.filter(({ name, pve, listed }, place) => {
    const isTold = told.includes(name) && (name === "wait" || pve === undefined || pve === name);
    return listed && !isTold && isFirst(name, place);
  });
}

function propertyOf(argument: Argument, operation: Operation): ListedProperty {
  const hint = operation.hints?.[argument.name];
  const { enum: members, ...property } = plain(jsonSchema(argument.parameter));
  const choices = argument.choices ?? (members && members.length <= longestEnum ? members : undefined);
  return {
    ...property,
    ...(choices ? { enum: [...choices] } : {}),
    ...(hint === undefined ? {} : { description: hint }),
  };
}

/** Ranges stay out: they cost more tokens than a wrong number, which is answered with what is allowed. */
function plain({ type, enum: members, items }: JsonProperty): ListedProperty {
  return { type, ...(members ? { enum: [...members] } : {}), ...(items ? { items: plain(items) } : {}) };
}

/** More members than this aren't worth their tokens; a wrong one is answered with all of them. */
const longestEnum = 5;

/** Two actions that take an argument of one name: what both allow stays, the rest is checked per call. */
function merged(one: ListedProperty, other: ListedProperty): ListedProperty {
  if (JSON.stringify(one) === JSON.stringify(other)) return one;
  return { type: one.type === other.type ? one.type : "string" };
}

const elevatedMark = "🔒";

/** One mark at the title where every action needs it. */
function soleMark(operations: readonly [string, Operation][]): string {
  return operations.every(([, { kind }]) => tierOf(kind) === "elevated") ? ` ${elevatedMark}` : "";
}

interface Taken {
  readonly action: string;
  readonly operation: Operation;
  readonly taken: readonly Argument[];
}

/**
 * A line a signature: `🔒start|stop(service)`. What every action requires stands in `required` alone, an action without
 * arguments in the enumeration of `action`. A tool of one operation needs no line.
 */
function signatures(tool: Tool, all: readonly Taken[]): string[] {
  if (!tool.hasActions) return [];
  const isMixed = all.some(({ operation }) => tierOf(operation.kind) === "basic");
  const lines = new Map<string, string[]>();
  for (const [place, one] of all.entries()) {
    const mark = isMixed && tierOf(one.operation.kind) === "elevated" ? elevatedMark : "";
    const names = namesOf(one, all.slice(0, place)).filter((name) => !isAlwaysRequired(name, all));
    const line = `${mark}(${names.join(", ")})`;
    lines.set(line, [...(lines.get(line) ?? []), one.action]);
  }
  lines.delete("()");
  return [...lines].map(([line, actions]) => line.replace("(", `${actions.join("|")}(`));
}

const isAlwaysRequired = (name: string, all: readonly Taken[]): boolean =>
  all.every(({ taken }) => taken.some((argument) => argument.name === name && argument.required));

/** Its arguments, the required first; `…create` stands for the optional ones of an earlier action, `…` for further ones. */
function namesOf({ taken }: Taken, earlier: readonly Taken[]): string[] {
  const optionalOf = (one: Taken) => one.taken.filter(({ required }) => !required).map(({ name }) => name);
  const takes = (name: string) => taken.some((argument) => argument.name === name && !argument.required);
  const like = earlier.find((one) => optionalOf(one).length >= worthwhile && optionalOf(one).every(takes));
  const shared = like ? optionalOf(like) : [];
  const own = taken.filter(({ name, required }) => !required && !shared.includes(name)).map(({ name }) => `${name}?`);
  const optional = [...own, ...(like ? [`…${like.action}`] : [])];
  const shown = optional.length > mostOptional ? [...optional.slice(0, mostOptional - 1), "…"] : optional;
  return [...taken.filter(({ required }) => required).map(({ name }) => name), ...shown];
}

/** The optional arguments that a line names at most; they all stand among the properties. */
const mostOptional = 4;
/** As few names in common cost no more than the word for them. */
const worthwhile = 3;
