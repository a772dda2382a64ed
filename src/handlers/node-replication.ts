// Owns what is told of replication jobs where they run, and of a run that was asked for.
import type { Compose, Perform, Present } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { newestPage } from "./node-logs.ts";
import { placeOf, rowIn } from "./rows.ts";

const status = "GET /nodes/{node}/replication/{id}/status";

/** A job is where its guest is; on another node PVE would take a run and never begin it. */
export const jobAt: Compose = async ({ values, find }) => {
  const [vmid = ""] = String(values.id).split("-");
  const guest = await find(vmid).catch(() => undefined);
  const node = guest?.node ?? values.node;
  if (node === undefined) throw new Refusal(`node is missing: guest ${vmid} of job ${values.id} isn't there`);
  return { node, id: values.id };
};

export const jobLog: Compose = async (ground) => {
  const { node, id } = rowIn(await jobAt(ground));
  return newestPage(ground, "GET /nodes/{node}/replication/{id}/log", { node: String(node), id: String(id) });
};

/** Moments of 0 stand for never. */
export const jobState: Present = (data) => {
  const known = Object.entries(rowIn(data)).filter(([name, value]) => !/^last_/.test(name) || Number(value) > 0);
  const { error, pid, last_sync: last } = rowIn(data);
  const ended = error === undefined ? (Number(last) > 0 ? "in sync" : "has not run yet") : "failed";
  return { record: { state: pid === undefined ? ended : "running now", ...Object.fromEntries(known) } };
};

/** A run that is asked for begins with the scheduler's next minute; its end is waited for. */
export const runJob: Perform = async (acting, values) => {
  const state = async () => rowIn((await acting.read(status, values)).data);
  const before = await state();
  await acting.send("POST /nodes/{node}/replication/{id}/schedule_now", values);
  const ran = await acting.until(async () => {
    const { last_try: last, pid } = await state();
    return (last !== before.last_try && pid === undefined) || undefined;
  });
  return { data: ran ? "ran" : "" };
};

export const ranJob: Present = async (data, ground) => {
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
