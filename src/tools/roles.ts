// Roles, and the access control list that gives them to users, groups and tokens.
import { entries, granted, grants } from "../handlers/acl.ts";
import { wordsIn } from "../handlers/rows.ts";
import { destroy, type Ground, read, write } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { tool } from "../toolkit/tool.ts";

const noDigest = "users, groups and roles have no digest: leave it out";
const noComment = "PVE's roles have no comment: leave it out";
const roles = { at: "GET /access/roles", by: "roleid" } as const;
/** They have to be given: without any PVE would take all of them from the role. */
const privileges = ({ values }: Ground) => {
  if (wordsIn(values.privs).length === 0) throw new Refusal("privs names no privilege: VM.Audit is one");
  return { privs: values.privs };
};

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
      unlisted: ["groupid", "roleid"],
      fields: "path type ugid roleid propagate",
      present: entries,
    }),
    update: write("PUT /access/acl", {
      show: ["users", "groups", "tokens", "propagate", "delete"],
      hints: { path: "/vms/100" },
      instead: { digest: noDigest },
      perform: granted,
      done: "The access control list was changed at {path}",
      fields: "path type ugid roleid propagate",
      present: grants,
    }),
  }),
];
