// The demo's cluster at its start: three nodes, their storages, a dozen guests, users. As plain as a page of notes.
import type { Random } from "../engine/random.ts";
import type { ClusterState, Node, Storage, Volume } from "../engine/state.ts";
import { gibibyte, kibibyte } from "../guests/size.ts";
import { demoAccess, type Secrets } from "./access.ts";
import { addGuests } from "./guests.ts";

const bridge = (address: string | undefined, port: string, priority: number): Record<string, string> => ({
  active: "1",
  autostart: "1",
  bridge_fd: "0",
  bridge_ports: port,
  bridge_stp: "off",
  ...(address === undefined ? {} : { address, cidr: `${address}/24`, gateway: "192.0.2.1", netmask: "24" }),
  method: address === undefined ? "manual" : "static",
  method6: "manual",
  priority: String(priority),
  type: "bridge",
});

const card = (priority: number): Record<string, string> => ({
  active: "1",
  exists: "1",
  method: "manual",
  method6: "manual",
  priority: String(priority),
  type: "eth",
});

function node(id: number, now: number, random: Random): Node {
  const ip = `192.0.2.${10 + id}`;
  return {
    name: `pve${id}`,
    id,
    ip,
    online: true,
    bootTime: now - (20 + id) * 86_400_000 - random.between(0, 80_000_000),
    repositories: ["no-subscription"],
    cpus: 32,
    sockets: 1,
    cpuModel: "AMD EPYC 7313 16-Core Processor",
    memory: 128 * gibibyte,
    disk: 94 * gibibyte,
    fingerprint: (random.hex(64).toUpperCase().match(/../g) ?? []).join(":"),
    dns: { dns1: "192.0.2.1", search: "demo.test" },
    network: { nic0: card(3), nic1: card(4), vmbr0: bridge(ip, "nic0", 5), vmbr1: bridge(undefined, "nic1", 6) },
    timezone: "Etc/UTC",
    config: { wakeonlan: `bc:24:11:00:00:0${id}` },
    upgrades: { "pve-manager": "9.2.12", "qemu-server": "9.2.7" },
    disks: [{ name: "sdb", size: 1_920_383_410_176, model: "DEMO SSD 1T92", serial: `SN00${id}`, rpm: 0 }],
    directories: { scratch: "/dev/disk/by-uuid/5b0c3a6e-8f9d-4f7a-9a7c-0c1f5d2e7b11" },
  };
}

const storages: readonly Storage[] = [
  {
    storage: "local",
    type: "dir",
    options: { content: "iso,vztmpl,backup,snippets,import", path: "/var/lib/vz" },
    total: 94 * gibibyte,
    base: 6 * gibibyte,
  },
  {
    storage: "local-lvm",
    type: "lvmthin",
    options: { content: "images,rootdir", thinpool: "data", vgname: "pve" },
    total: 850 * gibibyte,
    base: 0,
  },
  {
    storage: "shared-nfs",
    type: "nfs",
    options: {
      content: "images,rootdir,iso,vztmpl,backup",
      export: "/srv/pve",
      options: "vers=4.2",
      path: "/mnt/pve/shared-nfs",
      "prune-backups": "keep-daily=7,keep-weekly=4",
      server: "192.0.2.20",
    },
    total: 7500 * gibibyte,
    base: 410 * gibibyte,
  },
];

function file(now: number, volid: string, size: number, nodeName?: string): Volume {
  const [storage = "", name = ""] = volid.split(":");
  const format = name.endsWith(".iso") ? "iso" : name.endsWith(".zst") ? "tzst" : name.endsWith(".xz") ? "txz" : "raw";
  const ctime = Math.floor(now / 1000) - 40 * 86_400;
  return {
    volid,
    storage,
    content: name.split("/")[0] ?? "",
    format,
    size,
    ctime,
    used: size,
    ...(nodeName === undefined ? {} : { node: nodeName }),
  };
}

const isos: readonly [string, number][] = [
  ["local:iso/ubuntu-26.04-live-server-amd64.iso", 3_412_918_272],
  ["local:iso/debian-13.1.0-amd64-netinst.iso", 822_083_584],
];
const templates: readonly [string, number][] = [
  ["local:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst", 128_874_112],
  ["local:vztmpl/ubuntu-26.04-standard_26.04-1_amd64.tar.zst", 141_557_760],
  ["local:vztmpl/alpine-3.22-default_20250617_amd64.tar.xz", 3_242_112],
];

export interface DemoStart {
  state: ClusterState;
  secrets: Secrets;
}

/** @param now milliseconds since 1970: guests have been running since some time before it. */
export function demoStart(now: number, random: Random): DemoStart {
  const made = guestless(now, random, 3);
  made.state.pools.production = { comment: "Customer-facing services", vms: [], storages: [] };
  addGuests(made.state, now, random);
  return made;
}

/** Hosts, storages, images and users, but no guest and no pool yet. */
export function guestless(now: number, random: Random, count: number): DemoStart {
  const nodes = Array.from({ length: count }, (_, index) => node(index + 1, now, random));
  const { access, secrets } = demoAccess(random);
  const local = nodes.flatMap(({ name }) =>
    [...isos, ...templates].map(([volid, size]) => file(now, volid, size, name)),
  );
  const state: ClusterState = {
    name: "demo",
    release: "9.2",
    configVersion: count,
    nodes: Object.fromEntries(nodes.map((entry) => [entry.name, entry])),
    guests: {},
    storages: Object.fromEntries(storages.map((entry) => [entry.storage, structuredClone(entry)])),
    volumes: [...local, file(now, "shared-nfs:iso/virtio-win-0.1.271.iso", 709_474 * kibibyte)],
    pools: {},
    access,
    tasks: [],
    receivers: [],
    volumeGroups: ["pve"],
    replicating: ["zfspool"],
    files: {},
    paths: ["/srv/share"],
    firewall: {},
    servers: ["192.0.2.20"],
    options: { mac_prefix: "BC:24:11" },
  };
  return { state, secrets };
}
