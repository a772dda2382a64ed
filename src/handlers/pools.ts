// Owns pools and their members. PVE reaches a pool within a pool by its list alone.
import type { Row } from "../toolkit/answer.ts";
import type { Acting, Ground, Perform, Present } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { lookedAt, unseen } from "./look.ts";
import { rowIn, rowsIn, wordsIn } from "./rows.ts";

const isNested = ({ values }: Ground) => String(values.poolid).includes("/");

/** Sends to the pool's own endpoint, or to the list's for a pool within a pool. */
export const asked: Perform = (acting, values) =>
  acting.send(isNested(acting) ? "GET /pools" : "GET /pools/{poolid}", values);
export const deleted: Perform = (acting, values) =>
  acting.send(isNested(acting) ? "DELETE /pools" : "DELETE /pools/{poolid}", values);

/** One pool with its members (GET /pools with the pool's name). */
async function poolOf({ values, read: ask }: Ground): Promise<Row> {
  return rowsIn((await ask("GET /pools", { poolid: values.poolid ?? "" })).data)[0] ?? {};
}

const nameOf = (row: Row) =>
  row.type === "storage" ? `storage ${row.storage}` : `${row.vmid}${row.name ? ` (${row.name})` : ""}`;
/** A storage is in a pool once, though PVE shows it for each node. */
const namesOf = ({ members }: Row) =>
  [...new Set(rowsIn(members).map(nameOf))].sort((one, other) => one.localeCompare(other, "en", { numeric: true }));

export const members: Present = (data, { values }) => {
  const { members: all, comment } = Array.isArray(data) ? (rowsIn(data)[0] ?? {}) : rowIn(data);
  const rows = rowsIn(all);
  return { rows, summary: `Pool ${values.poolid}: ${rows.length} members${comment ? ` (${comment})` : ""}` };
};

/** Members by number or name. What is to be taken out may be gone as a guest. */
export async function guestsIn({ values, find }: Ground) {
  if (values.vms === undefined) return {};
  const isOut = Number(values.delete) === 1;
  if (wordsIn(values.vms).length === 0) throw new Refusal("vms names no guest");
  const numbers = wordsIn(values.vms).map(async (ref) => (isOut && /^\d+$/.test(ref) ? ref : (await find(ref)).vmid));
  return { vms: (await Promise.all(numbers)).join(",") };
}

export const changed: Perform = async (acting: Acting, values) => {
  const before = await lookedAt(poolOf(acting));
  const answer = await acting.send(isNested(acting) ? "PUT /pools" : "PUT /pools/{poolid}", values);
  return { ...answer, data: { before, after: await lookedAt(poolOf(acting)) } };
};

export const difference: Present = (data) => {
  const { before, after } = rowIn(data);
  if (after === undefined) return { record: {}, notes: [unseen] };
  const [old, now] = [rowIn(before), rowIn(after)];
  const pairs = [
    { key: "comment", old: old.comment, new: now.comment },
    { key: "members", old: namesOf(old).join(", "), new: namesOf(now).join(", ") },
  ];
  return {
    record: { poolid: now.poolid, comment: now.comment, members: namesOf(now) },
    ...(before === undefined ? {} : { changes: pairs.filter((pair) => pair.old !== pair.new) }),
  };
};
