// High availability: the guests that the HA manager keeps running, and where it may put them.
import { bySidAlone, carriedOut, managerStatus, placed, resolvedSid } from "../handlers/ha.ts";
import { groups } from "../handlers/ha-groups.ts";
import { destroy, read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const resource = "GET /cluster/ha/resources/{sid}";
const current = "GET /cluster/ha/status/current";

const bySid = {
  own: { sid: "guest-name" },
  hints: { sid: "or a name" },
  resolve: resolvedSid,
  compose: bySidAlone,
} as const;

const fields = "sid type state request_state node group max_restart max_relocate failback comment";
const settings = {
  ...bySid,
  own: { ...bySid.own, "wait?": "0<=integer<=3600" },
  unlisted: ["wait"],
  show: ["state", "max_restart", "failback"],
  compose: placed,
  present: carriedOut,
  fields,
} as const;
const groupOwn = { "resources?": "string-list" } as const;
const groupShown = {
  show: ["restricted", "nofailback"],
  own: groupOwn,
  hints: { nodes: "pve1:2,pve2", resources: "from PVE 9 on" },
} as const;

export const haTools = [
  tool("proxmox_ha_resource", "HA resources", {
    list: read("GET /cluster/ha/resources", { done: "{count} HA resources", fields }),
    get: read(resource, { ...bySid, done: "HA resource {sid}", fields }),
    status: read(current, { present: managerStatus, fields: "id node state request_state crm_state status comment" }),
    create: write("POST /cluster/ha/resources", settings),
    update: write("PUT /cluster/ha/resources/{sid}", { ...settings, replaces: resource }),
    delete: destroy("DELETE /cluster/ha/resources/{sid}", {
      ...bySid,
      replaces: resource,
      done: "HA resource {sid} was deleted; the guest stays as it is, and is no longer kept running",
    }),
  }),
  tool("proxmox_ha_group", "HA groups; from PVE 9 on node affinity rules", {
    list: read("GET /cluster/ha/groups", groups.list),
    get: read("GET /cluster/ha/groups/{group}", groups.get),
    create: write("POST /cluster/ha/groups", { ...groupShown, ...groups.create }),
    update: write("PUT /cluster/ha/groups/{group}", {
      ...groupShown,
      ...groups.update,
      show: ["nodes", ...groupShown.show],
    }),
    delete: destroy("DELETE /cluster/ha/groups/{group}", groups.delete),
  }),
];
