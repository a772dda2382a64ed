// Who may do what: roles from ACLs, groups, pools, propagation and the token's own (facts 6, 25).
import type { Access, ClusterState } from "./state.ts";

export type Privileges = ReadonlySet<string>;

/** `/vms//100/` → `/vms/100`; undefined for what can't be a path. */
export function normalPath(path: string): string | undefined {
  if (path === "") return undefined;
  const trimmed = `/${path}`.replaceAll(/\/+/g, "/").replace(/(?<=.)\/$/, "");
  return /^[a-zA-Z0-9._/-]+$/.test(trimmed) ? trimmed : undefined;
}

/** The prefixes of a path, from `/` down to itself. */
function prefixes(path: string): string[] {
  const parts = path.split("/").filter((part) => part !== "");
  return ["/", ...parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`)];
}

/** Roles of one user or token at a path: entries further down replace those above, a user's own those of its groups. */
function rolesAt(access: Access, ugid: string, type: "user" | "token", path: string): Map<string, boolean> {
  const groups =
    type === "user"
      ? Object.keys(access.groups).filter((name) => access.groups[name]?.users.includes(ugid) === true)
      : [];
  let roles = new Map<string, boolean>();
  for (const prefix of prefixes(path)) {
    const here = access.acl.filter((entry) => entry.path === prefix && (entry.propagate || prefix === path));
    const own = here.filter((entry) => entry.type === type && entry.ugid === ugid);
    const ofGroups = here.filter((entry) => entry.type === "group" && groups.includes(entry.ugid));
    const entries = own.length > 0 ? own : ofGroups;
    if (entries.length > 0) roles = new Map(entries.map((entry) => [entry.roleid, entry.propagate]));
  }
  return roles;
}

/** The pools whose ACLs reach a path: those that hold the guest or the storage. */
function poolsOf(state: ClusterState, path: string): string[] {
  const [, kind, id = "", more] = path.split("/");
  if (more !== undefined || (kind !== "vms" && kind !== "storage")) return [];
  return Object.keys(state.pools).filter((name) => {
    const pool = state.pools[name];
    return kind === "vms" ? pool?.vms.includes(Number(id)) === true : pool?.storages.includes(id) === true;
  });
}

function granted(state: ClusterState, ugid: string, type: "user" | "token", path: string): Map<string, boolean> {
  const roles = rolesAt(state.access, ugid, type, path);
  if (!roles.has("NoAccess")) {
    for (const pool of poolsOf(state, path)) {
      for (const [role, propagate] of rolesAt(state.access, ugid, type, `/pool/${pool}`)) roles.set(role, propagate);
    }
  }
  const privileges = new Map<string, boolean>();
  if (roles.has("NoAccess")) return privileges;
  for (const [role, propagate] of roles) {
    for (const privilege of state.access.roles[role]?.privileges ?? []) {
      privileges.set(privilege, propagate || privileges.get(privilege) === true);
    }
  }
  return privileges;
}

/** Every privilege of a user (`a@pve`) or token (`a@pve!name`) at a path, with whether it propagates. */
export function privilegesAt(state: ClusterState, user: string, path: string): Map<string, boolean> {
  const normal = normalPath(path);
  if (normal === undefined) return new Map();
  const mark = user.indexOf("!");
  const userid = mark < 0 ? user : user.slice(0, mark);
  const owner =
    userid === "root@pam"
      ? new Map((state.access.roles.Administrator?.privileges ?? []).map((name) => [name, true]))
      : granted(state, userid, "user", normal);
  if (mark < 0 || state.access.users[userid]?.tokens[user.slice(mark + 1)]?.privsep === false) return owner;
  const own = granted(state, user, "token", normal);
  return new Map([...own].filter(([name]) => owner.has(name)));
}

/**
 * The same for one user and many paths: guests that no ACL names and that are in the same pools share their
 * privileges. Holds for one request.
 */
export function privilegeReader(state: ClusterState, user: string): (path: string) => Map<string, boolean> {
  let named: Set<string> | undefined;
  let pools: Map<string, string> | undefined;
  const known = new Map<string, Map<string, boolean>>();
  return (path) => {
    const vmid = /^\/vms\/(\d+)$/.exec(path)?.[1];
    if (vmid === undefined) return privilegesAt(state, user, path);
    named ??= new Set(state.access.acl.map((entry) => entry.path));
    pools ??= poolsByGuest(state);
    const kind = named.has(path) ? path : `in ${pools.get(vmid) ?? ""}`;
    const found = known.get(kind) ?? privilegesAt(state, user, path);
    known.set(kind, found);
    return found;
  };
}

/** vmid → its pools, one text. */
function poolsByGuest(state: ClusterState): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, pool] of Object.entries(state.pools)) {
    for (const vmid of pool.vms) found.set(String(vmid), `${found.get(String(vmid)) ?? ""} ${name}`);
  }
  return found;
}

/** Whether all (or any) of the privileges are there; a path that is none has none. */
export function holds(privileges: Map<string, boolean> | Privileges, wanted: readonly string[], any: boolean): boolean {
  return any ? wanted.some((name) => privileges.has(name)) : wanted.every((name) => privileges.has(name));
}
