// /access: what the caller may do, and the roles.

import { failure } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import { privilegesAt } from "../engine/permissions.ts";
import type { ClusterState } from "../engine/state.ts";

const ends = ["/", "/access", "/access/groups", "/nodes", "/pool", "/sdn", "/storage", "/vms"];

/** The paths that PVE shows for a user: its fixed ones and those that an ACL names. */
function shownPaths(state: ClusterState): string[] {
  const pools = Object.entries(state.pools).flatMap(([name, pool]) => [
    `/pool/${name}`,
    ...pool.vms.map((vmid) => `/vms/${vmid}`),
    ...pool.storages.map((id) => `/storage/${id}`),
  ]);
  return [...new Set([...ends, ...state.access.acl.map((entry) => entry.path), ...pools])].sort();
}

function permissions({ cluster, caller, params }: Call): unknown {
  const { state } = cluster;
  const asked = params.text("userid") ?? caller.name;
  const own = asked === caller.name || asked === caller.userid || asked.startsWith(`${caller.name}!`);
  if (!own) caller.check("/access", ["Sys.Audit"]);
  const [userid = "", tokenid] = asked.split("!");
  const user = state.access.users[userid];
  if (user === undefined) throw failure(`no such user ('${userid}')`);
  if (tokenid !== undefined && user.tokens[tokenid] === undefined)
    throw failure(`no such token '${tokenid}' for user '${userid}'`);
  const path = params.text("path");
  const result: Record<string, Record<string, number>> = {};
  for (const entry of path === undefined ? shownPaths(state) : [path]) {
    const privileges = [...privilegesAt(state, asked, entry)];
    if (privileges.length === 0 && path === undefined) continue;
    result[entry] = Object.fromEntries(privileges.map(([name, propagate]) => [name, propagate ? 1 : 0]));
  }
  return result;
}

function roles({ cluster }: Call): unknown {
  return Object.entries(cluster.state.access.roles).map(([roleid, role]) => ({
    privs: role.privileges.join(","),
    roleid,
    ...(role.special ? { special: 1 } : {}),
  }));
}

const places = [
  "users",
  "groups",
  "roles",
  "acl",
  "domains",
  "openid",
  "ticket",
  "password",
  "tfa",
  "permissions",
  "vncticket",
];

export const access: Handlers = {
  "GET /access": () => places.map((subdir) => ({ subdir })),
  "GET /access/permissions": permissions,
  "GET /access/roles": roles,
};
