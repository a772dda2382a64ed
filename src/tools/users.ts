// Users, their API tokens, and groups.
import type { Row } from "../toolkit/answer.ts";
import { destroy, type Ground, type Present, read, write } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";
import { tool } from "../toolkit/tool.ts";
import { secondsOf } from "./moments.ts";

const units = { expire: "moment" } as const;
const expiry = { "expire?": "string" } as const;
const expireHint = { expire: "ISO time or epoch seconds; 0: never" } as const;

/** PVE's seconds, from what people write. */
const expiring = ({ values: { expire } }: Ground) =>
  expire === undefined ? {} : { expire: secondsOf("expire", expire) };

/** A user or token as PVE knows it: its 0 stands for no end, and tokens are named. */
function plain({ expire, tokens, ...rest }: Row): Row {
  const names = Array.isArray(tokens) ? tokens.filter(isRow).map(({ tokenid }) => tokenid) : Object.keys(tokens ?? {});
  return {
    ...rest,
    ...(Number(expire) > 0 ? { expire } : {}),
    ...(names.length > 0 ? { tokens: names.join(",") } : {}),
  };
}

const list: Present = (data) => ({ rows: (Array.isArray(data) ? data.filter(isRow) : []).map(plain) });

const userRecord = (data: unknown, { values }: Ground) => ({
  record: { userid: values.userid, ...plain(isRow(data) ? data : {}) },
});

/** PVE takes users of realms that don't exist (facts 44), and knows nobody of pam whom the nodes don't know. */
const created: Present = async (_, ground) => {
  const { values, read: ask } = ground;
  const realm = /@([^@]+)$/.exec(String(values.userid))?.[1];
  const [user, realms] = [
    await ask("GET /access/users/{userid}", { userid: values.userid ?? "" }),
    await ask("GET /access/domains", {}),
  ];
  const known = (Array.isArray(realms.data) ? realms.data.filter(isRow) : []).some((row) => row.realm === realm);
  const [name] = String(values.userid).split("@");
  const pam = `Logging in asks the node for a Linux user ${name}, which PVE does not make.`;
  const unknown = `PVE took it, though there is no realm ${realm}: this user can't log in.`;
  const notes = [...(known ? [] : [unknown]), ...(realm === "pam" ? [pam] : [])];
  return { ...userRecord(user.data, ground), ...(notes.length > 0 ? { notes } : {}) };
};

const noDigest = "users, groups and roles have no digest: leave it out";
const userFields = "userid enable expire groups tokens comment email firstname lastname realm-type";
const personal = ["comment", "email", "groups", "enable"];

const token = "GET /access/users/{userid}/token/{tokenid}";

/** What a token may do besides existing: nothing with privilege separation until an ACL entry says so. */
function reach(values: Ground["values"], privsep: unknown): string {
  const full = `${values.userid}!${values.tokenid}`;
  return Number(privsep ?? 1) === 1
    ? `privsep 1 (PVE's default): it may do nothing until proxmox_acl update grants something to tokens=${full}, and never more than its user.`
    : `privsep 0: it may do everything that ${values.userid} may.`;
}

/** The secret, when PVE made one: it tells it in this answer alone. */
const tokenMade: Present = (data, { values }) => {
  const { info, ...made } = isRow(data) ? data : {};
  const record = plain({ ...made, ...(isRow(info) ? info : {}) });
  if (record.value === undefined) return { record };
  return {
    record,
    notes: ["Keep value now: PVE shows it this once and never again.", reach(values, record.privsep)],
  };
};

const groups = { at: "GET /access/groups", by: "groupid", keys: ["comment", "users"] } as const;
const members = "proxmox_user update with groups and append=true puts a user into a group";

export const userTools = [
  tool("proxmox_user", "Users of PVE", {
    list: read("GET /access/users", {
      takes: ["enabled"],
      fixed: { full: true },
      done: "{count} users",
      fields: userFields,
      units,
      present: list,
    }),
    get: read("GET /access/users/{userid}", {
      done: "User {userid}",
      fields: userFields,
      units,
      present: userRecord,
    }),
    create: write("POST /access/users", {
      own: expiry,
      show: ["password", ...personal],
      hints: { userid: "name@realm", ...expireHint },
      compose: expiring,
      done: "User {userid} was created",
      fields: userFields,
      units,
      present: created,
    }),
    update: write("PUT /access/users/{userid}", {
      own: expiry,
      show: [...personal, "append"],
      hints: { append: "keep the groups" },
      instead: {
        password:
          "PVE changes it at PUT /access/password, which takes a login ticket and no API token: use the web interface, or `pveum passwd` on a node",
        delete:
          "an empty text clears comment, email, firstname and lastname, groups='' takes the user out of all groups",
        digest: noDigest,
      },
      replaces: "GET /access/users/{userid}",
      compose: expiring,
      done: "User {userid} was changed",
      units,
    }),
    delete: destroy("DELETE /access/users/{userid}", {
      replaces: "GET /access/users/{userid}",
      done: "User {userid} was deleted, with its tokens and ACL entries",
    }),
  }),
  tool("proxmox_user_token", "API tokens of a user: create shows the secret once", {
    list: read("GET /access/users/{userid}/token", {
      done: "{count} tokens of {userid}",
      fields: "tokenid privsep expire comment",
      units,
      present: list,
    }),
    get: read(token, {
      done: "Token {tokenid} of {userid}",
      fields: "tokenid privsep expire comment",
      units,
      present: (data, { values }) => ({
        record: { tokenid: values.tokenid, ...plain(isRow(data) ? data : {}) },
        notes: ["Its secret was shown when it was made, and PVE shows it never again."],
      }),
    }),
    create: write("POST /access/users/{userid}/token/{tokenid}", {
      own: expiry,
      show: ["privsep", "comment"],
      hints: { ...expireHint, privsep: "default true: own ACL entries" },
      compose: expiring,
      done: "Token {tokenid} of {userid} was created",
      fields: "full-tokenid value privsep expire comment",
      units,
      present: tokenMade,
    }),
    update: write("PUT /access/users/{userid}/token/{tokenid}", {
      own: expiry,
      show: ["privsep", "comment", "regenerate"],
      hints: { regenerate: "new secret, the old one ends" },
      replaces: token,
      compose: expiring,
      done: "Token {tokenid} of {userid} was changed",
      fields: "full-tokenid value privsep expire comment",
      units,
      present: tokenMade,
    }),
    delete: destroy("DELETE /access/users/{userid}/token/{tokenid}", {
      replaces: token,
      done: "Token {tokenid} of {userid} was deleted: who uses it is locked out",
    }),
  }),
  tool("proxmox_group", "Groups of users: proxmox_user puts users in", {
    list: read("GET /access/groups", { done: "{count} groups", fields: "groupid users comment" }),
    create: write("POST /access/groups", {
      show: ["comment"],
      instead: { users: members },
      done: "Group {groupid} was created",
    }),
    update: write("PUT /access/groups/{groupid}", {
      show: ["comment"],
      instead: { users: members, append: members, delete: "an empty comment clears it", digest: noDigest },
      replaces: groups,
      done: "Group {groupid} was changed",
    }),
    delete: destroy("DELETE /access/groups/{groupid}", {
      replaces: groups,
      done: "Group {groupid} was deleted with its ACL entries; its users stay",
    }),
  }),
];
