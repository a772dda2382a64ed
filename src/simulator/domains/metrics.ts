// /cluster/metrics: servers that figures are sent to, and the figures themselves.
import { failure } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import { assertFresh, changeSection, sectionFile } from "../engine/section-file.ts";
import type { Section } from "../engine/state.ts";
import { guestFigures, nodeFigures, storageUsage } from "../guests/figures.ts";
import { isOnNode } from "../guests/volumes.ts";
import { typed } from "./firewall-scope.ts";

type Row = Record<string, unknown>;

const servers = ({ cluster }: Call) => sectionFile(cluster.state, "status.cfg");

function found(call: Call): Section {
  const id = call.params.need("id");
  const section = servers(call)[id];
  if (section === undefined) throw failure(`status server entry '${id}' does not exist`);
  return section;
}

function shown({ type, options }: Section): Row {
  const { token: _, ...texts } = Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, String(value)]),
  );
  return { ...typed("POST /cluster/metrics/server/{id}", texts), type };
}

function list(call: Call): Row[] {
  return Object.entries(servers(call)).map(([id, section]) => {
    const { port, server } = shown(section);
    return { disable: Number(section.options.disable ?? 0), id, port, server, type: section.type };
  });
}

function create(call: Call): null {
  const file = servers(call);
  const id = call.params.need("id");
  if (file[id] !== undefined) throw failure(`Metric server '${id}' already exists`);
  file[id] = { type: call.params.need("type"), options: call.params.rest("id", "type") };
  return null;
}

function update(call: Call): null {
  assertFresh(servers(call), call.params.text("digest"));
  changeSection(found(call), call.params.rest("id", "delete", "digest"), call.params.list("delete"));
  return null;
}

type Kind = "gauge" | "counter" | "derive";

/** Every figure of nodes, guests and storages of this moment, one a row. */
function figures({ cluster, caller }: Call): Row {
  const timestamp = cluster.seconds();
  const rows = (id: string, values: Readonly<Record<string, number>>, type: Kind = "gauge"): Row[] =>
    Object.entries(values).map(([metric, value]) => ({ id, metric, timestamp, type, value }));
  const data: Row[] = [];
  for (const node of Object.values(cluster.state.nodes)) {
    if (!caller.can(`/nodes/${node.name}`, ["Sys.Audit"])) continue;
    const { cpu, mem, uptime, load, disk } = nodeFigures(cluster, node);
    const [cpu_avg1, cpu_avg5, cpu_avg15] = load;
    data.push(
      ...rows(`node/${node.name}`, {
        cpu_avg1,
        cpu_avg5,
        cpu_avg15,
        cpu_current: cpu,
        cpu_max: node.cpus,
        disk_total: node.disk,
        disk_used: disk,
        mem_total: node.memory,
        mem_used: mem,
        uptime,
      }),
    );
    for (const storage of Object.values(cluster.state.storages)) {
      if (!isOnNode(storage, node.name)) continue;
      const { total, used } = storageUsage(cluster, storage, node.name);
      data.push(...rows(`storage/${node.name}/${storage.storage}`, { disk_total: total, disk_used: used }));
    }
  }
  for (const guest of cluster.guests()) {
    if (!caller.can(`/vms/${guest.vmid}`, ["VM.Audit"])) continue;
    const figure = guestFigures(cluster, guest);
    const id = `guest/${guest.vmid}`;
    data.push(
      ...rows(id, {
        cpu_current: figure.cpu,
        cpu_max: figure.cpus,
        mem_total: figure.maxmem,
        mem_used: figure.mem,
        uptime: figure.uptime,
      }),
    );
    data.push(
      ...rows(
        id,
        { disk_read: figure.diskread, disk_write: figure.diskwrite, net_in: figure.netin, net_out: figure.netout },
        "derive",
      ),
    );
  }
  return { data };
}

export const metrics: Handlers = {
  "GET /cluster/metrics/export": figures,
  "GET /cluster/metrics/server": list,
  "GET /cluster/metrics/server/{id}": (call) => shown(found(call)),
  "POST /cluster/metrics/server/{id}": create,
  "PUT /cluster/metrics/server/{id}": update,
  "DELETE /cluster/metrics/server/{id}": (call) => {
    found(call);
    delete servers(call)[call.params.need("id")];
    return null;
  },
};
