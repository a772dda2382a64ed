// Owns what Ceph says: that it isn't installed, or not set up yet, is an answer; its state, and the tree of its OSDs as rows.
import { PveError } from "../pve/errors.ts";
import type { EndpointKey } from "../schema/endpoints.gen.ts";
import type { Row } from "../toolkit/answer.ts";
import { type Ground, type Operation, type Options, type Present, read } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { rowIn, rowsIn } from "./rows.ts";

/** What PVE says on a node without Ceph's programs, or before `pveceph init`, and what that is in words. */
const states: readonly (readonly [RegExp, (node: string) => string, string])[] = [
  [/binary not installed/, (node) => `Ceph is not installed on ${node}`, "`pveceph install` on the node installs it."],
  [
    /configuration not initialized|not fully configured/,
    (node) => `Ceph is installed on ${node} and not set up`,
    "`pveceph init` on a node sets it up.",
  ],
];

/** A reading of Ceph on a node. */
export function cephRead(key: EndpointKey, options: Options & { present: Present }): Operation {
  return read(key, {
    ...options,
    perform: async (acting, values) => {
      try {
        return await acting.read(key, values);
      } catch (error) {
        const state = error instanceof PveError ? states.find(([said]) => said.test(error.sentence)) : undefined;
        if (!state) throw error;
        const [, words, next] = state;
        return { data: { absent: words(String(values.node)), next } };
      }
    },
    present: (data, ground) => {
      if (!isRow(data) || typeof data.absent !== "string") return options.present(data, ground);
      return { summary: data.absent, rows: [], notes: [String(data.next)] };
    },
  });
}

/** What stands in a list of Ceph's now that a task has ended: the row of the name that the call gave. */
export const rowAfter =
  (key: EndpointKey, by: string, argument: string): Present =>
  async (_, { values, read: ask }: Ground) => {
    const { data } = await ask(key, { node: values.node ?? "" });
    const row = rowsIn(data).find((one) => String(one[by]) === String(values[argument] ?? values.node));
    return row ? { record: row } : { notes: [`It is not in PVE's list yet (${key.replace(/^GET .*\//, "")}).`] };
  };

const within = (row: unknown, name: string): Row => rowIn(rowIn(row)[name]);
const namesIn = (list: unknown) => rowsIn(list).map(({ name }) => name);

/** What people look for first in the hundred fields of GET …/ceph/status. */
export const health: Present = (data, { values }) => {
  const [osdmap, pgmap, mgrmap, fsmap] = ["osdmap", "pgmap", "mgrmap", "fsmap"].map((name) => within(data, name));
  const state = within(data, "health");
  const checks = Object.entries(within(state, "checks")).map(
    ([name, check]) => `${name}: ${within(check, "summary").message}`,
  );
  const quorum = isRow(data) && Array.isArray(data.quorum_names) ? data.quorum_names : [];
  return {
    summary: `Ceph on ${values.node}: ${state.status}`,
    record: {
      health: state.status,
      checks,
      monitors: namesIn(within(data, "monmap").mons),
      quorum,
      manager: mgrmap?.active_name,
      standby_managers: namesIn(mgrmap?.standbys),
      osds: osdmap?.num_osds,
      osds_up: osdmap?.num_up_osds,
      osds_in: osdmap?.num_in_osds,
      pools: pgmap?.num_pools,
      pgs: pgmap?.num_pgs,
      pg_states: rowsIn(pgmap?.pgs_by_state).map((row) => `${row.state_name} ${row.count}`),
      objects: pgmap?.num_objects,
      degraded_objects: pgmap?.degraded_objects,
      used: pgmap?.bytes_used,
      available: pgmap?.bytes_avail,
      total: pgmap?.bytes_total,
      mds: rowsIn(fsmap?.by_rank).map((row) => `${row.name} ${row.status}`),
      mds_standby: fsmap?.["up:standby"],
      fsid: isRow(data) ? data.fsid : undefined,
    },
  };
};

/** The OSDs of the tree that GET …/ceph/osd answers with, by number. */
const leaves = (node: unknown): Row[] =>
  isRow(node) ? [...(node.type === "osd" ? [node] : []), ...rowsIn(node.children).flatMap(leaves)] : [];

export const osds: Present = (data) => {
  const rows = leaves(within(data, "root"))
    .map((row) => ({ ...row, id: Number(row.id) }))
    .sort((one, other) => one.id - other.id);
  const up = rows.filter((row: Row) => row.status === "up").length;
  const flags = isRow(data) && typeof data.flags === "string" ? [`Flags: ${data.flags}`] : [];
  return { rows, summary: `${rows.length} OSDs, ${up} up`, notes: flags };
};

/** A list, and how many of what there are. */
export const counted =
  (noun: string): Present =>
  (data) => ({ rows: rowsIn(data), summary: `${rowsIn(data).length} ${noun}` });

/** Pools with the names of what they are for. */
export const pools: Present = (data, ground) => {
  const rows = rowsIn(data).map((row) => ({
    ...row,
    application: Object.keys(rowIn(row.application_metadata)).join(","),
  }));
  return counted("pools")(rows, ground);
};

/** PVE would set an existing pool anew and say that it was made. */
export async function newPool({ values, read: ask }: Ground): Promise<Record<string, never>> {
  const { data } = await ask("GET /nodes/{node}/ceph/pool", { node: values.node ?? "" });
  if (!rowsIn(data).some(({ pool_name: name }) => name === values.name)) return {};
  throw new Refusal(`name ${values.name} is a pool already: action=update changes it`);
}
