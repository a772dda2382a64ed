// A node's log, by both of its doors, and the cluster's: services that started, tasks that began and ended.
import type { Call, Handlers } from "../engine/handler.ts";
import { zoneShift } from "./nodes.ts";
import { units } from "./services.ts";

type Row = Record<string, unknown>;

interface Entry {
  /** Seconds since 1970. */
  time: number;
  source: string;
  text: string;
}

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `Nov 24 13:38:39`, in the node's own time. */
function stamp(seconds: number): string {
  const date = new Date(seconds * 1000);
  const day = String(date.getUTCDate()).padStart(2, "0");
  return `${months[date.getUTCMonth()]} ${day} ${date.toISOString().slice(11, 19)}`;
}

/** What the node's tasks have left in its log, after its start. */
function entries({ cluster, node }: Call): Entry[] {
  const host = cluster.node(node);
  const boot = Math.floor(host.bootTime / 1000);
  const started = units
    .filter(([, state]) => state === "running")
    .map(([name]) => ({ time: boot, source: name, text: `systemd[1]: Started ${name}.service.` }));
  const tasks = cluster.state.tasks
    .toReversed()
    .filter((task) => task.node === node)
    .flatMap((task) => {
      const user = `<${task.user}${task.tokenid === undefined ? "" : `!${task.tokenid}`}>`;
      const line = (time: number, text: string) => ({
        time,
        source: "pvedaemon",
        text: `pvedaemon[${task.pid}]: ${user} ${text}`,
      });
      const begin = line(task.starttime, `starting task ${task.upid}`);
      return task.endtime === undefined
        ? [begin]
        : [begin, line(task.endtime, `end task ${task.upid} ${task.exitstatus}`)];
    });
  return [...started, ...tasks].sort((a, b) => a.time - b.time);
}

const isFrom = ({ source }: Entry, service: string | undefined) =>
  service === undefined || source === service.replace(/\.service$/, "");

/** Times are given and shown in the node's own zone. */
function syslog(call: Call): Row[] {
  const { cluster, params, extras, node } = call;
  const shift = zoneShift(cluster, node);
  const [since, until] = ["since", "until"].map((name) => moment(params.text(name), shift));
  const lines = entries(call)
    .filter((entry) => isFrom(entry, params.text("service")))
    .filter(({ time }) => time >= (since ?? 0) && time <= (until ?? Number.POSITIVE_INFINITY));
  const start = params.number("start") ?? 0;
  const limit = params.number("limit") ?? 50;
  extras.total = lines.length;
  if (lines.length === 0) return [{ n: 1, t: "no content" }];
  return lines
    .slice(start, limit === 0 ? undefined : start + limit)
    .map(({ time, text }, index) => ({ n: start + index + 1, t: `${stamp(time + shift)} ${node} ${text}` }));
}

/** `2026-11-24 13:00` of the node's zone as seconds since 1970. */
function moment(text: string | undefined, shift: number): number | undefined {
  if (text === undefined) return undefined;
  const [day, time = "00:00"] = text.split(" ");
  return Date.parse(`${day}T${time}Z`) / 1000 - shift;
}

/** The lines between two cursors. */
function journal(call: Call): string[] {
  const { cluster, params, node } = call;
  const shift = zoneShift(cluster, node);
  const last = params.number("lastentries");
  const all = entries(call)
    .filter((entry) => isFrom(entry, params.text("service")))
    .filter(({ time }) => time >= (params.number("since") ?? 0) && time <= (params.number("until") ?? Infinity));
  const kept = last === undefined ? all : last === 0 ? [] : all.slice(-last);
  const [first, end] = [kept[0], kept.at(-1)];
  if (first === undefined || end === undefined) return [];
  const cursor = ({ time }: Entry) => `s=${"0".repeat(32)};i=1;b=${"0".repeat(32)};m=1;t=${time.toString(16)};x=1`;
  return [cursor(first), ...kept.map(({ time, text }) => `${stamp(time + shift)} ${node} ${text}`), cursor(end)];
}

/** The cluster's log: what the tasks' ends have said. */
function clusterLog({ cluster, params }: Call): Row[] {
  const ended = cluster.state.tasks.filter((task) => task.endtime !== undefined).slice(0, params.number("max") ?? 50);
  return ended.map((task, index) => ({
    id: `${index + 1}:${task.node}`,
    msg: `end task ${task.upid} ${task.exitstatus}`,
    node: task.node,
    pid: task.pid,
    pri: task.exitstatus === "OK" ? 6 : 3,
    tag: "pvedaemon",
    time: task.endtime,
    uid: String(index + 1),
    user: task.tokenid === undefined ? task.user : `${task.user}!${task.tokenid}`,
  }));
}

export const nodeLogs: Handlers = {
  "GET /nodes/{node}/syslog": syslog,
  "GET /nodes/{node}/journal": journal,
  "GET /cluster/log": clusterLog,
};
