// Snapshots of guests: taking, going back, removing; the list as the tree that they are.
import { listed, removed, taken, wentBack } from "../handlers/snapshots.ts";
import { destroy, read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const list = "/nodes/{node}/{type}/{vmid}/snapshot";
const one = "/nodes/{node}/{type}/{vmid}/snapshot/{snapname}";

export const snapshotTools = [
  tool("proxmox_guest_snapshot", "Guest snapshots", {
    create: write(`POST ${list}`, {
      show: ["description", "vmstate"],
      hints: { vmstate: "memory too" },
      units: { snaptime: "moment" },
      present: taken,
      done: "Snapshot {snapname} of {guest} was taken",
    }),
    list: read(`GET ${list}`, {
      present: listed,
      fields: "tree name parent snaptime vmstate snapstate running description",
      units: { snaptime: "moment" },
    }),
    rollback: destroy(`POST ${one}/rollback`, {
      show: ["start"],
      present: wentBack,
    }),
    delete: destroy(`DELETE ${one}`, {
      replaces: { at: `GET ${one}/config`, keys: ["description", "snaptime", "parent", "vmstate"] },
      present: removed,
      done: "Snapshot {snapname} of {guest} was deleted",
    }),
  }),
];
