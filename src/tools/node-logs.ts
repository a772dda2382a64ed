// A node's logs and tasks.
import { parseUpid } from "../pve/upid.ts";
import type { WireValue } from "../schema/check.ts";
import type { EndpointKey } from "../schema/registry.ts";
import { type Compose, type Ground, type Present, read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";
import { span, spanOf } from "./moments.ts";
import { givenOf, linesIn, placeOf, rowIn, rowsIn } from "./rows.ts";

/** Lines that are shown unless the call says so, and those of a task's log beside its state. */
const usual = 100;
const tail = 15;

/** The newest page of a log whose lines PVE counts from its oldest: asks how many there are (facts 32). */
export async function newestPage(
  ground: Ground,
  log: EndpointKey,
  at: Readonly<Record<string, WireValue>>,
  most = usual,
) {
  const { start, limit = most } = ground.values;
  if (start !== undefined || limit === 0) return { ...at, start: start ?? 0, limit };
  const { total = 0 } = await ground.read(log, { ...at, limit: 1 });
  return { ...at, start: Math.max(0, total - Number(limit)), limit };
}

export const newestLines: Present = (data) => ({ lines: linesIn(data), newest: "last" });

/** PVE takes the times of this log in the node's own zone. */
const syslogPage: Compose = async (ground) => {
  const times = Object.entries(spanOf(ground.values));
  const { localtime, time } =
    times.length > 0 ? rowIn((await ground.read("GET /nodes/{node}/time", placeOf(ground, "node"))).data) : {};
  const shift = Number(localtime ?? 0) - Number(time ?? 0);
  const local = times.map(([name, at]) => [
    name,
    new Date((at + shift) * 1000).toISOString().slice(0, 19).replace("T", " "),
  ]);
  const at = { ...givenOf(ground, "node", "service"), ...Object.fromEntries(local) };
  return newestPage(ground, "GET /nodes/{node}/syslog", at);
};

/** Where the lines begin and end is told as a cursor, in a line of its own. */
const journalLines: Present = (data) => ({
  lines: linesIn(data).filter((line) => !/^s=[\da-f]+;i=[\da-f]+;b=/.test(line)),
  newest: "last",
});

/** Running ones as well; `vmid` by number or name. A number stands for itself: its guest may be gone, its tasks are there. */
const taskFilter: Compose = async ({ values, find }) => {
  const { vmid, source = "all" } = values;
  const guest = vmid === undefined || /^\d+$/.test(String(vmid)) ? vmid : (await find(String(vmid))).vmid;
  return { ...spanOf(values), source, ...(guest === undefined ? {} : { vmid: guest }) };
};

const newestFirst: Present = (data) => ({
  rows: rowsIn(data)
    .map((row) => ({ ...row, status: row.status ?? "RUNNING" }))
    .sort((one, other) => Number(rowIn(other).starttime) - Number(rowIn(one).starttime)),
});

/** A task is where its UPID says, whatever node is given. */
const whereItRan = ({ values }: Ground) => ({ node: parseUpid(String(values.upid))?.node ?? values.node ?? "" });

const logOf = "GET /nodes/{node}/tasks/{upid}/log";

/** The last lines of its log, and when it ended: the state alone doesn't say that, the list of tasks does. */
const taskState: Present = async (data, ground) => {
  const at = placeOf(ground, "node", "upid");
  const log = await ground.read(logOf, await newestPage(ground, logOf, at, tail));
  const { startTime: since = 0, type = "", node } = parseUpid(String(at.upid)) ?? {};
  const asked = { ...placeOf(ground, "node"), since, until: since, typefilter: type, source: "all", limit: 0 };
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
const stopped: Present = async (_, ground) => {
  const { data } = await ground.read("GET /nodes/{node}/tasks/{upid}/status", placeOf(ground, "node", "upid"));
  const { exitstatus } = rowIn(data);
  const end =
    exitstatus === undefined ? "PVE was told to stop the task, and it still runs" : `The task has ended: ${exitstatus}`;
  return { summary: end, record: rowIn(data) };
};

const identity = "status exitstatus type id user tokenid starttime";

export const nodeLogTools = [
  tool("proxmox_node_log", "Node logs: the newest lines", {
    syslog: read("GET /nodes/{node}/syslog", {
      ...span,
      show: ["service", "limit", "start"],
      compose: syslogPage,
      present: newestLines,
      done: "{count} lines of the system log of {node}",
    }),
    journal: read("GET /nodes/{node}/journal", {
      ...span,
      show: ["service", "lastentries"],
      compose: ({ values }) => ({
        ...(values.since === undefined ? { lastentries: usual } : {}),
        ...values,
        ...spanOf(values),
      }),
      present: journalLines,
      done: "{count} lines of the journal of {node}",
    }),
  }),
  tool("proxmox_node_task", "Node tasks: what was done and how it ended", {
    list: read("GET /nodes/{node}/tasks", {
      own: { ...span.own, "vmid?": "guest-name" },
      hints: { ...span.hints, statusfilter: "ok,warning,error", typefilter: "such as vzdump" },
      show: ["errors", "typefilter", "statusfilter", "userfilter", "source", "start", "limit"],
      compose: taskFilter,
      present: newestFirst,
      done: "{count} tasks of {node}",
      fields: "starttime endtime type id status user tokenid upid",
    }),
    get: read("GET /nodes/{node}/tasks/{upid}/status", {
      optional: ["node"],
      compose: whereItRan,
      present: taskState,
      fields: `${identity} endtime took node`,
      units: { took: "duration" },
    }),
    log: read(logOf, {
      optional: ["node"],
      takes: ["start", "limit"],
      show: ["start", "limit"],
      compose: (ground) => newestPage(ground, logOf, { ...placeOf(ground, "upid"), ...whereItRan(ground) }),
      present: newestLines,
      done: "{count} lines of the task's log",
    }),
    stop: write("DELETE /nodes/{node}/tasks/{upid}", {
      optional: ["node"],
      compose: whereItRan,
      present: stopped,
      fields: identity,
    }),
  }),
];
