// Realms: what users log in through.
import { isSecret } from "../schema/secret.ts";
import { destroy, type Ground, type Present, read, write } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { tool } from "../toolkit/tool.ts";

const realm = "GET /access/domains/{realm}";
/** PVE's name of what the seed calls bind_password. */
const names = { password: "bind_password" } as const;
const shown = ["server1", "base_dn", "user_attr", "bind_dn", "password", "comment", "default"];

/** A realm as PVE shows it; a key of OpenID's is for those alone who may change it. */
const settings: Present = (data, { values, elevated }) => {
  const all = Object.entries(isRow(data) ? data : {}).filter(([key]) => key !== "digest");
  const masked = all.map(([key, value]) => [key, isSecret(key) && !elevated ? "(not shown)" : value]);
  return { record: { realm: values.realm, ...Object.fromEntries(masked) } };
};

const made: Present = async (_, ground) => {
  const { data } = await ground.read(realm, { realm: ground.values.realm ?? "" });
  return settings(data, ground);
};

/** PVE answers 200 and keeps them (facts 58). */
function removable({ values }: Ground): Record<string, never> {
  if (values.realm !== "pam" && values.realm !== "pve") return {};
  throw new Refusal(`realm ${values.realm} is built in: PVE keeps it whatever it answers`);
}

export const realmTools = [
  tool("proxmox_domain", "Realms: pam, pve, LDAP, AD, OpenID", {
    list: read("GET /access/domains", { done: "{count} realms", fields: "realm type default tfa comment" }),
    get: read(realm, { done: "Realm {realm}", present: settings }),
    create: write("POST /access/domains", {
      names,
      show: shown,
      done: "Realm {realm} was created",
      present: made,
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
