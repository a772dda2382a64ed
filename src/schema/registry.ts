// Owns the look-up of PVE's endpoints: a line of the generated registry, parsed when it is first asked for.
import type { Definition } from "./definition.ts";
import type { EndpointKey } from "./endpoints.gen.ts";
import { lastIndex } from "./index-bounds.ts";
import { REGISTRY } from "./registry.gen.ts";
import { RESULTS } from "./results.gen.ts";

export type { Definition } from "./definition.ts";
export type { EndpointKey } from "./endpoints.gen.ts";

/** The versions of PVE that the registry knows. */
export type Version = "8.4" | "9.1" | "9.2";
export type HttpMethod = "GET" | "POST" | "PUT" | "DELETE";

/** A parameter of an endpoint, path variables included. */
export interface Parameter {
  /** PVE's name; "net[n]" stands for net0, net1, … */
  name: string;
  definition: Definition;
  required: boolean;
  /** it is a variable of the path */
  inPath: boolean;
  /** the value that PVE takes when it is absent; never sent by us */
  default?: string | number | boolean;
  /** a parameter that must be given together with this one */
  requires?: string;
  /** it belongs to certain values of another parameter only, e.g. `nodes` to `type` "node-affinity" */
  only?: { parameter: string; values: readonly string[]; required: boolean };
  /** the oldest version that has it */
  since: Version;
}

/**
 * PVE's check of privileges as PVE gives it: `["perm", "/vms/{vmid}", ["VM.Audit"], "any", 1]`, nested with
 * "and" and "or"; also "perm-modify", "userid-param", "userid-group".
 */
export type PermissionCheck = readonly (string | number | null | PermissionCheck)[];

/**
 * A declared result: a type's name, with PVE's renderer behind a blank where there is one ("integer bytes",
 * "number fraction_as_percentage"), `[shape]` for a list, an object for an object. "any" where PVE says nothing.
 */
export type ResultShape = string | readonly [ResultShape] | { readonly [name: string]: ResultShape };

/** A method of PVE's API. Source: PVE's own description of its API, 9.2. */
export interface Endpoint {
  key: EndpointKey;
  method: HttpMethod;
  path: string;
  parameters: ReadonlyMap<string, Parameter>;
  /** PVE lets undeclared parameters through */
  additional: boolean;
  since: Version;
  /** absent together with `user`: only root@pam, never a token */
  permissions?: PermissionCheck;
  /** "all": whoever is logged in (the list is filtered), "world": without a login */
  user?: "all" | "world";
  /** the node in the path answers, not the host that was asked */
  proxyTo?: "node";
  readonly result: ResultShape;
}

/** The third column of a line: what isn't as usual. */
export interface LineFacts {
  since?: Version;
  user?: "all" | "world";
  check?: PermissionCheck;
  proxy?: "node";
  defaults?: Record<string, string | number | boolean>;
  requires?: Record<string, string>;
  only?: Record<string, [parameter: string, ...values: string[]]>;
  needed?: Record<string, true>;
  added?: Record<string, Version>;
}

/** The endpoint of a key. Throws for a key that isn't one, which the type forbids. */
export function endpoint(key: EndpointKey): Endpoint {
  const known = read.endpoints.get(key);
  if (known !== undefined) return known;
  const made = build(key, columnsOf(REGISTRY, key));
  read.endpoints.set(key, made);
  return made;
}

/** All keys, sorted by path. */
export function endpointKeys(): readonly EndpointKey[] {
  return [...allKeys()].filter(isKey);
}

/** Whether PVE 9.2 has an endpoint of this key. */
export function isKey(key: string): key is EndpointKey {
  return allKeys().has(key);
}

/** The parameter of a concrete name: "net0" finds "net[n]". */
export function parameterOf(endpoint: Endpoint, name: string): Parameter | undefined {
  const named = endpoint.parameters.get(name);
  const [, family = "", index] = named ? [] : (/^(.*?)(0|[1-9]\d{0,8})$/.exec(name) ?? []);
  if (index === undefined || Number(index) > lastIndex(family)) return named;
  return endpoint.parameters.get(`${family}[n]`);
}

/**
 * The endpoint that a concrete path ("/nodes/pve1/qemu/100/config", without /api2/json and query) belongs to, with
 * the path's variables decoded. Empty segments are tolerated (facts 20); a volume id or a network at the path's end
 * may hold a raw slash.
 */
export function route(method: string, path: string): Route | undefined {
  const given = path.split("/").filter((segment) => segment !== "");
  const found = match(templatesOf(method), given) ?? match(templatesOf(method), joinLast(given));
  return found === undefined ? undefined : { endpoint: endpoint(found.key), variables: found.variables };
}

export interface Route {
  endpoint: Endpoint;
  variables: Record<string, string>;
}

interface Template {
  key: EndpointKey;
  segments: readonly string[];
}

/** What was read from the generated lines so far; nothing is read before it is asked for. */
const read = {
  keys: new Set<string>(),
  endpoints: new Map<EndpointKey, Endpoint>(),
  templates: new Map<string, readonly Template[]>(),
};

function allKeys(): ReadonlySet<string> {
  if (read.keys.size > 0) return read.keys;
  for (const line of REGISTRY.trim().split("\n")) read.keys.add(line.slice(0, line.indexOf("\t")));
  return read.keys;
}

/** The templates of a method, fixed segments before variables. */
function templatesOf(method: string): readonly Template[] {
  const known = read.templates.get(method);
  if (known !== undefined) return known;
  const ranked = endpointKeys()
    .filter((key) => key.startsWith(`${method} `))
    .map((key) => ({ key, segments: key.slice(method.length + 2).split("/"), rank: key.replaceAll("{", "~") }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  read.templates.set(method, ranked);
  return ranked;
}

function match(candidates: readonly Template[], given: readonly string[]) {
  for (const { key, segments } of candidates) {
    if (segments.length !== given.length) continue;
    const fits = segments.every((segment, at) => segment.startsWith("{") || segment === given[at]);
    if (fits) return { key, variables: variablesOf(segments, given) };
  }
  return undefined;
}

function variablesOf(segments: readonly string[], given: readonly string[]): Record<string, string> {
  const variables: Record<string, string> = {};
  segments.forEach((segment, at) => {
    if (segment.startsWith("{")) variables[segment.slice(1, -1)] = decoded(given[at] ?? "");
  });
  return variables;
}

/** A segment decoded; one that is no percent-encoding stays as it is. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function joinLast(given: readonly string[]): readonly string[] {
  const at = given.findIndex((segment) => segment === "content" || segment === "ipset") + 1;
  const start = given[at - 1] === "ipset" ? at + 1 : at;
  return at > 0 ? [...given.slice(0, start), given.slice(start).join("/")] : given;
}

function columnsOf(source: string, key: string): readonly string[] {
  const start = source.indexOf(`\n${key}\t`) + 1;
  if (start === 0) throw new Error(`PVE has no endpoint ${key}`);
  return source.slice(start, source.indexOf("\n", start)).split("\t").slice(1);
}

function build(key: EndpointKey, [definitions = "{}", rest = "{}"]: readonly string[]): Endpoint {
  // our own generated data, held by tests/schema/registry.test.ts
  const definition: Record<string, Definition> = JSON.parse(definitions);
  const facts: LineFacts = JSON.parse(rest);
  const path = key.slice(key.indexOf(" ") + 1);
  const since = facts.since ?? "8.4";
  const parameters = new Map<string, Parameter>();
  for (const [arkKey, value] of Object.entries(definition)) {
    if (arkKey === "+") continue;
    const parameter = parameterFrom(arkKey, value, facts, path, since);
    parameters.set(parameter.name, parameter);
  }
  return {
    key,
    method: methodOf(key),
    path,
    parameters,
    additional: definition["+"] === undefined,
    since,
    ...(facts.check === undefined ? {} : { permissions: facts.check }),
    ...(facts.user === undefined ? {} : { user: facts.user }),
    ...(facts.proxy === undefined ? {} : { proxyTo: facts.proxy }),
    get result(): ResultShape {
      return JSON.parse(columnsOf(RESULTS, key)[0] ?? '"any"');
    },
  };
}

function methodOf(key: EndpointKey): HttpMethod {
  if (key.startsWith("GET")) return "GET";
  if (key.startsWith("POST")) return "POST";
  return key.startsWith("PUT") ? "PUT" : "DELETE";
}

function parameterFrom(
  arkKey: string,
  definition: Definition,
  facts: LineFacts,
  path: string,
  since: Version,
): Parameter {
  const index = /^\[\/\^(.+)\\d\+\$\/\]$/.exec(arkKey)?.[1];
  const optional = index !== undefined || arkKey.endsWith("?");
  const name = index === undefined ? arkKey.replace(/\?$/, "") : `${index}[n]`;
  const fallback = facts.defaults?.[name];
  const requires = facts.requires?.[name];
  const only = facts.only?.[name];
  return {
    name,
    definition,
    required: !optional,
    inPath: path.includes(`{${name}}`),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(requires === undefined ? {} : { requires }),
    ...(only === undefined ? {} : { only: onlyFrom(only, facts.needed?.[name] === true) }),
    since: facts.added?.[name] ?? since,
  };
}

function onlyFrom([parameter, ...values]: [string, ...string[]], required: boolean) {
  return { parameter, values, required };
}
