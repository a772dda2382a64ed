// Owns what is told of tasks: which are meant, where they ran, how they ended, what their log says.
import { parseUpid } from "../pve/upid.ts";
import type { Compose, Ground, Present } from "../toolkit/operation.ts";
import { spanOf } from "./moments.ts";
import { newestPage } from "./node-logs.ts";
import { linesIn, placeOf, rowIn, rowsIn } from "./rows.ts";

const logOf = "GET /nodes/{node}/tasks/{upid}/log";

/** Lines of the log beside the state. */
const tail = 15;

/** Running ones as well; `vmid` by number or name. A number stands for itself: its guest may be gone, its tasks are there. */
export const taskFilter: Compose = async ({ values, find }) => {
  const { vmid, source = "all" } = values;
  const guest = vmid === undefined || /^\d+$/.test(String(vmid)) ? vmid : (await find(String(vmid))).vmid;
  return { ...spanOf(values), source, ...(guest === undefined ? {} : { vmid: guest }) };
};

export const newestFirst: Present = (data) => ({
  rows: rowsIn(data)
    .map((row) => ({ ...row, status: row.status ?? "RUNNING" }))
    .sort((one, other) => Number(rowIn(other).starttime) - Number(rowIn(one).starttime)),
});

/** A task is where its UPID says, whatever node is given. */
export const whereItRan = ({ values }: Ground) => ({ node: parseUpid(String(values.upid))?.node ?? values.node ?? "" });

export const taskLog: Compose = (ground) =>
  newestPage(ground, logOf, { ...placeOf(ground, "upid"), ...whereItRan(ground) });

/** The last lines of its log, and when it ended: the state alone doesn't say that, the list of tasks does. */
export const taskState: Present = async (data, ground) => {
  const at = placeOf(ground, "node", "upid");
  const log = await ground.read(logOf, await newestPage(ground, logOf, at, tail));
  const { startTime: since = 0, type = "", node } = parseUpid(String(at.upid)) ?? {};
  const asked = { ...placeOf(ground, "node"), since, until: since, typefilter: type, source: "all", limit: 500 };
  const listed = rowsIn((await ground.read("GET /nodes/{node}/tasks", asked)).data);
  const { endtime } = listed.find(({ upid }) => upid === at.upid) ?? {};
  const { exitstatus, ...rest } = rowIn(data);
  const ended = exitstatus === undefined ? {} : { exitstatus: String(exitstatus) };
  return {
    summary: `Task ${type} on ${node}: ${ended.exitstatus === undefined ? "running" : `ended with ${exitstatus}`}`,
    record: { ...rest, ...ended, endtime, ...(endtime === undefined ? {} : { took: Number(endtime) - since }) },
    task: { upid: String(at.upid), ...ended, log: linesIn(log.data) },
  };
};

/** PVE answers 200 for a task that had ended as well (facts 33). */
export const stopped: Present = async (_, ground) => {
  const { data } = await ground.read("GET /nodes/{node}/tasks/{upid}/status", placeOf(ground, "node", "upid"));
  const { exitstatus } = rowIn(data);
  const end =
    exitstatus === undefined ? "PVE was told to stop the task, and it still runs" : `The task has ended: ${exitstatus}`;
  return { summary: end, record: rowIn(data) };
};
