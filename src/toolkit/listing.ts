// Owns how a tool is listed for clients: name, title, description, flat input schema, hints. Runs at build time.
import { type JsonProperty, jsonSchema } from "../schema/json-schema.ts";
import { type Argument, argumentsOf, endpointsOf, guestTypeAt } from "./arguments.ts";
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
  if (tool.hasActions) properties.action = { type: "string", enum: operations.map(([action]) => action) };
  for (const { operation, taken: all } of taken) {
    for (const argument of all) {
      const property = propertyOf(argument, operation);
      const before = properties[argument.name];
      properties[argument.name] = before ? merged(before, property) : property;
    }
  }
  const required = Object.keys(properties).filter(
    (name) =>
      name === "action" || taken.every((one) => one.taken.some((other) => other.name === name && other.required)),
  );
  return {
    name: tool.name,
    title: tool.title,
    description: [tool.description + soleMark(tool, operations), ...signatures(tool, taken)].join("\n"),
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

/** The listed arguments of an operation, at whichever of its endpoints has them. */
function takenBy(operation: Operation): readonly Argument[] {
  const all = endpointsOf(operation).flatMap((at) => argumentsOf(operation, at));
  return all.filter(({ name, listed }, place) => listed && all.findIndex((other) => other.name === name) === place);
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
const longestEnum = 8;

/** Two actions that take an argument of one name: what both allow stays, the rest is checked per call. */
function merged(one: ListedProperty, other: ListedProperty): ListedProperty {
  if (JSON.stringify(one) === JSON.stringify(other)) return one;
  return { type: one.type === other.type ? one.type : "string" };
}

const elevatedMark = "🔒";

function soleMark(tool: Tool, [first]: readonly [string, Operation][]): string {
  return !tool.hasActions && first && tierOf(first[1].kind) === "elevated" ? ` ${elevatedMark}` : "";
}

/** A line an action: `🔒add(vmid, disk, size, storage?)`. A tool of one operation needs none. */
function signatures(
  tool: Tool,
  taken: readonly { action: string; operation: Operation; taken: readonly Argument[] }[],
) {
  if (!tool.hasActions) return [];
  return taken.map(({ action, operation, taken: all }) => {
    const looked = endpointsOf(operation).some((at) => guestTypeAt(at)) ? lookedUp : [];
    const names = all
      .filter(({ name }) => name !== "wait" && !looked.includes(name))
      .map(({ name, required }) => (required ? name : `${name}?`));
    return `${tierOf(operation.kind) === "elevated" ? elevatedMark : ""}${action}(${names.join(", ")})`;
  });
}

/** What signature lines leave out for a guest: it is looked up when absent. */
const lookedUp: readonly string[] = ["node", "type"];
