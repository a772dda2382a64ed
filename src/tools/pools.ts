// Pools: guests and storages that permissions are given on together. PVE reaches a pool within a pool by its list alone.
import type { Row } from "../toolkit/answer.ts";
import { type Acting, destroy, type Ground, type Perform, type Present, read, write } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";
import { tool } from "../toolkit/tool.ts";

const pools = { at: "GET /pools", by: "poolid" } as const;

const nested = ({ values }: Pick<Ground, "values">) => String(values.poolid).includes("/");

/** One pool with its members (GET /pools with the pool's name). */
async function poolOf({ values, read: ask }: Ground): Promise<Row> {
  const { data } = await ask("GET /pools", { poolid: values.poolid ?? "" });
  const [row] = Array.isArray(data) ? data.filter(isRow) : [];
  return row ?? {};
}

const nameOf = (row: Row) =>
  row.type === "storage" ? `storage ${row.storage}` : `${row.vmid}${row.name ? ` (${row.name})` : ""}`;
/** A storage is in a pool once, though PVE shows it for each node. */
const namesOf = ({ members }: Row) =>
  [...new Set((Array.isArray(members) ? members.filter(isRow) : []).map(nameOf))].sort((one, other) =>
    one.localeCompare(other, "en", { numeric: true }),
  );

const poolRows: Present = (data, { values }) => {
  const [row] = Array.isArray(data) ? data.filter(isRow) : [data];
  const { members, comment } = isRow(row) ? row : {};
  const rows = Array.isArray(members) ? members.filter(isRow) : [];
  return {
    rows,
    summary: `Pool ${values.poolid}: ${rows.length} members${comment ? ` (${comment})` : ""}`,
  };
};

/** Members by number or name. What is to be taken out may be gone as a guest. */
async function guestsIn({ values, find }: Ground) {
  if (values.vms === undefined) return {};
  const refs = String(values.vms)
    .split(/[,;\s]+/)
    .filter((ref) => ref !== "");
  const numbers = refs.map(async (ref) =>
    /^\d+$/.test(ref) && Number(values.delete) === 1 ? ref : String((await find(ref)).vmid),
  );
  return { vms: (await Promise.all(numbers)).join(",") };
}

const changed: Perform = async (acting: Acting, values) => {
  const before = await poolOf(acting);
  const answer = await acting.send(nested(acting) ? "PUT /pools" : "PUT /pools/{poolid}", values);
  const after = await poolOf(acting);
  return { ...answer, data: { before, after } };
};

const difference: Present = (data) => {
  const { before, after } = isRow(data) ? data : {};
  const [old, now] = [isRow(before) ? before : {}, isRow(after) ? after : {}];
  const pairs = [
    { key: "comment", old: old.comment, new: now.comment },
    { key: "members", old: namesOf(old).join(", "), new: namesOf(now).join(", ") },
  ];
  return {
    record: { poolid: now.poolid, comment: now.comment, members: namesOf(now) },
    changes: pairs.filter((pair) => pair.old !== pair.new),
  };
};

export const poolTools = [
  tool("proxmox_pool", "Pools of guests and storages", {
    list: read("GET /pools", { takes: [], done: "{count} pools", fields: "poolid comment" }),
    get: read("GET /pools/{poolid}", {
      also: ["GET /pools"],
      perform: (acting, values) => acting.send(nested(acting) ? "GET /pools" : "GET /pools/{poolid}", values),
      fields: "id name type status node storage cpu maxcpu mem maxmem disk maxdisk uptime",
      present: poolRows,
    }),
    create: write("POST /pools", {
      show: ["comment"],
      hints: { poolid: "a/b is in a" },
      done: "Pool {poolid} was created",
    }),
    update: write("PUT /pools/{poolid}", {
      own: { "vms?": "string-list" },
      show: ["storage", "comment", "delete", "allow-move"],
      hints: { vms: "guests to add", storage: "to add", delete: "take them out", "allow-move": "out of another pool" },
      instead: { digest: "pools have no digest: leave it out" },
      also: ["PUT /pools"],
      compose: guestsIn,
      perform: changed,
      done: "Pool {poolid} was changed",
      present: difference,
    }),
    delete: destroy("DELETE /pools/{poolid}", {
      also: ["DELETE /pools"],
      replaces: pools,
      perform: (acting, values) => acting.send(nested(acting) ? "DELETE /pools" : "DELETE /pools/{poolid}", values),
      done: "Pool {poolid} was deleted",
    }),
  }),
];
