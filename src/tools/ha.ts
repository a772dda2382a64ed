// High availability: the guests that the HA manager keeps running, and where it may put them.
import type { Row } from "../toolkit/answer.ts";
import { destroy, type Ground, type Present, read, write } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { tool } from "../toolkit/tool.ts";
import { groups, hasRules, sidOf } from "./ha-groups.ts";
import { rowIn, rowsIn } from "./rows.ts";

const resource = "GET /cluster/ha/resources/{sid}";
const current = "GET /cluster/ha/status/current";

const bySid = {
  own: { sid: "guest-name" },
  hints: { sid: "100, vm:100 or a name" },
  resolve: async (ground: Ground) => ({ sid: await sidOf(ground, String(ground.values.sid)) }),
  compose: ({ values }: Ground) => ({ sid: values.sid }),
} as const;

/** A resource's group is no more from PVE 9 on. */
async function placed(ground: Ground): Promise<Row> {
  const { sid, group } = ground.values;
  if (group === undefined || !(await hasRules(ground))) return { sid };
  throw new Refusal(
    `group: PVE has no HA groups from 9 on; use proxmox_ha_group action=create or update with resources=${sid} instead`,
  );
}

/** What the manager itself says (GET …/status/current), and of nodes what it holds them for (…/manager_status). */
const managerStatus: Present = async (data, { read: ask }) => {
  const { manager_status: manager } = rowIn((await ask("GET /cluster/ha/status/manager_status", {})).data);
  const { node_status: nodes, master_node: master } = rowIn(manager);
  const rows = rowsIn(data).map((row) =>
    row.type === "lrm" ? { ...row, state: rowIn(nodes)[String(row.node)] } : row,
  );
  const services = rows.filter(({ type }) => type === "service");
  const quorum = rows.find(({ type }) => type === "quorum");
  const states = [...new Set(services.map(({ state }) => String(state)))].sort();
  const counted = states.map((state) => `${services.filter((one) => one.state === state).length} ${state}`).join(", ");
  const lost = Object.entries(rowIn(nodes)).filter(([, state]) => state !== "online");
  return {
    rows,
    summary: `HA: quorum ${quorum?.status ?? "unknown"}, ${master ? `master ${master}` : "no master"}, ${services.length} resources${counted ? ` (${counted})` : ""}`,
    ...(lost.length > 0 ? { notes: lost.map(([node, state]) => `The HA manager holds ${node} for ${state}.`) } : {}),
  };
};

/** The manager acts some seconds after PVE took a change (facts 52): what it makes of the resource is waited for. */
const carriedOut: Present = async (_, ground) => {
  const { sid } = ground.values;
  let row: Row = {};
  const isSettled = ({ state, request_state: wanted }: Row) =>
    state === wanted || state === "error" || wanted === "ignored";
  await ground.until(async () => {
    row = rowIn(rowsIn((await ground.read(current, {})).data).find((one) => one.sid === sid));
    return isSettled(row) || undefined;
  });
  const { state, request_state: wanted, node } = row;
  const record = {
    sid,
    request_state: wanted,
    state,
    node,
    ...rowIn((await ground.read(resource, { sid: sid ?? "" })).data),
  };
  if (state === "error")
    return {
      outcome: "failed",
      kind: "task-failed",
      summary: `HA resource ${sid} is in the state error`,
      reason: [
        "PVE took the change, and the HA manager can't carry it out: set state=disabled, mend the guest, then set it back.",
      ],
      record: { ...record, state },
    };
  const now = isSettled(row)
    ? `is ${state ?? "managed"}`
    : `is to be ${wanted}; the HA manager has it as ${state} so far`;
  return {
    summary: `HA resource ${sid} ${now}${node === undefined ? "" : ` on ${node}`}`,
    record: { ...record, state: state ?? record.state },
  };
};

const fields = "sid type state request_state node group max_restart max_relocate failback comment";
const settings = {
  ...bySid,
  own: { ...bySid.own, "wait?": "0<=integer<=3600" },
  unlisted: ["wait"],
  show: ["state", "max_restart", "max_relocate", "failback", "comment"],
  compose: placed,
  present: carriedOut,
  fields,
} as const;
const groupOwn = { "resources?": "string-list" } as const;
const groupShown = {
  show: ["restricted", "nofailback", "comment"],
  own: groupOwn,
  hints: { nodes: "pve1:2,pve2:1 (priorities)", resources: "vm:100,ct:200; from PVE 9 on" },
} as const;

export const haTools = [
  tool("proxmox_ha_resource", "HA resources: guests that the HA manager keeps", {
    list: read("GET /cluster/ha/resources", { show: ["type"], done: "{count} HA resources", fields }),
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
