// /nodes/{node}/tasks: lists, status, logs, stopping (facts 31-33).
import type { Caller } from "../engine/caller.ts";
import { invalid } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import type { Task } from "../engine/state.ts";
import { readUpid } from "../engine/upid.ts";
import { activeTask, finishedTask, isOwnTask, mayReadTask, taskStatus } from "./task-view.ts";

/** From the signal to the worker's end, ms. */
const stopTime = 1000;

/** `ok`, `warning`, `error`, `unknown`: what `statusfilter` sorts by. */
function kindOf(task: Task): string {
  if (task.exitstatus === undefined) return "unknown";
  if (task.exitstatus === "OK") return "ok";
  return /^WARNINGS: \d+$/.test(task.exitstatus) ? "warning" : "error";
}

function matches({ params }: Call, task: Task): boolean {
  const vmid = params.text("vmid");
  const since = params.number("since");
  const until = params.number("until");
  const type = params.text("typefilter");
  const user = params.text("userfilter");
  const statuses = params.list("statusfilter");
  if (vmid !== undefined && task.id !== vmid) return false;
  if (since !== undefined && task.starttime < since) return false;
  if (until !== undefined && task.starttime > until) return false;
  if (type !== undefined && task.type !== type) return false;
  if (user !== undefined && !`${task.user}${task.tokenid === undefined ? "" : `!${task.tokenid}`}`.includes(user))
    return false;
  if (params.flag("errors") && kindOf(task) !== "error") return false;
  return statuses.length === 0 || statuses.includes(kindOf(task));
}

function list(call: Call): unknown {
  const { cluster, caller, params, node, extras } = call;
  const source = params.text("source") ?? "archive";
  const here = cluster.state.tasks.filter(
    (task) => task.node === node && mayReadTask(caller, task) && matches(call, task),
  );
  const active = source === "archive" ? [] : here.filter((task) => task.exitstatus === undefined).map(activeTask);
  const finished = here.filter((task) => task.exitstatus !== undefined).sort(newestFirst);
  const archive = source === "active" ? [] : finished.map(finishedTask);
  const all = [...active, ...archive];
  const start = params.number("start") ?? 0;
  const limit = params.number("limit") ?? 50;
  if (all.length > 0) extras.total = all.length;
  return limit === 0 ? all.slice(start) : all.slice(start, start + limit);
}

const newestFirst = (a: Task, b: Task) => (b.endtime ?? 0) - (a.endtime ?? 0);

/** Others' tasks take Sys.Audit on the node; a UPID says whose it is, even when its log is gone. */
function assertReadable(caller: Caller, upid: string): void {
  const parts = readUpid(upid);
  if (parts === undefined) throw invalid({ upid: "unable to parse worker upid" });
  const [user = "", tokenid] = parts.user.split("!");
  const task = { node: parts.node, user, ...(tokenid === undefined ? {} : { tokenid }) };
  if (!isOwnTask(caller, task)) caller.check(`/nodes/${parts.node}`, ["Sys.Audit"]);
}

function status({ cluster, caller, params }: Call): unknown {
  const upid = params.need("upid");
  assertReadable(caller, upid);
  const task = cluster.knownUpid(upid);
  if (task === undefined) throw invalid({ upid: "no such task" });
  return taskStatus(task);
}

/** Lines count from 1; an empty log says so; a log that isn't there is told as its only line (facts 32). */
function log({ cluster, caller, params, extras }: Call): unknown {
  const upid = params.need("upid");
  assertReadable(caller, upid);
  const task = cluster.knownUpid(upid);
  const lines = task?.log ?? ["unable to open file - No such file or directory"];
  const shown = lines.length === 0 ? ["no content"] : lines;
  const start = params.number("start") ?? 0;
  const limit = params.number("limit") ?? 50;
  const end = limit === 0 ? shown.length : start + limit;
  extras.total = shown.length;
  return shown.slice(start, end).map((t, index) => ({ n: start + index + 1, t }));
}

async function stop({ cluster, caller, params, node }: Call): Promise<null> {
  const upid = params.need("upid");
  const parts = readUpid(upid);
  const task = cluster.knownUpid(upid);
  const [user = "", tokenid] = (parts?.user ?? "").split("!");
  if (!isOwnTask(caller, { user, ...(tokenid === undefined ? {} : { tokenid }) }))
    caller.check(`/nodes/${node}`, ["Sys.Modify"]);
  if (task === undefined || task.exitstatus !== undefined) return null;
  cluster.workers.stop(upid);
  await cluster.wait(stopTime);
  return null;
}

export const tasks: Handlers = {
  "GET /nodes/{node}/tasks": list,
  "GET /nodes/{node}/tasks/{upid}": () => [{ name: "log" }, { name: "status" }],
  "GET /nodes/{node}/tasks/{upid}/status": status,
  "GET /nodes/{node}/tasks/{upid}/log": log,
  "DELETE /nodes/{node}/tasks/{upid}": stop,
};
