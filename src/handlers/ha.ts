// Owns what the HA manager makes of a resource: its own status, and a change that it carries out some seconds later.
import type { Row } from "../toolkit/answer.ts";
import type { Ground, Present } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { hasRules, sidOf } from "./ha-groups.ts";
import { rowIn, rowsIn } from "./rows.ts";

const resource = "GET /cluster/ha/resources/{sid}";
const current = "GET /cluster/ha/status/current";

/** The resource that is meant, whatever it was called by. */
export const resolvedSid = async (ground: Ground) => ({ sid: await sidOf(ground, String(ground.values.sid)) });

export const bySidAlone = ({ values }: Ground) => ({ sid: values.sid });

/** A resource's group is no more from PVE 9 on. */
export async function placed(ground: Ground): Promise<Row> {
  const { sid, group } = ground.values;
  if (group === undefined || !(await hasRules(ground))) return { sid };
  throw new Refusal(
    `group: PVE has no HA groups from 9 on; use proxmox_ha_group action=create or update with resources=${sid} instead`,
  );
}

/** What the manager itself says (GET …/status/current), and of nodes what it holds them for (…/manager_status). */
export const managerStatus: Present = async (data, { read: ask }) => {
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
export const carriedOut: Present = async (_, ground) => {
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
