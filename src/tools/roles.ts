// Roles, and the access control list that gives them to users, groups and tokens.
import type { Row } from "../toolkit/answer.ts";
import { type Acting, destroy, type Ground, type Perform, type Present, read, write } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { tool } from "../toolkit/tool.ts";

const noDigest = "users, groups and roles have no digest: leave it out";
const noComment = "PVE's roles have no comment: leave it out";
const roles = { at: "GET /access/roles", by: "roleid" } as const;

const rowsIn = (data: unknown): Row[] => (Array.isArray(data) ? data.filter(isRow) : []);
const listOf = (value: unknown): string[] =>
  String(value ?? "")
    .split(/[,;\s]+/)
    .filter((item) => item !== "");

/** The entries that the arguments ask for; a user's are those of its tokens too. */
const entries: Present = (data, { values }) => {
  const all = rowsIn(data);
  const { path, userid, groupid, roleid } = values;
  const rows = all.filter(
    ({ path: place, type, ugid, roleid: role }) =>
      (path === undefined || place === path) &&
      (roleid === undefined || role === roleid) &&
      (groupid === undefined || (type === "group" && ugid === groupid)) &&
      (userid === undefined || (type !== "group" && String(ugid).split("!")[0] === String(userid).split("!")[0])),
  );
  return { rows, summary: `${rows.length} of ${all.length} entries of the access control list` };
};

/** The entries of the call's holders at its path. */
async function heldAt({ values, read: ask }: Ground): Promise<Row[]> {
  const holders = ["users", "groups", "tokens"].flatMap((kind) => listOf(values[kind]));
  const path = `/${String(values.path)}`.replace(/\/+/g, "/").replace(/(?<=.)\/$/, "");
  const all = rowsIn((await ask("GET /access/acl", {})).data);
  return all.filter((row) => row.path === path && holders.includes(String(row.ugid)));
}

/** PVE answers 200 on taking away what isn't there, so what is to go is looked for first. */
const granted: Perform = async (acting: Acting, values) => {
  const before = await heldAt(acting);
  const isNamed = ({ roleid }: Row) => listOf(values.roles).includes(String(roleid));
  if (Number(values.delete) === 1) {
    if (!before.some(isNamed)) {
      const there = before.map(({ ugid, roleid }) => `${ugid} has ${roleid}`).join(", ") || "they hold no role there";
      throw new Refusal(`roles ${values.roles} are not given to these at ${values.path}: ${there}`);
    }
  }
  const answer = await acting.send("PUT /access/acl", values);
  return { ...answer, data: { before, after: await heldAt(acting) } };
};

/** What each holder has at the path now, and what it had. */
const grants: Present = (data) => {
  const { before, after } = isRow(data) ? data : {};
  const texts = (list: unknown) => new Map(rowsIn(list).map((row) => [`${row.ugid} ${row.roleid}`, propagation(row)]));
  const [old, now] = [texts(before), texts(after)];
  const keys = [...new Set([...old.keys(), ...now.keys()])].filter((key) => old.get(key) !== now.get(key));
  return {
    rows: rowsIn(after),
    changes: keys.map((key) => ({ key, old: old.get(key), new: now.get(key) })),
  };
};

const propagation = ({ propagate }: Row) => (Number(propagate) === 1 ? "here and below" : "here alone");

/** Without privileges PVE would take all of them from the role. */
const privileges = ({ values }: Ground) => ({ privs: values.privs });

export const roleTools = [
  tool("proxmox_role", "Roles: named sets of privileges", {
    list: read("GET /access/roles", { done: "{count} roles", fields: "roleid special privs" }),
    create: write("POST /access/roles", {
      own: { privs: "pve-priv-list" },
      instead: { comment: noComment },
      hints: { privs: "VM.Audit,VM.PowerMgmt" },
      compose: privileges,
      done: "Role {roleid} was created",
    }),
    update: write("PUT /access/roles/{roleid}", {
      own: { privs: "pve-priv-list" },
      show: ["append"],
      hints: { append: "keep the privileges it has" },
      instead: { comment: noComment, delete: "give privs without append: they replace all", digest: noDigest },
      replaces: roles,
      compose: privileges,
      done: "Role {roleid} was changed",
    }),
    delete: destroy("DELETE /access/roles/{roleid}", {
      replaces: roles,
      done: "Role {roleid} was deleted",
    }),
  }),
  tool("proxmox_acl", "Access control list: who has which role where", {
    get: read("GET /access/acl", {
      own: {
        "path?": "string",
        "userid?": "string",
        "groupid?": "pve-groupid",
        "roleid?": "pve-roleid",
      },
      fields: "path type ugid roleid propagate",
      present: entries,
    }),
    update: write("PUT /access/acl", {
      show: ["users", "groups", "tokens", "propagate", "delete"],
      hints: { path: "such as /vms/100", tokens: "user@realm!name", delete: "take the roles away" },
      instead: { digest: noDigest },
      perform: granted,
      done: "The access control list was changed at {path}",
      fields: "path type ugid roleid propagate",
      present: grants,
    }),
  }),
];
