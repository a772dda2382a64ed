// /nodes/{node}/services: systemd's units that PVE watches; started and stopped in tasks.
import { failure } from "../engine/error.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";

type Row = Record<string, unknown>;

/** Name and how it is: running, masked, or not there. The last word is systemd's own name for the unit's state. */
export const units: readonly [name: string, state: "running" | "dead", file: string][] = [
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

export const services: Handlers = {
  "GET /nodes/{node}/services": (call) => units.map((unit) => shown(call, unit)),
  "GET /nodes/{node}/services/{service}/state": one,
  "POST /nodes/{node}/services/{service}/start": command("start"),
  "POST /nodes/{node}/services/{service}/stop": command("stop"),
  "POST /nodes/{node}/services/{service}/restart": command("restart"),
  "POST /nodes/{node}/services/{service}/reload": command("reload"),
};
