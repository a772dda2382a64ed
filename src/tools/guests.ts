// Guests of both kinds: the list, their state, what they can do, their figures.
import { type Present, read } from "../toolkit/operation.ts";
import { guestName, isRow } from "../toolkit/present.ts";
import { tool } from "../toolkit/tool.ts";
import { guestRows } from "./guest-rows.ts";
import { series } from "./series.ts";

/** The state, with the HA manager's word for guests that it keeps. */
const status: Present = (data, ground) => {
  if (!isRow(data)) return {};
  const { ha, ...row } = data;
  const managed = isRow(ha) && Number(ha.managed) === 1;
  const { guest } = ground;
  return {
    summary: `${guestName(ground)} is ${row.qmpstatus ?? row.status}${guest ? ` on ${guest.node}` : ""}`,
    record: { ...row, node: guest?.node, ...(managed ? { hastate: ha.state ?? "managed" } : {}) },
  };
};

/** PVE says whether the guest has it as it is, and for VMs where. */
const feature: Present = (data, ground) => {
  if (!isRow(data)) return {};
  const answer = Number(data.hasFeature) === 1 ? "yes" : "no";
  return { summary: `Feature ${ground.values.feature} of ${guestName(ground)}: ${answer}` };
};

export const guestTools = [
  tool(
    "proxmox_guest_list",
    "Guests: VMs and containers of the whole cluster",
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
      hints: { name: "part, or with * and ?" },
      fields: "vmid name type status node cpu maxcpu mem maxmem uptime maxdisk tags pool template lock hastate",
      present: guestRows,
    }),
  ),
  tool(
    "proxmox_guest_status",
    "Guest status: what a VM or container is doing now",
    read("GET /nodes/{node}/{type}/{vmid}/status/current", {
      present: status,
      fields:
        "vmid name node status qmpstatus lock hastate cpu cpus mem maxmem swap maxswap disk maxdisk uptime pid agent tags " +
        "template netin netout diskread diskwrite running-machine running-qemu",
    }),
  ),
  tool(
    "proxmox_guest_feature",
    "Guest feature: can it be snapshotted, cloned (linked) or copied",
    read("GET /nodes/{node}/{type}/{vmid}/feature", {
      show: ["snapname"],
      present: feature,
      fields: "hasFeature nodes",
    }),
  ),
  tool(
    "proxmox_guest_rrddata",
    "Guest figures over time: minimum, mean, maximum and the newest points",
    read("GET /nodes/{node}/{type}/{vmid}/rrddata", { ...series, done: "Figures of {guest}" }),
  ),
];
