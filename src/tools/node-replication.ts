// Replication jobs where they run.
import { type Compose, type Perform, type Present, read, write } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { tool } from "../toolkit/tool.ts";
import { newestLines, newestPage } from "./node-logs.ts";
import { placeOf, rowIn } from "./rows.ts";

/** A job is where its guest is; on another node PVE would take a run and never begin it. */
const jobAt: Compose = async ({ values, find }) => {
  const [vmid = ""] = String(values.id).split("-");
  const guest = await find(vmid).catch(() => undefined);
  const node = guest?.node ?? values.node;
  if (node === undefined) throw new Refusal(`node is missing: guest ${vmid} of job ${values.id} isn't there`);
  return { node, id: values.id };
};

const log = "GET /nodes/{node}/replication/{id}/log";
const status = "GET /nodes/{node}/replication/{id}/status";

/** Moments of 0 stand for never. */
const jobState: Present = (data) => {
  const known = Object.entries(rowIn(data)).filter(([name, value]) => !/^last_/.test(name) || Number(value) > 0);
  const { error, pid, last_sync: last } = rowIn(data);
  const ended = error === undefined ? (Number(last) > 0 ? "in sync" : "has not run yet") : "failed";
  return { record: { state: pid === undefined ? ended : "running now", ...Object.fromEntries(known) } };
};

/** A run that is asked for begins with the scheduler's next minute; its end is waited for. */
const runJob: Perform = async (acting, values) => {
  const state = async () => rowIn((await acting.read(status, values)).data);
  const before = await state();
  await acting.send("POST /nodes/{node}/replication/{id}/schedule_now", values);
  const ran = await acting.until(async () => {
    const { last_try: last, pid } = await state();
    return (last !== before.last_try && pid === undefined) || undefined;
  });
  return { data: ran ? "ran" : "" };
};

const ranJob: Present = async (data, ground) => {
  const { data: now } = await ground.read(status, placeOf(ground, "node", "id"));
  const { error, id } = rowIn(now);
  const shown = await jobState(now, ground);
  if (data !== "ran") return { ...shown, summary: `Job ${id} is to run within a minute; it has not ended yet` };
  if (error === undefined) return { ...shown, summary: `Job ${id} has run` };
  return {
    ...shown,
    outcome: "failed",
    kind: "task-failed",
    summary: `Job ${id} has run and failed`,
    reason: [String(error)],
  };
};

const shown = {
  optional: ["node"],
  fields: "id state error fail_count last_sync last_try next_sync duration schedule source target guest rate disable",
  units: { last_sync: "moment", last_try: "moment", next_sync: "moment", duration: "duration" },
} as const;

export const nodeReplicationTools = [
  tool("proxmox_node_replication", "Replication jobs on their node", {
    status: read(status, { ...shown, compose: jobAt, present: jobState, done: "Replication job {id}" }),
    log: read(log, {
      optional: ["node"],
      show: ["start", "limit"],
      compose: async (ground) => {
        const { node, id } = rowIn(await jobAt(ground));
        return newestPage(ground, log, { node: String(node), id: String(id) });
      },
      present: newestLines,
      done: "{count} lines of the log of replication job {id}",
    }),
    schedule: write("POST /nodes/{node}/replication/{id}/schedule_now", {
      ...shown,
      compose: jobAt,
      perform: runJob,
      present: ranJob,
    }),
  }),
];
