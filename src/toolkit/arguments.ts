// Owns which arguments an operation takes: PVE's parameters of its endpoint, by our names, and the operation's own.
import { type Definition, type Endpoint, endpoint, isKey, type Parameter, parameterOf } from "../schema/registry.ts";
import type { Operation } from "./operation.ts";

/** One argument of a call: its name for clients, and the parameter that checks it. */
export interface Argument {
  readonly name: string;
  /** PVE's name of it; absent for an argument of our own. */
  readonly pve?: string;
  readonly parameter: Parameter;
  readonly required: boolean;
  /** Whether clients see it in the listing; the others are taken all the same. */
  readonly listed: boolean;
  /** The choices that clients see, where more spellings are taken. */
  readonly choices?: readonly string[];
}

const guestTypes = ["qemu", "lxc"] as const;
export type GuestType = (typeof guestTypes)[number];

/** What the argument `type` may say for a guest: the seed's `vm`, PVE's `qemu`, `lxc`. */
const typeNames = new Map<unknown, GuestType>([
  ["vm", "qemu"],
  ["qemu", "qemu"],
  ["lxc", "lxc"],
  ["ct", "lxc"],
]);

export function guestTypeOf(name: unknown): GuestType | undefined {
  return typeNames.get(name);
}

/** The endpoints behind an operation: one, or as many as its path has forms: VMs and containers, and what `forks` names. */
export function endpointsOf({
  endpoint: template,
  forks = {},
}: Pick<Operation, "endpoint" | "forks">): readonly Endpoint[] {
  let keys: readonly string[] = namesOfLast(template);
  for (const [name, segments] of Object.entries({ ...forks, type: guestTypes })) {
    keys = keys.flatMap((key) => (isKey(key) ? [key] : segments.map((segment) => key.replace(`{${name}}`, segment))));
  }
  return [...new Set(keys)].filter(isKey).map(endpoint);
}

/** A path whose last segment has several names (`move_disk|move_volume`): PVE has one of them for each kind of guest. */
function namesOfLast(template: string): string[] {
  const last = template.lastIndexOf("/") + 1;
  return template
    .slice(last)
    .split("|")
    .map((name) => template.slice(0, last) + name);
}

/** What the forks of an operation's path say at one of its endpoints: argument → segment. */
export function forksAt({ endpoint: template, forks = {} }: Operation, at: Endpoint): Readonly<Record<string, string>> {
  const [, path = ""] = template.split(" ");
  const segments = path.split("/").map((segment, place) => [segment, at.path.split("/")[place] ?? ""] as const);
  const chosen = segments.filter(([segment, there]) => segment !== there && segment.slice(1, -1) in forks);
  return Object.fromEntries(chosen.map(([segment, there]) => [segment.slice(1, -1), there]));
}

/** The arguments of an operation that PVE doesn't have. */
export function ownNames({ own = {}, forks = {} }: Operation): ReadonlySet<string> {
  return new Set([...Object.keys(own).map((name) => name.replace(/\?$/, "")), ...Object.keys(forks)]);
}

/** The type of guest that an endpoint acts on, when its `vmid` names one that exists. */
export function guestTypeAt(at: Endpoint): GuestType | undefined {
  return guestTypes.find((type) => at.path.startsWith(`/nodes/{node}/${type}/{vmid}`));
}

/** Whether an operation's `vmid` names a guest that exists. */
export function isOnGuest(operation: Operation, at: Endpoint): boolean {
  return operation.guest === true || guestTypeAt(at) !== undefined;
}

/** Whether an operation can answer with a UPID: it changes something and PVE declares a text as its result. */
export function startsTask(at: Endpoint): boolean {
  return at.method !== "GET" && at.result === "string";
}

/** Every argument that an operation takes at one of its endpoints: path variables in their order, the required, the rest. */
export function argumentsOf(operation: Operation, at: Endpoint): readonly Argument[] {
  const own = [...guestArgumentsAt(operation, at), ...ownArguments(operation)];
  const ours = new Set(own.map(({ name }) => name));
  const theirs = pveArguments(operation, at).filter(({ name }) => !ours.has(name));
  const wait = startsTask(at) ? [ownArgument("wait?", waitDefinition)] : [];
  const all = [...own, ...theirs, ...wait];
  const place = ({ name, parameter }: Argument) =>
    parameter.inPath ? at.path.indexOf(`{${name}}`) - at.path.length : 0;
  const required = all.filter((argument) => argument.required).sort((one, other) => place(one) - place(other));
  return [...required, ...all.filter((argument) => !argument.required)];
}

/** PVE's parameters, those to show first, in the order in which they are to be shown. */
function pveArguments(operation: Operation, at: Endpoint): Argument[] {
  const { optional = [], show = [], names = {}, fixed = {}, instead = {}, takes } = operation;
  const shown = show.flatMap((name) => {
    const parameter = parameterOf(at, name);
    return parameter ? [{ name: names[name] ?? name, pve: name, parameter, required: false, listed: true }] : [];
  });
  const rest = [...at.parameters].flatMap(([pve, parameter]) => {
    const isTaken = parameter.inPath || takes === undefined || takes.includes(pve);
    if (!isTaken || fixed[pve] !== undefined || instead[pve] !== undefined || show.includes(pve)) return [];
    // PVE calls some variables of a path optional; without them it is another path
    const needed = parameter.required || parameter.inPath;
    return [{ name: names[pve] ?? pve, pve, parameter, required: needed && !optional.includes(pve), listed: needed }];
  });
  return [...shown, ...rest];
}

/** What names a guest: its number or name, and for the same name twice the node and type. */
function guestArgumentsAt(operation: Operation, at: Endpoint): Argument[] {
  if (!isOnGuest(operation, at)) return [];
  const both = operation.guest === true || endpointsOf(operation).length > 1;
  return [
    ownArgument("vmid", "guest-name"),
    ownArgument("node?", "pve-node"),
    { ...ownArgument("type?", ["===", "vm", "lxc", "qemu", "ct"]), listed: both, choices: ["vm", "lxc"] },
  ];
}

function ownArguments({ own = {}, forks = {}, unlisted = [], choices = {} }: Operation): Argument[] {
  const chosen = Object.entries(forks).map(([name, segments]) => [name, ["===", ...segments]] as const);
  return [...chosen, ...Object.entries(own)].map(([name, definition]) => {
    const argument = ownArgument(name, definition);
    const seen = choices[argument.name];
    return { ...argument, listed: !unlisted.includes(argument.name), ...(seen ? { choices: seen } : {}) };
  });
}

/** Seconds to wait for a task's end. */
const waitDefinition: Definition = "0<=integer<=3600";

function ownArgument(marked: string, definition: Definition): Argument {
  const name = marked.replace(/\?$/, "");
  const required = name === marked;
  return { name, parameter: { name, definition, required, inPath: false, since: "8.4" }, required, listed: true };
}
