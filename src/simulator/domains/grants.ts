// /access/acl, groups and roles: who holds what where.

import { failure, invalid } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import { normalPath } from "../engine/permissions.ts";
import type { AclEntry } from "../engine/state.ts";

/** The paths that PVE knows. */
const known =
  /^\/(?:|access(?:\/(?:groups|realm)(?:\/[^/]+)?)?|mapping(?:\/[^/]+){0,2}|nodes(?:\/[^/]+)?|pool(?:\/.+)?|sdn(?:\/[^/]+){0,4}|storage(?:\/[^/]+)?|vms(?:\/[1-9][0-9]{2,8})?)$/;

function acl({ cluster, caller }: Call): unknown {
  const mayAll = caller.can("/access", ["Permissions.Modify", "Sys.Audit"], true);
  return cluster.state.access.acl
    .filter((entry) => mayAll || caller.can(entry.path, ["Permissions.Modify"]))
    .map((entry) => ({ ...entry, propagate: entry.propagate ? 1 : 0 }));
}

function updateAcl({ cluster, params }: Call): null {
  const { access } = cluster.state;
  const given = params.need("path");
  const path = normalPath(given) ?? "";
  if (!given.startsWith("/") || !known.test(path)) throw invalid({ path: `invalid ACL path '${given}'` });
  const kinds: readonly [AclEntry["type"], string][] = [
    ["user", "users"],
    ["group", "groups"],
    ["token", "tokens"],
  ];
  if (!kinds.some(([, name]) => params.has(name))) {
    const text = "either 'users', 'groups' or 'tokens' is required.";
    throw invalid({ users: text, groups: text, tokens: text });
  }
  const propagate = params.has("propagate") ? params.flag("propagate") : true;
  for (const roleid of params.list("roles")) {
    if (access.roles[roleid] === undefined) throw failure(`ACL update failed: role '${roleid}' does not exist`);
    for (const [type, name] of kinds) {
      for (const ugid of params.list(name)) {
        assertHolder(cluster.state.access, type, ugid);
        const same = (entry: AclEntry) =>
          entry.path === path && entry.type === type && entry.ugid === ugid && entry.roleid === roleid;
        access.acl = access.acl.filter((entry) => !same(entry));
        if (!params.flag("delete")) access.acl.push({ path, type, ugid, roleid, propagate });
      }
    }
  }
  return null;
}

function assertHolder(access: Call["cluster"]["state"]["access"], type: AclEntry["type"], ugid: string): void {
  const [userid = "", tokenid] = ugid.split("!");
  if (type === "group" && access.groups[ugid] === undefined)
    throw failure(`ACL update failed: group '${ugid}' does not exist`);
  if (type === "group") return;
  const user = access.users[userid];
  if (user === undefined) throw failure(`ACL update failed: no such user ('${userid}')`);
  if (type === "token" && user.tokens[tokenid ?? ""] === undefined) {
    throw failure(`ACL update failed: no such token '${tokenid ?? ""}' for user '${userid}'`);
  }
}

function groupOf({ cluster, params }: Call, action = "") {
  const id = params.need("groupid");
  const group = cluster.state.access.groups[id];
  if (group === undefined) throw failure(`${action}group '${id}' does not exist`);
  return group;
}

function groups({ cluster, caller }: Call): unknown {
  const wanted = ["User.Modify", "Sys.Audit", "Group.Allocate"];
  return Object.entries(cluster.state.access.groups)
    .filter(([id]) => caller.can("/access/groups", wanted, true) || caller.can(`/access/groups/${id}`, wanted, true))
    .map(([groupid, group]) => ({
      ...(group.comment === undefined ? {} : { comment: group.comment }),
      groupid,
      users: group.users.join(","),
    }));
}

function createGroup({ cluster, params }: Call): null {
  const id = params.need("groupid");
  const all = cluster.state.access.groups;
  if (all[id] !== undefined) throw failure(`create group failed: group '${id}' already exists`);
  const comment = params.text("comment");
  all[id] = { users: [], ...(comment === undefined ? {} : { comment }) };
  return null;
}

function roleOf({ cluster, params }: Call) {
  const id = params.need("roleid");
  const role = cluster.state.access.roles[id];
  if (role === undefined) throw failure(`role '${id}' does not exist`);
  return role;
}

function createRole({ cluster, params }: Call): null {
  const id = params.need("roleid");
  const { roles } = cluster.state.access;
  if (roles[id] !== undefined) throw failure(`create role failed: role '${id}' already exists`);
  roles[id] = { privileges: params.list("privs"), special: false };
  return null;
}

function updateRole(call: Call): null {
  const role = roleOf(call);
  if (role.special)
    throw failure(`update role failed: auto-generated role '${call.params.need("roleid")}' cannot be modified`);
  const given = call.params.list("privs");
  role.privileges = call.params.flag("append") ? [...new Set([...role.privileges, ...given])] : given;
  return null;
}

function removeRole(call: Call): null {
  const id = call.params.need("roleid");
  const { access } = call.cluster.state;
  const role = access.roles[id];
  if (role === undefined) throw failure(`delete role failed: role '${id}' does not exist`);
  if (role.special) throw failure(`auto-generated role '${id}' cannot be deleted`);
  delete access.roles[id];
  return null;
}

export const grants: Handlers = {
  "GET /access/acl": acl,
  "PUT /access/acl": updateAcl,
  "GET /access/groups": groups,
  "POST /access/groups": createGroup,
  "GET /access/groups/{groupid}": (call) => {
    const { users, comment } = groupOf(call);
    return { ...(comment === undefined ? {} : { comment }), members: users };
  },
  "PUT /access/groups/{groupid}": (call) => {
    const group = groupOf(call, "update group failed: ");
    const comment = call.params.text("comment");
    if (comment !== undefined) group.comment = comment;
    return null;
  },
  "DELETE /access/groups/{groupid}": (call) => {
    groupOf(call, "delete group failed: ");
    const id = call.params.need("groupid");
    const { access } = call.cluster.state;
    delete access.groups[id];
    access.acl = access.acl.filter((entry) => entry.type !== "group" || entry.ugid !== id);
    return null;
  },
  "GET /access/roles/{roleid}": (call) => Object.fromEntries(roleOf(call).privileges.map((name) => [name, 1])),
  "POST /access/roles": createRole,
  "PUT /access/roles/{roleid}": updateRole,
  "DELETE /access/roles/{roleid}": removeRole,
};
