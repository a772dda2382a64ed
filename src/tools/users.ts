// Users, their API tokens, and groups.
import {
  changedToken,
  changing,
  createdUser,
  expiring,
  list,
  notItself,
  oneToken,
  oneUser,
} from "../handlers/users.ts";
import { destroy, read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const units = { expire: "moment" } as const;
const expiry = { "expire?": "string" } as const;
const expireHint = { expire: "ISO time or epoch seconds" } as const;
const user = "GET /access/users/{userid}";
const userFields = "userid enable expire groups tokens comment email firstname lastname realm-type";
const personal = ["groups", "enable"];
const token = "GET /access/users/{userid}/token/{tokenid}";
const groups = { at: "GET /access/groups", by: "groupid", keys: ["comment", "users"] } as const;
const noDigest = "users, groups and roles have no digest: leave it out";
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
    get: read(user, {
      done: "User {userid}",
      fields: userFields,
      units,
      present: oneUser,
    }),
    create: write("POST /access/users", {
      own: expiry,
      show: ["password", ...personal],
      hints: { userid: "name@realm", ...expireHint },
      compose: expiring,
      done: "User {userid} was created",
      fields: userFields,
      units,
      present: createdUser,
    }),
    update: write("PUT /access/users/{userid}", {
      own: expiry,
      show: [...personal, "append"],
      instead: {
        password:
          "PVE changes it at PUT /access/password, which takes a login ticket and no API token: use the web interface, or `pveum passwd` on a node",
        delete:
          "an empty text clears comment, email, firstname and lastname, groups='' takes the user out of all groups",
        digest: noDigest,
      },
      replaces: user,
      compose: changing,
      done: "User {userid} was changed",
      units,
    }),
    delete: destroy("DELETE /access/users/{userid}", {
      compose: notItself,
      units,
      replaces: user,
      done: "User {userid} was deleted, with its tokens and ACL entries",
    }),
  }),
  tool("proxmox_user_token", "API tokens of a user", {
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
      present: oneToken,
    }),
    create: write("POST /access/users/{userid}/token/{tokenid}", {
      own: expiry,
      show: ["privsep"],
      compose: expiring,
      done: "Token {tokenid} of {userid} was created",
      fields: "full-tokenid value privsep expire comment",
      units,
      present: changedToken,
    }),
    update: write("PUT /access/users/{userid}/token/{tokenid}", {
      own: expiry,
      show: ["privsep", "regenerate"],
      replaces: token,
      compose: changing,
      done: "Token {tokenid} of {userid} was changed",
      fields: "full-tokenid value privsep expire comment",
      units,
      present: changedToken,
    }),
    delete: destroy("DELETE /access/users/{userid}/token/{tokenid}", {
      compose: notItself,
      units,
      replaces: token,
      done: "Token {tokenid} of {userid} was deleted: who uses it is locked out",
    }),
  }),
  tool("proxmox_group", "Groups of users", {
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
