// Realms: what users log in through.
import { complete, created, removable, settings } from "../handlers/realms.ts";
import { destroy, read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const realm = "GET /access/domains/{realm}";
/** PVE's name of what the seed calls bind_password. */
const names = { password: "bind_password" } as const;
const shown = ["server1", "base_dn", "user_attr", "bind_dn", "password"];

export const realmTools = [
  tool("proxmox_domain", "Realms", {
    list: read("GET /access/domains", { done: "{count} realms", fields: "realm type default tfa comment" }),
    get: read(realm, { done: "Realm {realm}", present: settings }),
    create: write("POST /access/domains", {
      names,
      show: shown,
      compose: complete,
      done: "Realm {realm} was created",
      present: created,
    }),
    update: write("PUT /access/domains/{realm}", {
      names,
      show: shown,
      instead: { type: "a realm keeps its type: leave it out, or make another realm" },
      replaces: realm,
      done: "Realm {realm} was changed",
    }),
    delete: destroy("DELETE /access/domains/{realm}", {
      compose: removable,
      replaces: realm,
      done: "Realm {realm} was deleted; its users stay and can't log in",
    }),
  }),
];
