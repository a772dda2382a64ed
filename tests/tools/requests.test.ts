// Every request that a tool can send is one that PVE's own description allows: from the required arguments, from each
// optional one, and from all of them.
import { describe, expect, test } from "bun:test";
import { checkArguments } from "../../src/schema/check.ts";
import { type Endpoint, endpoint, endpointKeys, type Parameter, parameterOf } from "../../src/schema/registry.ts";
import {
  type Argument,
  argumentsOf,
  endpointsOf,
  forksAt,
  guestTypeAt,
  ownNames,
} from "../../src/toolkit/arguments.ts";
import { callTool } from "../../src/toolkit/call.ts";
import type { Operation } from "../../src/toolkit/operation.ts";
import type { Tool } from "../../src/toolkit/tool.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { exampleOf } from "../toolkit/examples.ts";
import { clusterAnswering, type Sent, taskAnswers } from "../toolkit/stand-in.ts";
import { domains } from "./cases/all.ts";

const guests = [
  { type: "qemu", vmid: 100, name: "web-01", node: "pve1", status: "running" },
  { type: "lxc", vmid: 200, name: "dns-01", node: "pve1", status: "running" },
];

/** A PVE with one VM and one container, which takes everything: what a domain knows better it says itself. */
function answering() {
  const gone = new Set<string>();
  return (sent: Sent): unknown => {
    const { method, path } = sent;
    const known = domains.map(({ answer }) => answer?.(sent)).find((data) => data !== undefined);
    if (method === "DELETE") gone.add(path);
    if (known !== undefined) return known;
    if (method === "GET" && gone.has(path)) throw new Error("it does not exist");
    if (path === "/cluster/resources") return guests;
    if (path === "/nodes") return [{ node: "pve1", status: "online" }];
    if (path === "/cluster/nextid") return "101";
    if (path === "/version") return { version: "9.2", release: "9.2" };
    return taskAnswers(sent) ?? (method === "GET" ? {} : null);
  };
}

const companions = Object.assign({}, ...domains.map((one) => one.companions ?? {}));
const apart = domains.flatMap((one) => one.apart ?? []);
const only: Readonly<Record<string, string>> = Object.assign({}, ...domains.map((one) => one.only ?? {}));
const values: Readonly<Record<string, unknown>> = Object.assign({}, ...domains.map((one) => one.values ?? {}));
const elsewhere: Readonly<Record<string, string>> = Object.assign({}, ...domains.map((one) => one.elsewhere ?? {}));

const cases = catalogue.flatMap((tool) =>
  [...tool.operations].flatMap(([action, operation]) =>
    endpointsOf(operation).map((at) => ({ label: `${tool.name} ${action} ${at.key}`, tool, action, operation, at })),
  ),
);

describe.each(cases)("$label", ({ tool, action, operation, at }) => {
  const all = argumentsOf(operation, at);
  const name = `${tool.name} ${action}`.trim();
  const required = all.filter((argument) => argument.required);
  const optional = all.filter((argument) => !argument.required && fits(name, argument, operation, at));

  test("takes no two arguments of one name", () => {
    expect(all.map(({ name }) => name).filter((one, place, names) => names.indexOf(one) !== place)).toEqual([]);
  });
  if (elsewhere[name] !== undefined) return;
  test("from the required arguments alone", () => sends(tool, action, at, required));
  if (optional.length > 0) {
    test.each(optional.map((argument) => [argument.name, argument] as const))("with %s", (_, argument) =>
      sends(tool, action, at, [...required, argument]),
    );
    test("from all of them", () => {
      const together = optional.filter((one) => !apart.some((other) => isNamed(other, name, one.name)));
      return sends(tool, action, at, [...required, ...together]);
    });
  }
});

/** Whether a key of the cases means this argument: `tool argument` or `tool action argument`. */
function isNamed(key: string, operation: string, argument: string): boolean {
  const [tool = ""] = operation.split(" ");
  return key === `${operation} ${argument}` || key === `${tool} ${argument}`;
}

function knownOf<Value>(
  known: Readonly<Record<string, Value>>,
  operation: string,
  argument: string,
): Value | undefined {
  const [tool = ""] = operation.split(" ");
  return known[`${operation} ${argument}`] ?? known[`${tool} ${argument}`];
}

function fits(operation: string, { name, parameter }: Argument, line: Operation, at: Endpoint): boolean {
  const alone = knownOf(only, operation, name);
  const kinds = [guestTypeAt(at), ...Object.values(forksAt(line, at))];
  return parameter.only === undefined && (alone === undefined || kinds.includes(alone));
}

async function sends(tool: Tool, action: string, at: Endpoint, chosen: readonly Argument[]): Promise<void> {
  const operation = tool.operations.get(action);
  if (!operation) throw new Error(`${tool.name} has no ${action}`);
  const label = `${tool.name} ${action}`.trim();
  const given: Record<string, unknown> = tool.hasActions ? { action } : {};
  const forks = forksAt(operation, at);
  Object.assign(given, knownOf(companions, label, "*"));
  for (const { name, parameter } of chosen) {
    const value = forks[name] ?? knownOf(values, label, name) ?? exampleOf(parameter.definition, name);
    given[name.replace("[n]", "1")] = value;
    Object.assign(given, knownOf(companions, label, name));
    const needs = parameter.requires;
    if (needs && given[needs] === undefined) given[needs] = exampleOf(parameterNamed(at, needs).definition, needs);
  }
  const type = guestTypeAt(at);
  if (type)
    Object.assign(given, { vmid: type === "qemu" ? "100" : "dns-01" }, given.type === undefined ? {} : { type });
  if (given.node !== undefined) given.node = "pve1";
  const { cluster, sent } = clusterAnswering(answering());
  const answered = await callTool(tool, given, cluster);
  expect({ outcome: answered.outcome, reason: answered.reason }).toEqual({ outcome: "ok", reason: undefined });
  expect(sent.map(keyOf)).toContain(at.key);
  for (const one of sent)
    expect({ key: keyOf(one), problems: problemsOf(one) }).toEqual({ key: keyOf(one), problems: [] });
  const last = sent.findLast((one) => keyOf(one) === at.key);
  const own = ownNames(operation);
  for (const { name, pve, parameter } of chosen) {
    if (!pve || parameter.inPath || own.has(name) || operation.compose || operation.perform) continue;
    expect(last?.parameters.map(([key]) => key)).toContain(pve.replace("[n]", "1"));
  }
}

function parameterNamed(at: Endpoint, name: string): Parameter {
  const parameter = parameterOf(at, name);
  if (!parameter) throw new Error(`${at.key} has no ${name}`);
  return parameter;
}

const keys = endpointKeys();
const patterns = keys
  .map((key) => ({
    key,
    pattern: new RegExp(`^${key.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, "[^/]+")}$`),
  }))
  .sort((one, other) => one.key.split("{").length - other.key.split("{").length);

/** The endpoint that a concrete request reached, by the registry's own templates. */
function keyOf({ method, path }: Sent): string {
  const found = patterns.find(({ pattern }) => pattern.test(`${method} ${path}`));
  return found?.key ?? `${method} ${path} is not PVE's`;
}

/** What PVE's description has against a request as it stood on the wire. */
function problemsOf(sent: Sent): unknown[] {
  const key = keys.find((one) => one === keyOf(sent));
  if (!key) return ["no such endpoint"];
  const at = endpoint(key);
  const names = at.path.match(/\{\w+\}/g)?.map((name) => name.slice(1, -1)) ?? [];
  const values = new RegExp(`^${at.path.replace(/\{\w+\}/g, "([^/]+)")}$`).exec(sent.path)?.slice(1) ?? [];
  const path = Object.fromEntries(names.map((name, place) => [name, decodeURIComponent(values[place] ?? "")]));
  return checkArguments(at, { ...Object.fromEntries(sent.parameters), ...path }).problems;
}
