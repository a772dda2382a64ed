// Owns the line of an endpoint in registry.gen.ts: key, parameters as one ArkType definition, and what else is known.
import type { Definition } from "../src/schema/definition.ts";
import type { LineFacts } from "../src/schema/registry.ts";
import type { Described, DescribedMethod } from "./registry-parameters.ts";
import { resultOf } from "./registry-result.ts";
import { type Method, record, text } from "./registry-source.ts";

/** `key TAB {parameters} TAB {facts}`; facts that are as usual are left out. */
export function line(method: Method, described: DescribedMethod, since: (name: string) => string | undefined): string {
  const definition: Record<string, Definition> = {};
  for (const [name, parameter] of described.parameters) definition[arkKey(name, parameter)] = parameter.definition;
  if (!described.additional) definition["+"] = "reject";
  const facts = factsOf(method, described, since);
  const columns = [`${method.method} ${method.path}`, JSON.stringify(definition)];
  if (Object.keys(facts).length > 0) columns.push(JSON.stringify(facts));
  return columns.join("\t");
}

export function resultLine(method: Method): string {
  return `${method.method} ${method.path}\t${JSON.stringify(resultOf(record(method.info.returns)))}`;
}

/** ArkType's own notation: `name`, `name?`, and an index signature for PVE's `net[n]`. */
function arkKey(name: string, parameter: Described): string {
  if (name.endsWith("[n]")) return `[/^${name.slice(0, -3)}\\d+$/]`;
  return parameter.optional ? `${name}?` : name;
}

function factsOf(method: Method, described: DescribedMethod, since: (name: string) => string | undefined): LineFacts {
  const own = since("");
  const permissions = record(method.info.permissions);
  const facts: Record<string, unknown> = {};
  if (own !== undefined && own !== "8.4") facts.since = own;
  const user = text(permissions.user);
  if (user !== undefined) facts.user = user;
  if (permissions.check !== undefined) facts.check = permissions.check;
  if (text(method.info.proxyto) === "node") facts.proxy = "node";
  collect(facts, "defaults", described, (parameter) => parameter.default);
  collect(facts, "requires", described, (parameter) => parameter.requires);
  collect(facts, "only", described, (parameter) => parameter.only);
  collect(facts, "needed", described, (parameter) => parameter.needed);
  collect(facts, "added", described, (_, name) => (since(name) === own ? undefined : since(name)));
  return facts;
}

function collect(
  facts: Record<string, unknown>,
  name: string,
  { parameters }: DescribedMethod,
  pick: (parameter: Described, name: string) => unknown,
): void {
  const found: Record<string, unknown> = {};
  for (const [key, parameter] of parameters) {
    const value = pick(parameter, key);
    if (value !== undefined) found[key] = value;
  }
  if (Object.keys(found).length > 0) facts[name] = found;
}
