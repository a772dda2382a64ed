// Pools of guests and storages.
import { asked, changed, deleted, difference, guestsIn, members } from "../handlers/pools.ts";
import { destroy, read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

export const poolTools = [
  tool("proxmox_pool", "Pools of guests and storages", {
    list: read("GET /pools", { takes: [], done: "{count} pools", fields: "poolid comment" }),
    get: read("GET /pools/{poolid}", {
      also: ["GET /pools"],
      perform: asked,
      fields: "id name type status node storage cpu maxcpu mem maxmem disk maxdisk uptime",
      present: members,
    }),
    create: write("POST /pools", {
      done: "Pool {poolid} was created",
    }),
    update: write("PUT /pools/{poolid}", {
      own: { "vms?": "string-list" },
      show: ["storage", "delete", "allow-move"],
      hints: { delete: "take vms, storage out" },
      instead: { digest: "pools have no digest: leave it out" },
      also: ["PUT /pools"],
      compose: guestsIn,
      perform: changed,
      done: "Pool {poolid} was changed",
      present: difference,
    }),
    delete: destroy("DELETE /pools/{poolid}", {
      also: ["DELETE /pools"],
      replaces: { at: "GET /pools", by: "poolid" },
      perform: deleted,
      done: "Pool {poolid} was deleted",
    }),
  }),
];
