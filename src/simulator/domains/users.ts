// /access/users and their tokens.

import { failure, invalid } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import type { Token, User } from "../engine/state.ts";

const details = ["comment", "email", "firstname", "lastname", "keys"];

function userOf({ cluster, params }: Call): User {
  const userid = params.need("userid");
  const user = cluster.state.access.users[userid];
  if (user === undefined) throw failure(`no such user ('${userid}')`);
  return user;
}

function tokenRow(token: Token): Record<string, unknown> {
  const comment = token.comment === undefined ? {} : { comment: token.comment };
  return { ...comment, expire: token.expire, privsep: token.privsep ? 1 : 0 };
}

function groupsOf({ cluster }: Call, userid: string): string[] {
  const { groups } = cluster.state.access;
  return Object.keys(groups).filter((name) => groups[name]?.users.includes(userid) === true);
}

/** Who may see a user: itself, and who may modify or audit users anywhere or in one of its groups. */
function visible(call: Call, userid: string): boolean {
  const wanted = ["User.Modify", "Sys.Audit"];
  if (call.caller.userid === userid || call.caller.can("/access/groups", wanted, true)) return true;
  return groupsOf(call, userid).some((group) => call.caller.can(`/access/groups/${group}`, wanted, true));
}

function list(call: Call): unknown {
  const { cluster, params } = call;
  const enabled = params.has("enabled") ? params.flag("enabled") : undefined;
  return Object.entries(cluster.state.access.users)
    .filter(([userid, user]) => visible(call, userid) && (enabled === undefined || user.enable === enabled))
    .map(([userid, user]) => ({
      ...user.options,
      enable: user.enable ? 1 : 0,
      expire: user.expire,
      ...(params.flag("full") ? { groups: groupsOf(call, userid).join(","), tokens: tokens(user) } : {}),
      "realm-type": userid.endsWith("@pam") ? "pam" : "pve",
      userid,
    }));
}

function tokens(user: User): unknown[] {
  return Object.entries(user.tokens).map(([tokenid, token]) => ({ ...tokenRow(token), tokenid }));
}

function one(call: Call): unknown {
  const user = userOf(call);
  const own = Object.entries(user.tokens).map(([name, token]) => [name, tokenRow(token)]);
  return {
    ...user.options,
    enable: user.enable ? 1 : 0,
    expire: user.expire,
    groups: groupsOf(call, call.params.need("userid")),
    tokens: own.length === 0 ? null : Object.fromEntries(own),
  };
}

/** Writes what the request gives; PVE puts a user into groups through its own parameter. */
function write(call: Call, userid: string, user: User): void {
  const { params, cluster } = call;
  const unknown = params.list("groups").find((name) => cluster.state.access.groups[name] === undefined);
  if (unknown !== undefined) throw failure(`no such group '${unknown}'`);
  for (const name of details) {
    const text = params.text(name);
    if (text !== undefined) user.options[name] = text;
  }
  if (params.has("enable")) user.enable = params.flag("enable");
  user.expire = params.number("expire") ?? user.expire;
  if (!params.has("groups")) return;
  const wanted = params.list("groups");
  for (const [name, group] of Object.entries(cluster.state.access.groups)) {
    const others = group.users.filter((member) => member !== userid);
    const stays = params.flag("append") && group.users.includes(userid);
    group.users = wanted.includes(name) || stays ? [...others, userid] : others;
  }
}

function create(call: Call): null {
  const userid = call.params.need("userid");
  const { users } = call.cluster.state.access;
  if (users[userid] !== undefined) throw failure(`create user failed: user '${userid}' already exists`);
  const user: User = { enable: true, expire: 0, options: {}, tokens: {} };
  const password = call.params.text("password");
  if (password !== undefined) user.password = password;
  write(call, userid, user);
  users[userid] = user;
  return null;
}

function update(call: Call): null {
  write(call, call.params.need("userid"), userOf(call));
  return null;
}

function remove(call: Call): null {
  userOf(call);
  const { access } = call.cluster.state;
  const userid = call.params.need("userid");
  delete access.users[userid];
  for (const group of Object.values(access.groups)) group.users = group.users.filter((member) => member !== userid);
  access.acl = access.acl.filter((entry) => entry.ugid !== userid && !entry.ugid.startsWith(`${userid}!`));
  return null;
}

function tokenOf(call: Call): Token {
  const userid = call.params.need("userid");
  const tokenid = call.params.need("tokenid");
  const token = userOf(call).tokens[tokenid];
  if (token === undefined) throw failure(`no such token '${tokenid}' for user '${userid}'`);
  return token;
}

/** The secret is shown once; the numbers of `info` are texts here (facts 23). */
function createToken(call: Call): unknown {
  const { params, cluster } = call;
  const user = userOf(call);
  const tokenid = params.need("tokenid");
  if (user.tokens[tokenid] !== undefined) throw invalid({ tokenid: "Token already exists." });
  const comment = params.text("comment");
  const privsep = params.has("privsep") ? params.flag("privsep") : true;
  const token: Token = {
    secret: cluster.random.uuid(),
    privsep,
    expire: params.number("expire") ?? 0,
    ...(comment === undefined ? {} : { comment }),
  };
  user.tokens[tokenid] = token;
  const info = {
    ...(comment === undefined ? {} : { comment }),
    expire: String(token.expire),
    privsep: privsep ? "1" : "0",
  };
  return { "full-tokenid": `${params.need("userid")}!${tokenid}`, info, value: token.secret };
}

function updateToken(call: Call): unknown {
  const { params, cluster } = call;
  const token = tokenOf(call);
  const comment = params.text("comment");
  if (comment !== undefined) token.comment = comment;
  if (params.has("privsep")) token.privsep = params.flag("privsep");
  token.expire = params.number("expire") ?? token.expire;
  if (!params.flag("regenerate")) return tokenRow(token);
  token.secret = cluster.random.uuid();
  const full = `${params.need("userid")}!${params.need("tokenid")}`;
  return { ...tokenRow(token), "full-tokenid": full, value: token.secret };
}

function removeToken(call: Call): null {
  tokenOf(call);
  const full = `${call.params.need("userid")}!${call.params.need("tokenid")}`;
  delete userOf(call).tokens[call.params.need("tokenid")];
  const { access } = call.cluster.state;
  access.acl = access.acl.filter((entry) => entry.ugid !== full);
  return null;
}

export const users: Handlers = {
  "GET /access/users": list,
  "POST /access/users": create,
  "GET /access/users/{userid}": one,
  "PUT /access/users/{userid}": update,
  "DELETE /access/users/{userid}": remove,
  "GET /access/users/{userid}/token": (call) => tokens(userOf(call)),
  "GET /access/users/{userid}/token/{tokenid}": (call) => tokenRow(tokenOf(call)),
  "POST /access/users/{userid}/token/{tokenid}": createToken,
  "PUT /access/users/{userid}/token/{tokenid}": updateToken,
  "DELETE /access/users/{userid}/token/{tokenid}": removeToken,
};
