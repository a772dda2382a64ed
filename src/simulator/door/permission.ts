// PVE's check of privileges as data, carried out (facts 6, 36, 60). Comes before the parameters are checked.
import type { Endpoint, PermissionCheck } from "../../schema/registry.ts";
import { permissionsIn } from "../../schema/release.ts";
import { type Caller, superuser } from "../engine/caller.ts";
import { denied, failure } from "../engine/error.ts";
import { normalPath } from "../engine/permissions.ts";
import type { ClusterState } from "../engine/state.ts";
import { userid as useridFormat } from "./formats-cluster.ts";
import type { Given } from "./value.ts";

interface Asked {
  caller: Caller;
  state: ClusterState;
  given: ReadonlyMap<string, Given>;
}

/** Why not, as it stands in the 403's brackets; an empty one is a bare 403. Undefined: allowed. */
type Refused = { why?: string } | undefined;

type Item = PermissionCheck[number];

/** Throws a 403 where the caller may not; root@pam itself (a ticket, never a token) may all. */
export function checkPermission(endpoint: Endpoint, asked: Asked): void {
  if (asked.caller.name === superuser) return;
  const { user } = endpoint;
  const permissions = permissionsIn(endpoint, asked.state.release);
  if (user !== undefined && permissions === endpoint.permissions) return;
  const refused = permissions === undefined ? { why: "user != root@pam" } : carryOut(permissions, asked);
  if (refused !== undefined) throw denied(refused.why);
}

function carryOut([kind, ...rest]: PermissionCheck, asked: Asked): Refused {
  switch (kind) {
    case "and":
      return firstRefusal(parts(rest), asked);
    case "or":
      return parts(rest).some((part) => carryOut(part, asked) === undefined) ? undefined : {};
    case "perm":
      return perm(rest, asked);
    case "perm-modify":
      return permModify(String(rest[0]), asked);
    case "userid-param":
      return useridParam(String(rest[0]), asked);
    case "userid-group":
      return useridGroup(rest, asked);
    default:
      throw failure(`unknown permission test '${kind}'`);
  }
}

function firstRefusal(checks: readonly PermissionCheck[], asked: Asked): Refused {
  for (const check of checks) {
    const refused = carryOut(check, asked);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function parts(items: readonly Item[]): PermissionCheck[] {
  return items.flatMap((item) => (Array.isArray(item) ? [item] : []));
}

function words(item: Item | undefined): string[] {
  return Array.isArray(item) ? item.map(String) : [];
}

function unless(allowed: boolean, path: string, privileges: readonly string[]): Refused {
  return allowed ? undefined : { why: `${path}, ${privileges.join("|")}` };
}

function perm([path, privileges, ...options]: readonly Item[], { caller, given }: Asked): Refused {
  const needs = option(options, "require_param");
  if (needs !== undefined && !given.has(needs)) return {};
  const filled = fill(String(path), given);
  const wanted = words(privileges);
  return unless(caller.can(filled, wanted, option(options, "any") !== undefined), filled, wanted);
}

function option(options: readonly Item[], name: string): string | undefined {
  const at = options.indexOf(name);
  return at < 0 ? undefined : String(options[at + 1]);
}

/** A variable without a parameter leaves a dash (seen at `/nodes/-`); what then is no path is shown empty. */
function fill(template: string, given: ReadonlyMap<string, Given>): string {
  const filled = template.replaceAll(/\{([^}]+)\}/g, (_, name: string) => String(given.get(name) ?? "-"));
  return normalPath(filled) ?? "";
}

/** PUT /access/acl: Permissions.Modify, or the right to allocate what stands at that path. */
function permModify(template: string, { caller, given }: Asked): Refused {
  const path = fill(template, given);
  const kinds: Record<string, string> = { storage: "Datastore.Allocate", vms: "VM.Allocate", pool: "Pool.Allocate" };
  const also = kinds[path.split("/")[1] ?? ""];
  const enough = ["Permissions.Modify", ...(also === undefined ? [] : [also])];
  return unless(caller.can(path, enough, true), path, ["Permissions.Modify"]);
}

/** The user of the request; a text that is none dies here, before the parameters are looked at. */
function useridOf(given: ReadonlyMap<string, Given>): string {
  const value = String(given.get("userid") ?? "");
  const problem = useridFormat(value);
  if (problem !== undefined) throw failure(problem);
  return value;
}

function useridParam(mode: string, { caller, given }: Asked): Refused {
  const userid = useridOf(given);
  // a token is not its user here
  if (mode === "self") return userid === caller.name ? undefined : {};
  const path = `/access/realm/${userid.slice(userid.lastIndexOf("@") + 1)}`;
  return unless(caller.can(path, [mode]), path, [mode]);
}

/** One of the privileges on /access/groups; else on every group that is given and on one that the user is in. */
function useridGroup([privileges, ...options]: readonly Item[], { caller, given, state }: Asked): Refused {
  const wanted = words(privileges);
  const mode = option(options, "groups_param");
  const userid = mode === "create" ? "" : useridOf(given);
  if (mode !== "create" && state.access.users[userid] === undefined) throw failure(`no such user ('${userid}')`);
  if (caller.can("/access/groups", wanted, true)) return undefined;
  const mayIn = (group: string) => caller.can(`/access/groups/${group}`, wanted, true);
  if (mode !== undefined) {
    const named = String(given.get("groups") ?? "")
      .split(/[,;\s]+/)
      .filter((name) => name !== "");
    if (named.length === 0) return unless(false, "/access/groups", wanted);
    const forbidden = named.find((group) => !mayIn(group));
    if (forbidden !== undefined) return unless(false, `/access/groups/${forbidden}`, wanted);
  }
  if (mode === "create") return undefined;
  const { groups } = state.access;
  const member = Object.keys(groups).some((group) => groups[group]?.users.includes(userid) === true && mayIn(group));
  return member ? undefined : {};
}
