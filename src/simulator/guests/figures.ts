// Live figures: what pvestatd would measure of guests, nodes and storages, from a seeded rule that moves with time.
import type { Cluster } from "../engine/cluster.ts";
import { share, wave } from "../engine/random.ts";
import type { Guest, Node, Storage } from "../engine/state.ts";
import { readProperties } from "./properties.ts";
import { gibibyte, mebibyte, readSize } from "./size.ts";
import { isOnNode, isShared } from "./volumes.ts";

/** The figures that lists, status and /cluster/resources share. Bytes, seconds, fractions. */
export interface GuestFigures {
  running: boolean;
  name: string;
  cpus: number;
  cpu: number;
  mem: number;
  memhost: number;
  maxmem: number;
  disk: number;
  maxdisk: number;
  netin: number;
  netout: number;
  diskread: number;
  diskwrite: number;
  uptime: number;
}

export function guestName(guest: Guest): string {
  const { name, hostname } = guest.config.values;
  return (guest.type === "qemu" ? name : hostname) ?? `${guest.type === "qemu" ? "VM " : "CT"}${guest.vmid}`;
}

/** MiB → bytes; qemu's `memory` may be a property string. */
export function maxMemory(guest: Guest): number {
  const { memory = "512" } = guest.config.values;
  const text = /^\d+$/.test(memory) ? memory : (readProperties(memory, "current").current ?? "512");
  return Number(text) * mebibyte;
}

export function cpuCount(guest: Guest, node: Node | undefined): number {
  const { cores, sockets, vcpus } = guest.config.values;
  if (guest.type === "lxc") return Number(cores ?? node?.cpus ?? 1);
  return Number(vcpus !== undefined && vcpus !== "0" ? vcpus : Number(cores ?? 1) * Number(sockets ?? 1));
}

/** The disk that PVE shows as `maxdisk`: the first bootable one, or a container's root. */
export function bootDiskSize(guest: Guest): number {
  const { values } = guest.config;
  if (guest.type === "lxc") return diskSize(values.rootfs) ?? 0;
  const { boot = "" } = values;
  const order = boot.startsWith("order=") ? (boot.slice(6).split(",")[0]?.split(";") ?? []) : [];
  for (const name of order) {
    const size = diskSize(values[name]);
    if (size !== undefined) return size;
  }
  return ["scsi0", "virtio0", "sata0", "ide0"].map((name) => diskSize(values[name])).find(isNumber) ?? 0;
}

const isNumber = (value: number | undefined): value is number => value !== undefined;

/** The size in a drive's text; a CD-ROM and an empty slot have none. */
function diskSize(text: string | undefined): number | undefined {
  const at = text?.indexOf(",size=") ?? -1;
  if (text === undefined || at < 0 || text.includes("media=cdrom")) return undefined;
  const end = text.indexOf(",", at + 1);
  return readSize(text.slice(at + 6, end < 0 ? undefined : end));
}

/** A guest's own numbers 0 ≤ n < 1, all drawn from one. */
function numbersOf(guest: Guest): (which: number) => number {
  const own = share(`${guest.type}/${guest.vmid}`);
  return (which) => (own * which) % 1;
}

/** What a running guest takes of its host: a fraction of its processors, bytes of its memory. */
function guestLoad(cluster: Cluster, guest: Guest, own = numbersOf(guest)) {
  const now = cluster.now();
  const cpu = guest.process?.paused === true ? 0 : 0.01 + own(1) * 0.35 * wave(own(11), now, 300);
  const mem = Math.floor(maxMemory(guest) * (0.25 + 0.4 * own(101) + 0.1 * wave(own(211), now, 900)));
  const cpus = cpuCount(guest, cluster.state.nodes[guest.node]);
  return { cpus, cpu, mem, memhost: guest.type === "qemu" ? Math.floor(mem * 1.06) : 0 };
}

export function guestFigures(cluster: Cluster, guest: Guest): GuestFigures {
  const maxmem = maxMemory(guest);
  const maxdisk = bootDiskSize(guest);
  const running = guest.process !== undefined;
  const name = guestName(guest);
  if (guest.process === undefined) {
    const cpus = cpuCount(guest, cluster.state.nodes[guest.node]);
    const nothing = { cpu: 0, mem: 0, memhost: 0, disk: 0, netin: 0, netout: 0, diskread: 0, diskwrite: 0, uptime: 0 };
    return { name, cpus, maxmem, maxdisk, running, ...nothing };
  }
  const own = numbersOf(guest);
  const uptime = Math.max(0, Math.floor((cluster.now() - guest.process.since) / 1000));
  const rate = (which: number, most: number) => Math.floor(uptime * (200 + own(which) * most));
  const { cpus, cpu, mem, memhost } = guestLoad(cluster, guest, own);
  return {
    name,
    maxmem,
    maxdisk,
    running,
    cpus,
    cpu,
    mem,
    memhost,
    disk: guest.type === "lxc" ? Math.floor(maxdisk * (0.15 + 0.5 * own(307))) : 0,
    netin: rate(401, 60_000),
    netout: rate(503, 40_000),
    diskread: rate(601, 20_000) + 180 * mebibyte,
    diskwrite: rate(701, 30_000) + 40 * mebibyte,
    uptime,
  };
}

export interface NodeFigures {
  cpu: number;
  wait: number;
  mem: number;
  disk: number;
  uptime: number;
  load: [number, number, number];
}

export function nodeFigures(cluster: Cluster, node: Node): NodeFigures {
  const now = cluster.now();
  let used = 0;
  let mem = 2.5 * gibibyte;
  for (const guest of cluster.guests()) {
    if (guest.node !== node.name || guest.process === undefined) continue;
    const load = guestLoad(cluster, guest);
    used += load.cpu * load.cpus;
    mem += Math.max(load.mem, load.memhost);
  }
  const cpu = Math.min(1, used / node.cpus + 0.01 + 0.02 * wave(share(node.name), now, 120));
  const load = (period: number) =>
    Number((cpu * node.cpus * (0.8 + 0.4 * wave(share(`${node.name}/load`), now, period))).toFixed(2));
  return {
    cpu,
    wait: 0.001 + 0.004 * wave(share(`${node.name}/wait`), now, 200),
    mem: Math.min(node.memory, mem),
    disk: Math.floor(node.disk * (0.12 + 0.05 * share(node.name))),
    uptime: Math.max(0, Math.floor((now - node.bootTime) / 1000)),
    load: [load(60), load(300), load(900)],
  };
}

/** Bytes in use on a storage as this node sees it: its volumes as far as they are filled, and what lies there besides. */
export function storageUsage(
  cluster: Cluster,
  storage: Storage,
  node: string,
): { total: number; used: number; avail: number } {
  const shared = isShared(storage);
  let filled = 0;
  for (const volume of cluster.state.volumes) {
    if (volume.storage !== storage.storage || !(shared || volume.node === node)) continue;
    filled += volume.used ?? Math.floor(volume.size * (0.2 + 0.5 * share(volume.volid)));
  }
  const used = Math.min(storage.total, storage.base + filled);
  return { total: storage.total, used, avail: storage.total - used };
}

export function isActive(cluster: Cluster, storage: Storage, node: string): boolean {
  const { vgname } = storage.options;
  if (vgname !== undefined && !cluster.state.volumeGroups.includes(vgname)) return false;
  return storage.options.disable !== "1" && isOnNode(storage, node) && cluster.state.nodes[node]?.online === true;
}
