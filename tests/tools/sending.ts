// Owns the calling of every operation over a stand-in for PVE that takes everything: which calls there are, with what
// arguments, and what of them reached the wire.
import { checkArguments } from "../../src/schema/check.ts";
import { type Endpoint, endpoint, endpointKeys, type Parameter, parameterOf } from "../../src/schema/registry.ts";
import type { Answer } from "../../src/toolkit/answer.ts";
import { type Argument, argumentsOf, endpointsOf, forksAt, guestTypeAt } from "../../src/toolkit/arguments.ts";
import { callTool } from "../../src/toolkit/call.ts";
import type { Policy } from "../../src/toolkit/gate.ts";
import type { Operation } from "../../src/toolkit/operation.ts";
import type { Tool } from "../../src/toolkit/tool.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { exampleOf } from "../toolkit/examples.ts";
import { clusterAnswering, type Sent, taskAnswers } from "../toolkit/stand-in.ts";
import { domains } from "./cases/all.ts";

/** One operation at one of its endpoints. */
export interface Line {
  readonly label: string;
  /** `tool action`, or the tool's name where it has no actions. */
  readonly name: string;
  readonly tool: Tool;
  readonly action: string;
  readonly operation: Operation;
  readonly at: Endpoint;
}

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
export const apart = domains.flatMap((one) => one.apart ?? []);
const only: Readonly<Record<string, string>> = Object.assign({}, ...domains.map((one) => one.only ?? {}));
const values: Readonly<Record<string, unknown>> = Object.assign({}, ...domains.map((one) => one.values ?? {}));
export const elsewhere: Readonly<Record<string, string>> = Object.assign(
  {},
  ...domains.map((one) => one.elsewhere ?? {}),
);

/** Every operation at each of its endpoints. */
export const lines: readonly Line[] = catalogue.flatMap((tool) =>
  [...tool.operations].flatMap(([action, operation]) => {
    const name = `${tool.name} ${action}`.trim();
    return endpointsOf(operation).map((at) => ({ label: `${name} ${at.key}`, name, tool, action, operation, at }));
  }),
);

/** The arguments that a line can be called with: the required, and the optional that fit its endpoint. */
export function argumentsFor({ name, operation, at }: Line): { required: Argument[]; optional: Argument[] } {
  const all = argumentsOf(operation, at);
  return {
    required: all.filter((argument) => argument.required),
    optional: all.filter((argument) => !argument.required && fits(name, argument, operation, at)),
  };
}

/** Whether a key of the cases means this argument: `tool argument` or `tool action argument`. */
export function isNamed(key: string, operation: string, argument: string): boolean {
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

/** A call with an example of each of these arguments, and with what has to come with them. */
export function callWith({ name: label, tool, action, operation, at }: Line, chosen: readonly Argument[]) {
  const given: Record<string, unknown> = tool.hasActions ? { [tool.chooser]: action } : {};
  const forks = forksAt(operation, at);
  Object.assign(given, knownOf(companions, label, "*"));
  for (const segment of Object.values(forks)) Object.assign(given, knownOf(companions, label, `* ${segment}`));
  for (const { name, parameter } of chosen) {
    const value = forks[name] ?? knownValue(label, name, at) ?? exampleOf(parameter.definition, name);
    given[name.replace("[n]", "1")] = value;
    Object.assign(given, knownOf(companions, label, name));
    const needs = parameter.requires;
    if (needs && given[needs] === undefined) given[needs] = exampleOf(parameterNamed(at, needs).definition, needs);
  }
  const type = guestTypeAt(at);
  if (type)
    Object.assign(given, { vmid: type === "qemu" ? "100" : "dns-01" }, given.type === undefined ? {} : { type });
  if (given.node !== undefined) given.node = "pve1";
  return given;
}

/** A value that the domain knows: for this kind of guest, or for both. */
function knownValue(label: string, name: string, at: Endpoint): unknown {
  return knownOf(values, label, `${name} ${guestTypeAt(at)}`) ?? knownOf(values, label, name);
}

/** Calls it, and tells what was answered and what was sent. */
export async function called(
  { tool }: Line,
  given: Record<string, unknown>,
  policy?: Policy,
): Promise<{ answer: Answer; sent: Sent[] }> {
  const { cluster, sent } = clusterAnswering(answering(), policy);
  return { answer: await callTool(tool, given, cluster), sent };
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
export function keyOf({ method, path }: Sent): string {
  const found = patterns.find(({ pattern }) => pattern.test(`${method} ${path}`));
  return found?.key ?? `${method} ${path} is not PVE's`;
}

/** What PVE's description has against a request as it stood on the wire. */
export function problemsOf(sent: Sent): unknown[] {
  const key = keys.find((one) => one === keyOf(sent));
  if (!key) return ["no such endpoint"];
  const at = endpoint(key);
  const names = at.path.match(/\{\w+\}/g)?.map((name) => name.slice(1, -1)) ?? [];
  const values = new RegExp(`^${at.path.replace(/\{\w+\}/g, "([^/]+)")}$`).exec(sent.path)?.slice(1) ?? [];
  const path = Object.fromEntries(names.map((name, place) => [name, decodeURIComponent(values[place] ?? "")]));
  return checkArguments(at, { ...Object.fromEntries(sent.parameters), ...path }).problems;
}
