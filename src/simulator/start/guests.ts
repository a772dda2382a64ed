// The demo's guests: names, sizes, states; their volumes follow from their configs.
import { guestConfig, type Values } from "../engine/guest-config.ts";
import type { Random } from "../engine/random.ts";
import type { ClusterState, Guest, GuestType } from "../engine/state.ts";
import { newProcess } from "../guests/run.ts";
import { readSize } from "../guests/size.ts";

/** A guest to be: what its config, volume and process follow from. */
export interface Plan {
  vmid: number;
  type: GuestType;
  node: string;
  name: string;
  running: boolean;
  paused?: true;
  /** GiB, cores, disk like `local-lvm:32`. */
  memory: number;
  cores: number;
  disk: string;
  tags?: string;
  pool?: string;
  ostype?: string;
  more?: Values;
  startFailure?: string;
  shutdownTime?: number;
}

const plans: readonly Plan[] = [
  {
    vmid: 100,
    type: "qemu",
    node: "pve1",
    name: "web-01",
    running: true,
    memory: 4,
    cores: 2,
    disk: "local-lvm:32",
    tags: "prod;web",
    pool: "production",
    more: { agent: "1", onboot: "1" },
  },
  {
    vmid: 101,
    type: "qemu",
    node: "pve2",
    name: "web-02",
    running: true,
    memory: 4,
    cores: 2,
    disk: "local-lvm:32",
    tags: "prod;web",
    pool: "production",
    more: { agent: "1", onboot: "1" },
  },
  {
    vmid: 102,
    type: "qemu",
    node: "pve1",
    name: "db-01",
    running: true,
    memory: 16,
    cores: 8,
    disk: "local-lvm:200",
    tags: "db;prod",
    pool: "production",
    more: { agent: "1", onboot: "1", protection: "1", description: "PostgreSQL primary" },
  },
  {
    vmid: 103,
    type: "lxc",
    node: "pve1",
    name: "proxy",
    running: true,
    memory: 1,
    cores: 2,
    disk: "local-lvm:8",
    tags: "prod",
    pool: "production",
    ostype: "debian",
    more: { onboot: "1" },
  },
  {
    vmid: 104,
    type: "qemu",
    node: "pve3",
    name: "mail",
    running: true,
    memory: 8,
    cores: 4,
    disk: "shared-nfs:64",
    tags: "prod",
    more: { agent: "1" },
  },
  {
    vmid: 110,
    type: "qemu",
    node: "pve2",
    name: "gitlab",
    running: true,
    memory: 16,
    cores: 6,
    disk: "shared-nfs:150",
    tags: "dev",
    more: { agent: "1" },
  },
  {
    vmid: 111,
    type: "qemu",
    node: "pve3",
    name: "build-01",
    running: false,
    memory: 8,
    cores: 8,
    disk: "local-lvm:100",
    tags: "dev",
  },
  {
    vmid: 112,
    type: "lxc",
    node: "pve2",
    name: "monitoring",
    running: true,
    memory: 2,
    cores: 2,
    disk: "local-lvm:20",
    ostype: "debian",
    more: { onboot: "1" },
  },
  {
    vmid: 113,
    type: "qemu",
    node: "pve3",
    name: "legacy-erp",
    running: false,
    memory: 4,
    cores: 2,
    disk: "local-lvm:80",
    tags: "legacy",
    more: { net0: "e1000,bridge=vmbr9" },
  },
  {
    vmid: 120,
    type: "lxc",
    node: "pve1",
    name: "test",
    running: false,
    memory: 1,
    cores: 1,
    disk: "local-lvm:4",
    tags: "dev",
    ostype: "alpine",
  },
  {
    vmid: 121,
    type: "lxc",
    node: "pve3",
    name: "test",
    running: true,
    memory: 1,
    cores: 1,
    disk: "local-lvm:4",
    tags: "dev",
    ostype: "alpine",
  },
  {
    vmid: 130,
    type: "qemu",
    node: "pve2",
    name: "windows-2025",
    running: true,
    memory: 8,
    cores: 4,
    disk: "shared-nfs:120",
    ostype: "win11",
    more: { bios: "ovmf", machine: "pc-q35-10.2" },
    shutdownTime: 600_000,
  },
  {
    vmid: 9000,
    type: "qemu",
    node: "pve1",
    name: "ubuntu-26.04-template",
    running: false,
    memory: 2,
    cores: 2,
    disk: "shared-nfs:16",
    more: { template: "1", agent: "1" },
  },
];

export function addGuests(state: ClusterState, now: number, random: Random): void {
  for (const plan of plans) addGuest(state, plan, now, random);
}

export function addGuest(state: ClusterState, plan: Plan, now: number, random: Random): void {
  const created = now - random.between(30, 300) * 86_400_000;
  const mac = `BC:24:11:${[0, 1, 2].map(() => random.hex(2).toUpperCase()).join(":")}`;
  const drive = addVolume(state, plan, Math.floor(created / 1000));
  const values = plan.type === "qemu" ? vmValues(plan, drive, mac, created, random) : containerValues(plan, drive, mac);
  const guest: Guest = {
    vmid: plan.vmid,
    type: plan.type,
    node: plan.node,
    config: guestConfig(values),
    created,
    ...(plan.startFailure === undefined ? {} : { startFailure: plan.startFailure }),
    ...(plan.shutdownTime === undefined ? {} : { shutdownTime: plan.shutdownTime }),
  };
  if (plan.running) {
    const since = now - random.between(3600, 18 * 86_400) * 1000;
    guest.process = newProcess(random.between(1500, 900_000), since, true);
    if (plan.paused === true) guest.process.paused = true;
  }
  state.guests[String(plan.vmid)] = guest;
  if (plan.pool !== undefined) state.pools[plan.pool]?.vms.push(plan.vmid);
}

/** The guest's volume, and how its config names it. */
function addVolume(state: ClusterState, plan: Plan, ctime: number): string {
  const [storage = "", size = "0"] = plan.disk.split(":");
  const bytes = readSize(`${size}G`) ?? 0;
  const shared = storage === "shared-nfs";
  const base = plan.more?.template === "1" ? "base" : "vm";
  const volid = shared
    ? `${storage}:${plan.vmid}/${base}-${plan.vmid}-disk-0.qcow2`
    : `${storage}:${base}-${plan.vmid}-disk-0`;
  state.volumes.push({
    volid,
    storage,
    ...(shared ? { used: Math.floor(bytes * 0.4) } : { node: plan.node }),
    content: plan.type === "qemu" ? "images" : "rootdir",
    format: shared ? "qcow2" : "raw",
    size: bytes,
    vmid: plan.vmid,
    ctime,
    system: true,
  });
  return `${volid},${plan.type === "qemu" ? "iothread=1," : ""}size=${size}G`;
}

function vmValues(plan: Plan, drive: string, mac: string, created: number, random: Random): Values {
  const { net0, ...more } = plan.more ?? {};
  const [model = "virtio", ...rest] = (net0 ?? "virtio,bridge=vmbr0,firewall=1").split(",");
  return {
    boot: "order=scsi0;net0",
    cores: String(plan.cores),
    cpu: "x86-64-v2-AES",
    memory: String(plan.memory * 1024),
    meta: `creation-qemu=10.2.2,ctime=${Math.floor(created / 1000)}`,
    name: plan.name,
    net0: `${model}=${mac},${rest.join(",")}`,
    ostype: plan.ostype ?? "l26",
    scsi0: drive,
    scsihw: "virtio-scsi-single",
    smbios1: `uuid=${random.uuid()}`,
    ...(plan.tags === undefined ? {} : { tags: plan.tags }),
    vmgenid: random.uuid(),
    ...more,
  };
}

function containerValues(plan: Plan, drive: string, mac: string): Values {
  return {
    arch: "amd64",
    cores: String(plan.cores),
    hostname: plan.name,
    memory: String(plan.memory * 1024),
    net0: `name=eth0,bridge=vmbr0,firewall=1,hwaddr=${mac},ip=dhcp,type=veth`,
    ostype: plan.ostype ?? "debian",
    rootfs: drive,
    swap: "512",
    ...(plan.tags === undefined ? {} : { tags: plan.tags }),
    unprivileged: "1",
    ...plan.more,
  };
}
