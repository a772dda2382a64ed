// The cluster as a whole.
import { read } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

export const clusterTools = [
  tool(
    "proxmox_get_next_vmid",
    "Next free VMID",
    read("GET /cluster/nextid", {
      hints: { vmid: "check whether this one is free" },
      done: "The next free VMID",
      present: (data) => ({ record: { vmid: Number(data) }, summary: `VMID ${Number(data)} is free` }),
    }),
  ),
];
