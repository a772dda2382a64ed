// Owns the entries of the access control list: which are meant, what a call gives or takes away, and what came of it.
import type { Row } from "../toolkit/answer.ts";
import type { Acting, Ground, Perform, Present } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { lookedAt, unseen } from "./look.ts";
import { rowIn, rowsIn, wordsIn } from "./rows.ts";

/** The entries that the arguments ask for; a user's are those of its tokens too. */
export const entries: Present = (data, { values }) => {
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

const holdersIn = ({ values }: Ground) => ["users", "groups", "tokens"].flatMap((kind) => wordsIn(values[kind]));

/** The entries of the call's holders at its path. */
async function heldAt(ground: Ground): Promise<Row[]> {
  const holders = holdersIn(ground);
  const path = `/${String(ground.values.path)}`.replace(/\/+/g, "/").replace(/(?<=.)\/$/, "");
  const all = rowsIn((await ground.read("GET /access/acl", {})).data);
  return all.filter((row) => row.path === path && holders.includes(String(row.ugid)));
}

/** PVE answers 200 on taking away what isn't there, so what is to go is looked for first. */
export const granted: Perform = async (acting: Acting, values) => {
  if (holdersIn(acting).length === 0) throw new Refusal("users, groups or tokens is missing: who gets the roles");
  const before = await heldAt(acting);
  const isNamed = ({ roleid }: Row) => wordsIn(values.roles).includes(String(roleid));
  if (Number(values.delete) === 1 && !before.some(isNamed)) {
    const there = before.map(({ ugid, roleid }) => `${ugid} has ${roleid}`).join(", ") || "they hold no role there";
    throw new Refusal(`roles ${values.roles} are not given to these at ${values.path}: ${there}`);
  }
  const answer = await acting.send("PUT /access/acl", values);
  return { ...answer, data: { before, after: await lookedAt(heldAt(acting)) } };
};

const propagation = ({ propagate }: Row) => (Number(propagate) === 1 ? "here and below" : "here alone");

/** What each holder has at the path now, and what it had. */
export const grants: Present = (data) => {
  const { before, after } = rowIn(data);
  if (after === undefined) return { rows: [], notes: [unseen] };
  const texts = (list: unknown) => new Map(rowsIn(list).map((row) => [`${row.ugid} ${row.roleid}`, propagation(row)]));
  const [old, now] = [texts(before), texts(after)];
  const keys = [...new Set([...old.keys(), ...now.keys()])].filter((key) => old.get(key) !== now.get(key));
  return {
    rows: rowsIn(after),
    changes: keys.map((key) => ({ key, old: old.get(key), new: now.get(key) })),
  };
};
