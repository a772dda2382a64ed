// Owns the check of a call's arguments: from what a model sent to PVE's parameters, or every problem at once.
import type { Problem, WireValue } from "../schema/check.ts";
import { sentence } from "../schema/problem.ts";
import { type Endpoint, type Parameter, parameterOf } from "../schema/registry.ts";
import {
  type Argument,
  argumentsOf,
  endpointsOf,
  forksAt,
  type GuestType,
  guestTypeAt,
  guestTypeOf,
  isOnGuest,
} from "./arguments.ts";
import type { Operation, Values } from "./operation.ts";

/** Arguments that passed: under PVE's names, the operation's own ones among them, coerced as they go on the wire. */
export interface Settled {
  readonly endpoint: Endpoint;
  readonly values: Readonly<Record<string, WireValue>>;
  /** What names the guest, for endpoints of guests. */
  readonly guest?: { readonly ref: string; readonly node?: string; readonly type?: GuestType };
  /** Seconds to wait for a task, when the call says so. */
  readonly wait?: number;
}

/** The outcome of the check at one endpoint of the operation. */
export type Settling =
  | { readonly settled: Settled }
  | { readonly endpoint: Endpoint; readonly problems: readonly string[] };

/**
 * Checks a call's arguments (without `action`) at every endpoint that they could mean: both of VMs and containers
 * while `type` is open. ArkType is loaded here, with the first call.
 */
export async function settle(operation: Operation, given: Values): Promise<readonly [Settling, ...Settling[]]> {
  const { checkArguments } = await import("../schema/check.ts");
  const type = guestTypeOf(given.type);
  const all = endpointsOf(operation);
  const meant = all.filter(
    (at) =>
      (guestTypeAt(at) === undefined || type === undefined || guestTypeAt(at) === type) &&
      Object.entries(forksAt(operation, at)).every(([name, segment]) => String(given[name]) === segment),
  );
  const [first, ...rest] = (meant.length > 0 ? meant : all).map((at) => settleAt(operation, at, given, checkArguments));
  if (!first) throw new Error(`${operation.endpoint} has no endpoint`);
  return [first, ...rest];
}

type Check = (at: Endpoint, given: Values) => { values: Record<string, WireValue>; problems: Problem[] };

function settleAt(operation: Operation, at: Endpoint, given: Values, check: Check): Settling {
  const taken = argumentsOf(operation, at);
  const { renamed, clashes } = byGivenName(taken, given);
  const refused = Object.entries(operation.instead ?? {}).filter(([name]) => isGiven(given[name]));
  const parameters = new Map<string, Parameter>(renamed.map((argument) => [argument.name, argument.parameter]));
  const rest = Object.fromEntries(
    Object.entries(given)
      .filter(([name]) => !refused.some(([other]) => other === name))
      .map(([name, value]) => [name, spelled(operation, name, value)]),
  );
  const { values, problems } = check({ ...at, parameters, additional: false }, rest);
  const lines = [
    ...refused.map(([name, instead]) => {
      const why = parameterOf(at, name) ? "is not taken here" : "PVE has no such parameter here";
      return `${name}: ${why}; ${instead}`;
    }),
    ...clashes,
    ...sentences(problems),
    ...typeMismatch(at, given),
    ...(isOnGuest(operation, at) ? notAName(given) : []),
  ];
  if (lines.length > 0) return { endpoint: at, problems: lines };
  return { settled: settled(operation, at, renamed, values) };
}

/** A value as PVE spells it. */
function spelled({ spellings = {} }: Operation, name: string, value: unknown): unknown {
  return spellings[name]?.[String(value)] ?? value;
}

/** A line a problem; what is taken is said once, behind the last unknown name. */
function sentences(problems: readonly Problem[]): string[] {
  const last = problems.findLast(({ kind }) => kind === "unknown");
  return problems.map((problem) => {
    const line = sentence(problem);
    return problem.kind === "unknown" && problem !== last ? line.replace(/; taken: .*$/s, "") : line;
  });
}

/** Gives each argument the name under which it came, so that a problem speaks of what was sent: ours, or PVE's. */
function byGivenName(taken: readonly Argument[], given: Values): { renamed: readonly Argument[]; clashes: string[] } {
  const clashes: string[] = [];
  const renamed = taken.map((argument) => {
    const { name, pve } = argument;
    const other = pve !== undefined && pve !== name && isGiven(given[pve]) && !taken.some((one) => one.name === pve);
    if (!other) return relaxed(argument);
    if (isGiven(given[name])) clashes.push(`${name} and ${pve} mean the same: give one of them`);
    return relaxed({ ...argument, name: pve });
  });
  // what needs another parameter needs it under the name that it has in this call
  const called = new Map(renamed.map(({ name, pve }) => [pve, name]));
  const related = renamed.map((argument) => {
    const { requires } = argument.parameter;
    if (requires === undefined) return argument;
    return { ...argument, parameter: { ...argument.parameter, requires: called.get(requires) ?? requires } };
  });
  return { renamed: related, clashes };
}

/** The check asks for what is required here, not for what PVE requires and is looked up. */
function relaxed(argument: Argument): Argument {
  const required = argument.required && !(argument.pve === "node" && argument.parameter.inPath);
  return { ...argument, parameter: { ...argument.parameter, name: argument.name, required } };
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** `true` is no guest, though PVE's own spelling of it would be the name "1". */
function notAName({ vmid }: Values): string[] {
  if (typeof vmid !== "boolean") return [];
  return [`vmid must be a guest's number or name (was ${vmid})`];
}

function typeMismatch(at: Endpoint, given: Values): string[] {
  const type = guestTypeOf(given.type);
  const here = guestTypeAt(at);
  if (type === undefined || here === undefined || type === here) return [];
  return [`type is ${JSON.stringify(given.type)}: this is for ${here === "qemu" ? "VMs" : "containers"} alone`];
}

function settled(
  operation: Operation,
  at: Endpoint,
  names: readonly Argument[],
  values: Record<string, WireValue>,
): Settled {
  const pveNames = new Map(names.map(({ name, pve }) => [name, pve ?? name]));
  const named = (given: Readonly<Record<string, WireValue>>) => ({
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [pveNames.get(name) ?? name, value])),
    ...operation.fixed,
  });
  const { wait, ...rest } = values;
  const result = { endpoint: at, ...(typeof wait === "number" ? { wait } : {}) };
  if (!isOnGuest(operation, at)) return { ...result, values: named(rest) };
  const { vmid, node, type: given, ...others } = rest;
  const type = guestTypeOf(given);
  const guest = { ref: String(vmid), ...(typeof node === "string" ? { node } : {}), ...(type ? { type } : {}) };
  return { ...result, guest, values: named(others) };
}
