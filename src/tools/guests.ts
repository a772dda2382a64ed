// Guests of both kinds: the list, their state, starting them.

import { type Ground, type Present, read, write } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";
import { tool } from "../toolkit/tool.ts";
import { guestRows } from "./guest-rows.ts";

const status = "GET /nodes/{node}/{type}/{vmid}/status/current";

/** PVE's state of a guest after an operation on it: what a task's OK alone doesn't prove (an HA manager acts later). */
const stateAfter: Present = async (_, { guest, read: ask }: Ground) => {
  if (!guest) return {};
  const path = { node: guest.node, vmid: guest.vmid };
  const { data } = await ask(`GET /nodes/{node}/${guest.type}/{vmid}/status/current`, path);
  if (!isRow(data)) return {};
  const { status: state, qmpstatus, lock, ha } = data;
  const managed = isRow(ha) && Number(ha.managed) === 1;
  const late =
    managed && state !== "running" ? ["The HA manager carries this out; the guest follows in some seconds."] : [];
  const known = Object.entries({ status: state, qmpstatus, lock }).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  return {
    record: { vmid: guest.vmid, node: guest.node, ...Object.fromEntries(known) },
    ...(late.length > 0 ? { notes: late } : {}),
  };
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
    read(status, {
      done: "Status of {guest}",
      fields:
        "vmid name status qmpstatus lock cpu cpus mem maxmem swap maxswap disk maxdisk uptime pid agent ha tags template " +
        "netin netout diskread diskwrite running-machine running-qemu",
    }),
  ),
  tool(
    "proxmox_guest_start",
    "Start a guest: a VM or container",
    write("POST /nodes/{node}/{type}/{vmid}/status/start", { done: "{guest} was started", present: stateAfter }),
  ),
];
