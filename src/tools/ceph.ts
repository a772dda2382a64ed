// Ceph: its state, its disks, its monitors and metadata servers.
import { cephRead, counted, health, osds, rowAfter } from "../handlers/ceph.ts";
import { destroy, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";
import { cephPoolTools } from "./ceph-pools.ts";

const osd = "/nodes/{node}/ceph/osd";
const mon = "/nodes/{node}/ceph/mon";
const mds = "/nodes/{node}/ceph/mds";

export const cephTools = [
  tool("proxmox_ceph", "Ceph's state", {
    status: cephRead("GET /nodes/{node}/ceph/status", {
      fields:
        "health checks monitors quorum manager standby_managers osds osds_up osds_in pools pgs pg_states objects degraded_objects used available total mds mds_standby fsid",
      present: health,
    }),
  }),
  tool("proxmox_ceph_osd", "Ceph's OSDs: PVE lets no token create or delete", {
    list: cephRead(`GET ${osd}`, {
      fields:
        "id host status in device_class total_space bytes_used percent_used pgs reweight crush_weight blfsdev dbdev waldev osdtype ceph_version_short",
      units: { total_space: "bytes", bytes_used: "bytes" },
      present: osds,
    }),
    create: write(`POST ${osd}`, {
      names: { db_dev: "dbdev", wal_dev: "waldev" },
      show: ["db_dev", "encrypted"],
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
