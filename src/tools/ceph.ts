// Ceph: its state, its disks, its monitors and metadata servers.
import type { Row } from "../toolkit/answer.ts";
import { destroy, type Present, write } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";
import { tool } from "../toolkit/tool.ts";
import { cephPoolTools } from "./ceph-pools.ts";
import { cephRead, rowAfter, rowsIn } from "./ceph-reading.ts";

const within = (row: unknown, name: string): Row => {
  const inner = isRow(row) ? row[name] : undefined;
  return isRow(inner) ? inner : {};
};
const names = (list: unknown) => rowsIn(list).map(({ name }) => name);

/** What people look for first in the hundred fields of GET …/ceph/status. */
const health: Present = (data, { values }) => {
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
      monitors: names(within(data, "monmap").mons),
      quorum,
      manager: mgrmap?.active_name,
      standby_managers: names(mgrmap?.standbys),
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

const osds: Present = (data) => {
  const rows = leaves(within(data, "root"))
    .map((row) => ({ ...row, id: Number(row.id) }))
    .sort((one, other) => one.id - other.id);
  const up = rows.filter((row: Row) => row.status === "up").length;
  const flags = isRow(data) && typeof data.flags === "string" ? [`Flags: ${data.flags}`] : [];
  return { rows, summary: `${rows.length} OSDs, ${up} up`, notes: flags };
};

const counted =
  (noun: string): Present =>
  (data) => ({ rows: rowsIn(data), summary: `${rowsIn(data).length} ${noun}` });

const osd = "/nodes/{node}/ceph/osd";
const mon = "/nodes/{node}/ceph/mon";
const mds = "/nodes/{node}/ceph/mds";

export const cephTools = [
  tool("proxmox_ceph", "Ceph's state", {
    status: cephRead("GET /nodes/{node}/ceph/status", { present: health, units: { total: "bytes" } }),
  }),
  tool("proxmox_ceph_osd", "Ceph's OSDs: create and delete need a root shell, PVE takes no token", {
    list: cephRead(`GET ${osd}`, {
      fields:
        "id host status in device_class total_space bytes_used percent_used pgs reweight crush_weight blfsdev dbdev waldev osdtype ceph_version_short",
      units: { total_space: "bytes", bytes_used: "bytes" },
      present: osds,
    }),
    create: write(`POST ${osd}`, {
      names: { db_dev: "dbdev", wal_dev: "waldev" },
      show: ["db_dev", "wal_dev", "crush-device-class", "encrypted"],
      hints: { dev: "/dev/sdb" },
      instead: { osdid: "Ceph gives a new OSD the first free number: leave it out" },
      done: "An OSD was made of {dev} on {node}",
    }),
    delete: destroy(`DELETE ${osd}/{osdid}`, {
      names: { osdid: "id" },
      show: ["cleanup"],
      done: "osd.{osdid} was destroyed",
    }),
  }),
  tool("proxmox_ceph_mon", "Ceph's monitors", {
    list: cephRead(`GET ${mon}`, {
      fields: "name host state quorum rank addr ceph_version_short",
      present: counted("monitors"),
    }),
    create: write(`POST ${mon}/{monid}`, {
      show: ["mon-address"],
      done: "Monitor {monid} was made on {node}",
      fields: "name host state quorum rank addr ceph_version_short",
      present: rowAfter(`GET ${mon}`, "name", "monid"),
    }),
    delete: destroy(`DELETE ${mon}/{monid}`, { done: "Monitor {monid} was removed from {node}" }),
  }),
  tool("proxmox_ceph_mds", "Ceph's metadata servers (CephFS)", {
    list: cephRead(`GET ${mds}`, {
      fields: "name host state fs_name rank standby_replay addr ceph_version_short",
      present: counted("metadata servers"),
    }),
    create: write(`POST ${mds}/{name}`, {
      show: ["hotstandby"],
      done: "Metadata server {name} was made on {node}",
      fields: "name host state fs_name rank standby_replay addr ceph_version_short",
      present: rowAfter(`GET ${mds}`, "name", "name"),
    }),
    // PVE's task ends OK for a server that never was, so it is looked for first
    delete: destroy(`DELETE ${mds}/{name}`, {
      replaces: { at: `GET ${mds}`, by: "name", keys: ["host", "state", "fs_name"] },
      done: "Metadata server {name} was removed from {node}",
    }),
  }),
  ...cephPoolTools,
];
