// /nodes/{node}/services: systemd's units that PVE watches; started and stopped in tasks. And the node's log.
import { failure } from "../engine/error.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";

type Row = Record<string, unknown>;

/** Name and how it is: running, masked, or not there. The last word is systemd's own name for the unit's state. */
const units: readonly [name: string, state: "running" | "dead", file: string][] = [
  ["chrony", "dead", "masked"],
  ["corosync", "running", "enabled"],
  ["cron", "running", "enabled"],
  ["ksmtuned", "dead", "not-found"],
  ["lxcfs", "running", "enabled"],
  ["postfix", "running", "enabled"],
  ["proxmox-firewall", "dead", "not-found"],
  ["pve-cluster", "running", "enabled"],
  ["pve-firewall", "running", "enabled"],
  ["pve-ha-crm", "running", "enabled"],
  ["pve-ha-lrm", "running", "enabled"],
  ["pve-lxc-syscalld", "dead", "not-found"],
  ["pvedaemon", "running", "enabled"],
  ["pvefw-logger", "running", "enabled"],
  ["pveproxy", "running", "enabled"],
  ["pvescheduler", "running", "enabled"],
  ["pvestatd", "running", "enabled"],
  ["qmeventd", "running", "enabled"],
  ["spiceproxy", "running", "enabled"],
  ["sshd", "running", "enabled"],
  ["syslog", "dead", "not-found"],
  ["systemd-journald", "running", "static"],
  ["systemd-timesyncd", "dead", "masked"],
];

const essential = ["pveproxy", "pvedaemon", "pve-cluster"];

function shown({ cluster, node }: Call, [name, state, file]: (typeof units)[number]): Row {
  const stopped = cluster.node(node).stopped?.includes(name) === true;
  const running = state === "running" && !stopped;
  return {
    "active-state": running ? "active" : "inactive",
    desc: file === "enabled" || file === "static" ? name : `${name}.service`,
    name,
    service: name,
    state: running ? "running" : "dead",
    "unit-state": file,
  };
}

function one(call: Call): Row {
  const unit = units.find(([name]) => name === call.params.need("service"));
  if (unit === undefined) throw failure(`unit ${call.params.need("service")} not found`);
  return shown(call, unit);
}

function command(verb: "start" | "stop" | "restart" | "reload"): Handler {
  return (call) => {
    const { cluster, caller, node, params } = call;
    const service = params.need("service");
    return cluster.fork(caller, node, `srv${verb}`, service, function* (worker) {
      if (verb === "stop" && essential.includes(service))
        throw failure(`invalid service cmd '${service} stop': refusing to stop essential service!`);
      yield 400;
      const unit = units.find(([name]) => name === service);
      if (unit?.[2] === "masked") {
        worker.log(`Failed to ${verb} ${service}.service: Unit ${service}.service is masked.`);
        throw failure(`command 'systemctl ${verb} ${service}' failed: exit code 1`);
      }
      if (unit?.[2] === "not-found") throw failure(`command 'systemctl ${verb} ${service}' failed: exit code 5`);
      const host = cluster.node(node);
      const others = (host.stopped ?? []).filter((name) => name !== service);
      host.stopped = verb === "stop" ? [...others, service] : others;
    });
  };
}

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** `Nov 24 13:38:39` */
function stamp(seconds: number): string {
  const date = new Date(seconds * 1000);
  const day = String(date.getUTCDate()).padStart(2);
  return `${months[date.getUTCMonth()]} ${day} ${date.toISOString().slice(11, 19)}`;
}

/** What the node's tasks have left in its log, after its start. */
function logLines({ cluster, node }: Call): string[] {
  const host = cluster.node(node);
  const boot = Math.floor(host.bootTime / 1000);
  const line = (time: number, text: string) => ({ time, text: `${stamp(time)} ${node} ${text}` });
  const started = units
    .filter(([, state]) => state === "running")
    .map(([name]) => line(boot, `systemd[1]: Started ${name}.service.`));
  const tasks = cluster.state.tasks
    .filter((task) => task.node === node)
    .flatMap((task) => {
      const user = `<${task.user}${task.tokenid === undefined ? "" : `!${task.tokenid}`}>`;
      const begin = line(task.starttime, `pvedaemon[${task.pid}]: ${user} starting task ${task.upid}`);
      if (task.endtime === undefined) return [begin];
      return [begin, line(task.endtime, `pvedaemon[${task.pid}]: ${user} end task ${task.upid} ${task.exitstatus}`)];
    });
  return [...started, ...tasks].sort((a, b) => a.time - b.time).map(({ text }) => text);
}

function syslog(call: Call): Row[] {
  const { params, extras } = call;
  const service = params.text("service");
  const lines = logLines(call).filter(
    (text) => service === undefined || text.includes(` ${service}[`) || text.includes(`${service}.service`),
  );
  const start = params.number("start") ?? 0;
  const limit = params.number("limit") ?? 50;
  extras.total = lines.length;
  if (lines.length === 0) return [{ n: 1, t: "no content" }];
  return lines.slice(start, limit === 0 ? undefined : start + limit).map((t, index) => ({ n: start + index + 1, t }));
}

function journal(call: Call): string[] {
  const { params } = call;
  const lines = logLines(call);
  const last = params.number("lastentries");
  return last === undefined ? lines : lines.slice(-last);
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

export const services: Handlers = {
  "GET /nodes/{node}/services": (call) => units.map((unit) => shown(call, unit)),
  "GET /nodes/{node}/services/{service}/state": one,
  "POST /nodes/{node}/services/{service}/start": command("start"),
  "POST /nodes/{node}/services/{service}/stop": command("stop"),
  "POST /nodes/{node}/services/{service}/restart": command("restart"),
  "POST /nodes/{node}/services/{service}/reload": command("reload"),
  "GET /nodes/{node}/syslog": syslog,
  "GET /nodes/{node}/journal": journal,
  "GET /cluster/log": clusterLog,
};
