// Ceph's pools and file systems.
import { cephRead, counted, newPool, pools, rowAfter } from "../handlers/ceph.ts";
import { destroy, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const pool = "/nodes/{node}/ceph/pool";
const fs = "/nodes/{node}/ceph/fs";
const units = { bytes_used: "bytes", percent_used: "percent" } as const;
const fields =
  "pool_name pool type size min_size pg_num pg_autoscale_mode crush_rule_name bytes_used percent_used application";
const settings = ["size", "min_size", "pg_num"];
const standing = {
  at: `GET ${pool}/{name}/status`,
  keys: [
    ...settings,
    "pg_autoscale_mode",
    "crush_rule",
    "application",
    "pg_num_min",
    "target_size",
    "target_size_ratio",
  ],
} as const;

const makesPools = "PVE makes the pools {name}_data and {name}_metadata itself: leave it out";

export const cephPoolTools = [
  tool("proxmox_ceph_pool", "Ceph's pools", {
    list: cephRead(`GET ${pool}`, {
      fields,
      units,
      present: pools,
    }),
    create: write(`POST ${pool}`, {
      show: [...settings, "add_storages"],
      compose: newPool,
      done: "Pool {name} was created",
      fields,
      units,
      present: rowAfter(`GET ${pool}`, "pool_name", "name"),
    }),
    update: write(`PUT ${pool}/{name}`, {
      show: settings,
      replaces: standing,
      done: "Pool {name} was changed",
    }),
    delete: destroy(`DELETE ${pool}/{name}`, {
      show: ["remove_storages"],
      replaces: standing,
      done: "Pool {name} was deleted with all that was in it",
    }),
  }),
  tool("proxmox_ceph_fs", "CephFS file systems", {
    list: cephRead(`GET ${fs}`, {
      fields: "name data_pools metadata_pool",
      present: counted("file systems"),
    }),
    create: write(`POST ${fs}/{name}`, {
      show: ["add-storage"],
      instead: { pool: makesPools, data_pool: makesPools, metadata_pool: makesPools },
      done: "File system {name} was created",
      fields: "name data_pools metadata_pool",
      present: rowAfter(`GET ${fs}`, "name", "name"),
    }),
  }),
];
