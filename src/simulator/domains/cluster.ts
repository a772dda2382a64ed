// /version and /cluster: status, resources, tasks, the next free id.

import { readProperties } from "../../schema/property-string.ts";
import { failure, invalid } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import { isQuorate } from "../engine/quorum.ts";
import { isForgotten } from "../engine/reports.ts";
import type { ClusterState, Guest, Node, Storage } from "../engine/state.ts";
import { guestFigures, isActive, nodeFigures, storageUsage } from "../guests/figures.ts";
import { haFile, haStateOf } from "../guests/ha.ts";
import { isOnNode, isShared } from "../guests/volumes.ts";
import { zoneResources } from "./sdn-nodes.ts";
import { clusterTask, mayReadTask } from "./task-view.ts";

/** What a host of each release says of itself. */
export const versions = {
  "8.4": { release: "8.4", repoid: "5c4b9bbfd5d1b5ae", version: "8.4.14" },
  "9.1": { release: "9.1", repoid: "a6d8f2a5c8b1e0b4", version: "9.1.6" },
  "9.2": { release: "9.2", repoid: "14a22df35955d97d", version: "9.2.11" },
} as const;

type Row = Record<string, unknown>;

const subdirs = (names: string[], key = "name") => names.map((name) => ({ [key]: name }));

function nextId({ cluster, params }: Call): string {
  const asked = params.number("vmid");
  if (asked !== undefined) {
    if (cluster.guest(asked) !== undefined) throw invalid({ vmid: `VM ${asked} already exists` });
    return String(asked);
  }
  const range = readProperties("options-next-id", cluster.state.options["next-id"] ?? "");
  let vmid = Number(range.lower ?? 100);
  while (cluster.guest(vmid) !== undefined) vmid += 1;
  if (vmid >= Number(range.upper ?? 1_000_000)) throw failure("unable to get any free VMID in range");
  return String(vmid);
}

function status({ cluster, node }: Call): Row[] {
  const { state } = cluster;
  const nodes = Object.values(state.nodes);
  return [
    {
      id: "cluster",
      name: state.name,
      nodes: nodes.length,
      quorate: isQuorate(state) ? 1 : 0,
      type: "cluster",
      version: state.configVersion,
    },
    ...nodes.map((entry) => ({
      id: `node/${entry.name}`,
      ip: entry.ip,
      level: "",
      local: entry.name === node ? 1 : 0,
      name: entry.name,
      nodeid: entry.id,
      online: entry.online ? 1 : 0,
      type: "node",
    })),
  ];
}

/** vmid → its pool, for all at once. */
export function poolsOfGuests({ pools }: ClusterState): Map<number, string> {
  return new Map(Object.entries(pools).flatMap(([name, pool]) => pool.vms.map((vmid) => [vmid, name] as const)));
}

/** A guest in /cluster/resources and in a pool's members. */
export function guestResource({ cluster }: Call, guest: Guest, pool: string | undefined): Row {
  const { tags, lock, template } = guest.config.values;
  if (isForgotten(cluster, guest.node)) {
    const { type, vmid, node } = guest;
    const known = { ...(lock === undefined ? {} : { lock }), ...(pool === undefined ? {} : { pool }) };
    return { id: `${type}/${vmid}`, ...known, node, status: "unknown", type, vmid };
  }
  const figures = guestFigures(cluster, guest);
  return {
    cpu: figures.cpu,
    disk: figures.disk,
    diskread: figures.diskread,
    diskwrite: figures.diskwrite,
    ...haStateOf(cluster.state, guest),
    id: `${guest.type}/${guest.vmid}`,
    ...(lock === undefined ? {} : { lock }),
    maxcpu: figures.cpus,
    maxdisk: figures.maxdisk,
    maxmem: figures.maxmem,
    mem: figures.mem,
    memhost: figures.memhost,
    name: figures.name,
    netin: figures.netin,
    netout: figures.netout,
    node: guest.node,
    ...(pool === undefined ? {} : { pool }),
    status: figures.running || guest.process !== undefined ? "running" : "stopped",
    ...(tags === undefined ? {} : { tags }),
    template: template === "1" ? 1 : 0,
    type: guest.type,
    uptime: figures.uptime,
    vmid: guest.vmid,
  };
}

/** A node in /nodes and /cluster/resources; without Sys.Audit only its name and state (facts 24). */
export function nodeResource({ cluster, caller }: Call, node: Node): Row {
  const base = { id: `node/${node.name}`, node: node.name, status: node.online ? "online" : "offline", type: "node" };
  if (!caller.can(`/nodes/${node.name}`, ["Sys.Audit"])) return { ...base, level: "" };
  const still = { ...base, level: "", maxcpu: node.cpus, maxdisk: node.disk, maxmem: node.memory };
  if (!node.online) return still;
  const figures = nodeFigures(cluster, node);
  return { ...still, cpu: figures.cpu, disk: figures.disk, mem: Math.floor(figures.mem), uptime: figures.uptime };
}

/** A storage on a node, as /cluster/resources and a pool's members show it. */
export function storageResource({ cluster }: Call, storage: Storage, node: string): Row {
  const lost = cluster.state.nodes[node]?.online === false && !isForgotten(cluster, node);
  const active = lost || isActive(cluster, storage, node);
  const usage = storageUsage(cluster, storage, node);
  return {
    content: storage.options.content ?? "",
    ...(active ? { disk: usage.used, maxdisk: usage.total } : {}),
    id: `storage/${node}/${storage.storage}`,
    node,
    plugintype: storage.type,
    shared: isShared(storage) ? 1 : 0,
    status: active ? "available" : "unknown",
    storage: storage.storage,
    type: "storage",
  };
}

function resources(call: Call): Row[] {
  const { cluster, caller, params } = call;
  const { state } = cluster;
  const wanted = params.text("type");
  // the manager knows the nodes once it keeps something
  const isKept = Object.keys(haFile(state)).length > 0;
  const shows = (type: string) => wanted === undefined || wanted === type;
  const rows: Row[] = [];
  const nodes = Object.values(state.nodes);
  if (shows("vm")) {
    const visible = cluster.guests().filter((guest) => caller.can(`/vms/${guest.vmid}`, ["VM.Audit"]));
    const pools = poolsOfGuests(state);
    rows.push(...visible.map((guest) => guestResource(call, guest, pools.get(guest.vmid))));
  }
  if (wanted === undefined) {
    for (const pool of Object.keys(state.pools)) {
      if (caller.can(`/pool/${pool}`, ["Pool.Audit"])) rows.push({ id: `/pool/${pool}`, pool, type: "pool" });
    }
  }
  if (shows("node"))
    rows.push(
      ...nodes.map((node) => ({
        "cgroup-mode": node.cgroupV1 === true ? 1 : 2,
        ...(isKept ? { hastate: node.online ? "online" : "unknown" } : {}),
        ...nodeResource(call, node),
      })),
    );
  if (shows("storage")) {
    for (const storage of Object.values(state.storages)) {
      if (!caller.can(`/storage/${storage.storage}`, ["Datastore.Audit"])) continue;
      const on = nodes.filter((node) => isOnNode(storage, node.name));
      rows.push(...on.map((node) => storageResource(call, storage, node.name)));
    }
  }
  if (shows("sdn")) rows.push(...zoneResources(call));
  return rows;
}

function tasks(call: Call): Row[] {
  const { cluster, caller } = call;
  const mine = cluster.state.tasks.filter((task) => mayReadTask(caller, task));
  return mine.slice(0, 25 * Object.keys(cluster.state.nodes).length).map(clusterTask);
}

const areas = [
  "acme",
  "backup",
  "backup-info",
  "bulk-action",
  "ceph",
  "config",
  "firewall",
  "ha",
  "jobs",
  "log",
  "mapping",
  "metrics",
  "nextid",
  "notifications",
  "options",
  "qemu",
  "replication",
  "resources",
  "sdn",
  "status",
  "tasks",
];

export const cluster: Handlers = {
  "GET /version": ({ cluster }) => versions[cluster.state.release],
  "GET /cluster": () => subdirs(areas),
  "GET /cluster/nextid": nextId,
  "GET /cluster/status": status,
  "GET /cluster/resources": resources,
  "GET /cluster/tasks": tasks,
};
