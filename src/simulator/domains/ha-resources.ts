// /cluster/ha/resources and status: the guests that the HA manager keeps running, and what it says of itself (facts 52, 53).
import { failure } from "../engine/error.ts";
import { assertDigest, staleDigest } from "../engine/guest-config.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";
import { changeSection, sectionDigest } from "../engine/section-file.ts";
import type { Section } from "../engine/state.ts";
import { haFile, managed, serviceState, sidOf } from "../guests/ha.ts";
import { typed } from "./firewall-scope.ts";
import { enforce, moveLater } from "./ha-request.ts";

type Row = Record<string, unknown>;

const file = ({ cluster }: Call) => haFile(cluster.state);

/** `130` and `vm:130` mean the same. */
function sid({ cluster, params }: Call): string {
  const given = params.need("sid");
  if (given.includes(":")) return given;
  const guest = cluster.guest(Number(given));
  return guest === undefined ? `vm:${given}` : sidOf(guest);
}

function shown(call: Call, id: string, { type, options }: Section): Row {
  const texts = Object.fromEntries(Object.entries(options).map(([name, value]) => [name, String(value)]));
  return { ...typed("POST /cluster/ha/resources", texts), digest: sectionDigest(file(call)), sid: id, type };
}

function refuseGroup(call: Call): void {
  if (call.params.has("group") && call.cluster.state.release !== "8.4")
    throw failure("invalid parameter 'group': ha groups have been migrated to rules");
}

function create(call: Call): null {
  const { cluster, params } = call;
  const id = sid(call);
  refuseGroup(call);
  if (file(call)[id] !== undefined) throw failure(`create resource failed: resource ID '${id}' already defined`);
  const [type = "vm", vmid] = id.split(":");
  if (cluster.guest(Number(vmid)) === undefined)
    throw failure(`unable to read resource: ${type === "vm" ? "VM" : "CT"} ${vmid} does not exist`);
  const options = params.rest("sid", "type", "digest");
  const group = options.group;
  if (group !== undefined && cluster.state.ha?.groups[group] === undefined)
    throw failure(`create resource failed: group '${group}' does not exist`);
  file(call)[id] = { type, options: { ...options, state: (options.state ?? "started").replace("enabled", "started") } };
  managed(cluster.state).push(id);
  act(call, id);
  return null;
}

function act({ cluster }: Call, id: string): void {
  const guest = cluster.guest(Number(id.split(":")[1]));
  if (guest !== undefined) enforce(cluster, guest);
}

function update(call: Call): null {
  const id = sid(call);
  const section = file(call)[id];
  refuseGroup(call);
  if (section === undefined) throw failure(`update resources config failed: no such resource '${id}'`);
  try {
    assertDigest(sectionDigest(file(call)), call.params.text("digest"), staleDigest.other);
  } catch {
    throw failure(`update resources config failed: ${staleDigest.other}`);
  }
  changeSection(section, call.params.rest("sid", "delete", "digest"), call.params.list("delete"));
  act(call, id);
  return null;
}

function remove(call: Call): null {
  const id = sid(call);
  if (file(call)[id] === undefined) throw failure(`cannot delete service '${id}', not HA managed!`);
  delete file(call)[id];
  const { ha } = call.cluster.state;
  if (ha !== undefined) ha.resources = ha.resources.filter((other) => other !== id);
  if (call.params.text("purge") !== "0") leaveRules(call, id);
  return null;
}

/** A resource that is purged leaves its rules; one that had nothing else goes with it. */
function leaveRules({ cluster }: Call, id: string): void {
  const rules = cluster.state.ha?.rules ?? {};
  for (const [name, rule] of Object.entries(rules)) {
    const sids = (rule.resources ?? "").split(",");
    const rest = sids.filter((sid) => sid !== id);
    if (rest.length === 0) delete rules[name];
    else if (rest.length < sids.length) rule.resources = rest.join(",");
  }
}

/** The manager takes the request down and says so, whatever the node (facts 52). */
const moveRequest: Handler = (call) => {
  const id = sid(call);
  if (file(call)[id] === undefined) throw failure(`resource '${id}' is not HA managed`);
  const guest = call.cluster.guest(Number(id.split(":")[1]));
  if (guest !== undefined) moveLater(call.cluster, guest, call.params.need("node"));
  return { "requested-node": call.params.need("node"), sid: id };
};

const dateLine = (seconds: number) => {
  const [day, date, month, year, time] = new Date(seconds * 1000).toUTCString().replace(",", "").split(" ");
  return `${day} ${month} ${String(Number(date)).padStart(2)} ${time} ${year}`;
};

/** Without any resource the manager sleeps; with one, one node is its master. */
function status(call: Call): Row[] {
  const { cluster, node } = call;
  const resources = Object.entries(file(call));
  const active = resources.length > 0;
  const nodes = Object.values(cluster.state.nodes);
  const time = cluster.seconds();
  const online = nodes.filter((entry) => entry.online).length;
  const quorate = online * 2 > nodes.length ? 1 : 0;
  const rows: Row[] = [
    { id: "quorum", node, quorate, status: quorate === 1 ? "OK" : `No quorum on node '${node}'!`, type: "quorum" },
  ];
  const master = nodes.find((entry) => entry.online)?.name ?? node;
  if (active)
    rows.push({
      id: "master",
      node: master,
      status: `${master} (active, ${dateLine(time)})`,
      timestamp: time,
      type: "master",
    });
  const state = active ? "armed" : "standby";
  rows.push({
    "armed-state": state,
    id: "fencing",
    node: active ? master : node,
    status: active ? "armed (CRM watchdog active)" : "standby (CRM watchdog standby)",
    type: "fencing",
  });
  for (const { name } of active ? nodes : []) {
    const works = resources.some(([id]) => cluster.guest(Number(id.split(":")[1]))?.node === name);
    const how = works ? "active, watchdog active" : "idle, watchdog standby";
    rows.push({
      id: `lrm:${name}`,
      node: name,
      status: `${name} (${how}, ${dateLine(time)})`,
      timestamp: time,
      type: "lrm",
    });
  }
  return [...rows, ...resources.map(([id, section]) => serviceRow(call, id, section))];
}

function serviceRow({ cluster, node }: Call, id: string, { options }: Section): Row {
  const guest = cluster.guest(Number(id.split(":")[1]));
  const where = guest?.node ?? node;
  const wanted = String(options.state ?? "started");
  const { crm, is } = serviceState(wanted, guest?.process !== undefined);
  return {
    ...(options.comment === undefined ? {} : { comment: options.comment }),
    crm_state: crm,
    failback: Number(options.failback ?? 1),
    id: `service:${id}`,
    max_relocate: Number(options.max_relocate ?? 1),
    max_restart: Number(options.max_restart ?? 1),
    node: where,
    request_state: wanted,
    sid: id,
    state: is,
    status: `${id} (${where}, ${is})`,
    type: "service",
  };
}

function managerStatus(call: Call): Row {
  const { cluster, node } = call;
  const active = Object.keys(file(call)).length > 0;
  const quorum = { node, quorate: "1" };
  const names = Object.values(cluster.state.nodes);
  if (!active) return { manager_status: { node_status: {} }, quorum };
  const time = cluster.seconds();
  const lrm = names.map(({ name }) => [name, { mode: "active", results: {}, state: "active", timestamp: time }]);
  return {
    lrm_status: Object.fromEntries(lrm),
    manager_status: {
      master_node: names.find((entry) => entry.online)?.name ?? node,
      node_status: Object.fromEntries(names.map(({ name, online }) => [name, online ? "online" : "unknown"])),
      service_status: Object.fromEntries(
        Object.entries(file(call)).map(([id, { options }]) => [
          id,
          {
            node: cluster.guest(Number(id.split(":")[1]))?.node,
            state: options.state ?? "started",
            uid: sectionDigest(file(call)).slice(0, 22),
          },
        ]),
      ),
      timestamp: time,
    },
    quorum,
  };
}

export const haResources: Handlers = {
  "GET /cluster/ha/resources": (call) => {
    const type = call.params.text("type");
    return Object.entries(file(call))
      .filter(([, section]) => type === undefined || section.type === type)
      .map(([id, section]) => shown(call, id, section));
  },
  "POST /cluster/ha/resources": create,
  "GET /cluster/ha/resources/{sid}": (call) => {
    const id = sid(call);
    const section = file(call)[id];
    if (section === undefined) throw failure(`no such resource '${id}'`);
    return shown(call, id, section);
  },
  "PUT /cluster/ha/resources/{sid}": update,
  "DELETE /cluster/ha/resources/{sid}": remove,
  "POST /cluster/ha/resources/{sid}/migrate": moveRequest,
  "POST /cluster/ha/resources/{sid}/relocate": moveRequest,
  "GET /cluster/ha/status/current": status,
  "GET /cluster/ha/status/manager_status": managerStatus,
  "POST /cluster/ha/status/arm-ha": () => null,
  "POST /cluster/ha/status/disarm-ha": () => null,
};
