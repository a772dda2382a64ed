// Guests of both kinds: the list, their state, what they can do, their figures.
import { guestRows } from "../handlers/guest-rows.ts";
import { feature, status } from "../handlers/guest-state.ts";
import { series } from "../handlers/series.ts";
import { read } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

export const guestTools = [
  tool(
    "proxmox_guest_list",
    "Guests: VMs and containers",
    read("GET /cluster/resources", {
      own: {
        "node?": "pve-node",
        "type?": ["===", "all", "vm", "lxc", "qemu", "ct"],
        "status?": ["===", "running", "stopped", "paused", "suspended", "unknown"],
        "name?": "string",
        "pool?": "string",
        "tag?": "string",
        "limit?": "integer>=1",
        "offset?": "integer>=0",
      },
      choices: { type: ["all", "vm", "lxc"] },
      unlisted: ["pool", "offset"],
      hints: { name: "part, or with * and ?" },
      fields: "vmid name type status node cpu maxcpu mem maxmem uptime maxdisk tags pool template lock hastate",
      present: guestRows,
    }),
  ),
  tool(
    "proxmox_guest_status",
    "Guest status",
    read("GET /nodes/{node}/{type}/{vmid}/status/current", {
      present: status,
      fields:
        "vmid name node status qmpstatus lock hastate cpu cpus mem maxmem swap maxswap disk maxdisk uptime pid agent tags " +
        "template netin netout diskread diskwrite running-machine running-qemu",
    }),
  ),
  tool(
    "proxmox_guest_feature",
    "Guest feature: is it possible",
    read("GET /nodes/{node}/{type}/{vmid}/feature", {
      show: ["snapname"],
      present: feature,
      fields: "hasFeature nodes",
    }),
  ),
  tool(
    "proxmox_guest_rrddata",
    "Guest figures over time",
    read("GET /nodes/{node}/{type}/{vmid}/rrddata", { ...series, done: "Figures of {guest}" }),
  ),
];
