// Owns what the soak calls: tools of its own over the endpoints of guests and pools, half of them reads.

import type { Answer } from "../../src/toolkit/answer.ts";
import type { Caller, Cluster } from "../../src/toolkit/call.ts";
import { callTool } from "../../src/toolkit/call.ts";
import { read, write } from "../../src/toolkit/operation.ts";
import { tool } from "../../src/toolkit/tool.ts";
import { guestTools } from "../../src/tools/guests.ts";
import { nodeTools } from "../../src/tools/nodes.ts";
import { limitOf, markOf } from "./effects.ts";

const writing = tool("soak_write", "Writes of the soak", {
  describe: write("PUT /nodes/{node}/{type}/{vmid}/config"),
  configure: write("POST /nodes/{node}/qemu/{vmid}/config"),
  start: write("POST /nodes/{node}/qemu/{vmid}/status/start"),
  stop: write("POST /nodes/{node}/qemu/{vmid}/status/stop"),
  pool: write("POST /pools"),
  create: write("POST /nodes/{node}/qemu", {
    optional: ["vmid"],
    compose: async ({ read: ask }) => ({ vmid: Number((await ask("GET /cluster/nextid", {})).data) }),
  }),
});

const reading = tool("soak_read", "Reads of the soak", {
  config: read("GET /nodes/{node}/{type}/{vmid}/config"),
  tasks: read("GET /nodes/{node}/tasks"),
});

const listed = [...guestTools, ...nodeTools];
const [list, state, nodes] = ["proxmox_guest_list", "proxmox_guest_status", "proxmox_node"].map((name) => {
  const found = listed.find((one) => one.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
});

/** Seconds that a write waits for its task. */
const wait = 2;

/** A number from 0 on and below `limit`. */
export type Draw = (limit: number) => number;

/** Guests of the cluster that VMs are made of; every container and VM has a number from 100 on. */
const guests = 200;
const isVm = (vmid: number): boolean => [0, 1, 2, 5, 7, 8].includes((vmid - 100) % 10) && (vmid - 100) % 50 !== 49;

function vm(draw: Draw): number {
  for (;;) {
    const vmid = 100 + draw(guests);
    if (isVm(vmid)) return vmid;
  }
}

/** Write number `id`, whose effect can be told apart from that of any other. */
export function writeCall(id: number, draw: Draw, cluster: Cluster, caller: Caller): Promise<Answer> {
  const node = `pve${1 + draw(3)}`;
  const given = [
    () => ({ action: "describe", vmid: 100 + draw(guests), description: markOf(id) }),
    () => ({ action: "describe", vmid: vm(draw), description: markOf(id), cores: 1 + draw(4) }),
    () => ({ action: "configure", vmid: vm(draw), description: markOf(id), wait }),
    () => ({ action: "start", vmid: vm(draw), timeout: limitOf(id), wait }),
    () => ({ action: "stop", vmid: vm(draw), timeout: limitOf(id), wait }),
    () => ({ action: "pool", poolid: markOf(id) }),
    () => ({ action: "create", node, name: markOf(id), wait }),
  ];
  return callTool(writing, given[draw(given.length)]?.() ?? {}, cluster, caller);
}

export function readCall(draw: Draw, cluster: Cluster, caller: Caller): Promise<Answer> {
  const node = `pve${1 + draw(3)}`;
  const given = [
    () => callTool(reading, { action: "config", vmid: 100 + draw(guests) }, cluster, caller),
    () => callTool(reading, { action: "tasks", node, limit: 20 }, cluster, caller),
    () => callTool(state ?? reading, { vmid: 100 + draw(guests) }, cluster, caller),
    () => callTool(list ?? reading, { limit: 20 }, cluster, caller),
    () => callTool(nodes ?? reading, { action: "list" }, cluster, caller),
  ];
  return (given[draw(given.length)] ?? given[0])?.() ?? Promise.reject(new Error("no call"));
}
