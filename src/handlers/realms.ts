// Owns what a realm needs by its type, what of it is shown, and which ones can't go.
import { isSecret } from "../schema/secret.ts";
import type { Ground, Present } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { rowIn } from "./rows.ts";

/** What PVE asks for at each type; its description of the endpoint doesn't say so. */
const needed: Readonly<Record<string, readonly string[]>> = {
  ad: ["server1", "domain"],
  ldap: ["server1", "base_dn", "user_attr"],
  openid: ["issuer-url", "client-id"],
};

export function complete({ values }: Ground): Record<string, never> {
  const missing = (needed[String(values.type)] ?? []).filter((name) => values[name] === undefined);
  if (missing.length === 0) return {};
  throw new Refusal(...missing.map((name) => `${name} is missing: a realm of the type ${values.type} needs it`));
}

/** A realm as PVE shows it; a key of OpenID's is for those alone who may change it. */
export const settings: Present = (data, { values, elevated }) => {
  const all = Object.entries(rowIn(data)).filter(([key]) => key !== "digest");
  const masked = all.map(([key, value]) => [key, isSecret(key) && !elevated ? "(not shown)" : value]);
  return { record: { realm: values.realm, ...Object.fromEntries(masked) } };
};

export const created: Present = async (_, ground) => {
  const { data } = await ground.read("GET /access/domains/{realm}", { realm: ground.values.realm ?? "" });
  return settings(data, ground);
};

/** PVE answers 200 and keeps them (facts 58). */
export function removable({ values }: Ground): Record<string, never> {
  if (values.realm !== "pam" && values.realm !== "pve") return {};
  throw new Refusal(`realm ${values.realm} is built in: PVE keeps it whatever it answers`);
}
