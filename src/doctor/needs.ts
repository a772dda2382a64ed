// Owns what an operation needs of a token, as data: privileges on the roots of ACL paths, in a release of PVE.
import { configPrivileges } from "../pve/config-privileges.ts";
import { type Endpoint, endpoint, type PermissionCheck, type Version } from "../schema/registry.ts";
import { isIn, permissionsIn } from "../schema/release.ts";
import { argumentsOf, endpointsOf, isOnGuest } from "../toolkit/arguments.ts";
import type { Operation } from "../toolkit/operation.ts";
import { alongside, seen, within } from "./within.ts";

/** A privilege on what is below a path, or with `exact` on that path alone. `/vms/{vmid}` has the root `/vms`. */
export interface Want {
  readonly root: string;
  readonly privilege: string;
  readonly exact: boolean;
}

/** All of these let a call through. */
export type Way = readonly Want[];

/** One of the ways is needed. Without a way for `sight` the call is answered, and shows nothing. */
export interface Choice {
  readonly for: "call" | "sight";
  readonly ways: readonly Way[];
}

/** What an operation needs, all of the choices; "root": PVE lets no token do it; "absent": this release doesn't have it. */
export type Needs = readonly Choice[] | "root" | "absent";

/** The needs of an operation at all of the endpoints that it sends something to or reads what it changes from. */
export function needsOf(operation: Operation, release: Version): Needs {
  const { also = [], replaces } = operation;
  const read = typeof replaces === "object" ? replaces.at : replaces;
  const own = endpointsOf(operation);
  const all = [...own, ...[...also, ...(read ? [read] : [])].flatMap((key) => endpointsOf({ endpoint: key }))];
  const there = all.filter((at) => isIn(at, release));
  if (!own.some((at) => isIn(at, release))) return "absent";
  const needs = there.map((at) => needsAt(at, operation, release));
  if (needs.some((need) => need === "root")) return "root";
  const onGuest = own.some((at) => isOnGuest(operation, at));
  const lookUp = onGuest ? needsAt(endpoint("GET /cluster/resources"), operation, release) : [];
  const choices = [...needs, lookUp].flatMap((need) => (typeof need === "string" ? [] : need));
  return choices.map((choice) => knownIn(choice, release)).filter(({ ways }) => ways.length > 0);
}

/** Privileges that came with 9.0; VM.Monitor went with it. */
const new9 = /^VM\.(?:GuestAgent\.|Replicate$)/;

/** What a release doesn't know can't be granted there, and isn't asked for. */
function knownIn({ ways, ...choice }: Choice, release: Version): Choice {
  const isKnown = ({ privilege }: Want) => release !== "8.4" || !new9.test(privilege);
  return { ...choice, ways: ways.map((one) => one.filter(isKnown)).filter((one) => one.length > 0) };
}

function needsAt(at: Endpoint, operation: Operation, release: Version): Needs {
  const check = permissionsIn(at, release);
  if (check === undefined && at.user === undefined) return "root";
  const isForPart = at.user === "all" && check === at.permissions;
  const checked: Choice[] = check ? [{ for: isForPart ? "sight" : "call", ways: checkWays(check, at, operation) }] : [];
  const inside = isForPart && check === undefined ? (within[at.key] ?? []) : [];
  const more = [...inside, ...(alongside[at.key]?.(operation, optionsAt(at, operation)) ?? [])];
  return [
    ...checked,
    ...more.map((ways) => ({ for: "call" as const, ways: ways.map(way) })),
    ...(seen[at.key] ?? []).map((ways) => ({ for: "sight" as const, ways: ways.map(way) })),
  ];
}

/** `VM.Audit on /vms/{vmid}` */
function want(text: string): Want {
  const [privilege = "", path = "/"] = text.split(" on ");
  return wantAt(path, privilege);
}

const way = (texts: string): Way => texts.split(" and ").map(want);

/** A path that is a parameter itself may be any. */
function wantAt(path: string, privilege: string): Want {
  const [root = "", variable] = path.split(/\/?\{/);
  return { root: root || "/", privilege, exact: variable === undefined };
}

/** The ways through a check of PVE; being the user that is meant is none for a token. */
function checkWays([kind, ...rest]: PermissionCheck, at: Endpoint, operation: Operation): Way[] {
  const parts = () => rest.flatMap((part) => (Array.isArray(part) ? [checkWays(part, at, operation)] : []));
  switch (kind) {
    case "and":
      return parts().reduce<Way[]>((all, ways) => all.flatMap((one) => ways.map((other) => [...one, ...other])), [[]]);
    case "or":
      return parts().flat();
    case "perm":
      return perm(rest, at, operation);
    case "perm-modify":
      return [[wantAt(String(rest[0]), "Permissions.Modify")]];
    case "userid-group":
      return namesIn(rest[0]).map((name) => [wantAt("/access/groups", name)]);
    case "userid-param":
      return rest[0] === "self" ? [] : [[wantAt("/access/realm/{realm}", String(rest[0]))]];
    default:
      throw new Error(`unknown permission test ${kind}`);
  }
}

function perm([path, privileges, ...options]: PermissionCheck, at: Endpoint, operation: Operation): Way[] {
  const names = [...new Set(namesIn(privileges))];
  const wants = (some: readonly string[]) => some.map((name) => wantAt(String(path), name));
  const any = options.some((option, place) => option === "any" && Boolean(options[place + 1]));
  if (!any) return [wants(names)];
  const isByOption = names.filter((name) => name.startsWith("VM.Config.")).length > 1;
  // PVE goes on to check each option's own
  return isByOption ? [wants(optionsAt(at, operation))] : names.map((name) => wants([name]));
}

const namesIn = (item: PermissionCheck[number] | undefined): string[] =>
  Array.isArray(item) ? item.filter((name) => typeof name === "string") : [];

/** The VM.Config privileges for all that an operation may set at an endpoint. */
function optionsAt(at: Endpoint, operation: Operation): string[] {
  if (!at.parameters.has("vmid")) return [];
  const taken = argumentsOf(operation, at).flatMap(({ pve }) => (pve ? [pve.replace("[n]", "0")] : []));
  const composed = Object.keys(operation.own ?? {}).flatMap((name) => composedOf(name.replace(/\?$/, "")));
  const isPlain = at.path.endsWith("}/config") || /\/(?:qemu|lxc)$/.test(at.path);
  if (!isPlain) return [];
  const names = [...taken, ...composed].filter((name) => !notOptions.has(name));
  const values = Object.fromEntries(names.map((name) => [name, name === "ide2" ? "none,media=cdrom" : ""]));
  return configPrivileges(values);
}

/** Parameters beside the options: of the creation, and of the request. */
const notOptions = new Set([
  "archive",
  "bwlimit",
  "force",
  "live-restore",
  "pool",
  "start",
  "storage",
  "unique",
  "restore",
]);

/** The option that an own argument becomes. */
function composedOf(name: string): string[] {
  if (name === "net" || name === "bridge") return ["net0"];
  if (name === "disk" || name === "disk_size" || name === "mp" || name === "rootfs") return ["scsi0"];
  if (name === "memory" || name === "swap") return ["memory"];
  if (name === "iso") return ["ide2"];
  return [];
}
