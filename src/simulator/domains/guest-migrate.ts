// Migration between nodes, and its preconditions (facts 51).

import { guestLock } from "../engine/cluster.ts";
import { failure, invalid } from "../engine/error.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";
import type { Guest, GuestType, Volume } from "../engine/state.ts";
import type { Work, Worker } from "../engine/worker.ts";
import { applyPending } from "../guests/change.ts";
import { copyTime, type Disk, disksOf, onSharedStorage } from "../guests/copy.ts";
import { driveFile, isCdrom } from "../guests/drive.ts";
import { isManaged } from "../guests/ha.ts";
import { assertUnlocked } from "../guests/lock.ts";
import { findVolume, isOwn, nextVolumeId, renameVolume } from "../guests/volumes.ts";
import { guestOf } from "./guest-config.ts";
import { requestMove } from "./ha-request.ts";

const word = (type: GuestType) => (type === "qemu" ? "VM" : "CT");

/** Disks that only this node has; a VM's snapshots of them come along. */
function localDisks({ cluster }: Call, guest: Guest): Disk[] {
  return disksOf(cluster, guest, guest.config.values).filter((disk) => !onSharedStorage(cluster, disk.volume));
}

/** ISO images on a local storage: a VM can't leave with them. */
function localImages({ cluster }: Call, guest: Guest): { name: string; volid: string; size: number }[] {
  return Object.entries(guest.config.values).flatMap(([name, value]) => {
    const volid = driveFile(value);
    const volume = isCdrom(value) ? findVolume(cluster, guest.node, volid) : undefined;
    return volume === undefined || onSharedStorage(cluster, volume) ? [] : [{ name, volid, size: volume.size }];
  });
}

function preconditions(type: GuestType): Handler {
  return (call) => {
    const guest = guestOf(call, type);
    const others = Object.keys(call.cluster.state.nodes).filter((name) => name !== call.node);
    const running = guest.process === undefined ? 0 : 1;
    if (type === "lxc") return { "allowed-nodes": others, "not-allowed-nodes": {}, running };
    const row = (name: string, volid: string, size: number, cdrom: number) => ({
      cdrom,
      drivename: name,
      is_attached: 1,
      is_cloudinit: 0,
      is_tpmstate: 0,
      is_unused: 0,
      is_vmstate: 0,
      replicate: 1,
      shared: 0,
      size,
      volid,
    });
    return {
      allowed_nodes: others,
      "has-dbus-vmstate": 1,
      local_disks: [
        ...localImages(call, guest).map((image) => row(image.name, image.volid, image.size, 1)),
        ...localDisks(call, guest).map((disk) => row(disk.name, disk.volume.volid, disk.volume.size, 0)),
      ],
      local_resources: [],
      "mapped-resource-info": {},
      "mapped-resources": [],
      not_allowed_nodes: Object.fromEntries(others.map((name) => [name, {}])),
      running,
    };
  };
}

function migrate(type: GuestType): Handler {
  return (call) => {
    const { cluster, caller, node, params } = call;
    const target = params.need("target");
    if (target === node) throw invalid({ target: "target is local node." });
    if (cluster.state.nodes[target] === undefined) throw failure(`no such cluster node '${target}'`);
    const guest = guestOf(call, type);
    assertUnlocked(guest);
    const online = params.flag("online");
    if (guest.process !== undefined) {
      if (type === "qemu" && !online) throw failure("can't migrate running VM without --online");
      if (type === "lxc" && !online && !params.flag("restart")) {
        throw failure("can't migrate running container without --online or --restart");
      }
    }
    if (isManaged(cluster.state, guest)) return requestMove(call, guest, target);
    return cluster.fork(caller, node, type === "qemu" ? "qmigrate" : "vzmigrate", String(guest.vmid), (worker) =>
      worker.locked(guestLock(type, guest.vmid), () => migrateSteps(call, worker, guest, target)),
    );
  };
}

/** Log lines of a migration carry the time. */
function stamped(call: Call, worker: Worker, ...lines: string[]): void {
  const time = new Date(call.cluster.now()).toISOString().slice(0, 19).replace("T", " ");
  worker.log(...lines.map((line) => `${time} ${line}`));
}

function duration(call: Call, started: number): string {
  const seconds = Math.floor((call.cluster.now() - started) / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

function* migrateSteps(call: Call, worker: Worker, guest: Guest, target: string): Work {
  const { cluster, params } = call;
  const started = cluster.now();
  const say = (...lines: string[]) => stamped(call, worker, ...lines);
  const abort = (reason: string) => {
    say(`ERROR: migration aborted (duration ${duration(call, started)}): ${reason}`);
    return failure("migration aborted");
  };
  const live = guest.process !== undefined;
  const { ip, online } = cluster.node(target);
  if (guest.type === "lxc" && live && !params.flag("restart"))
    throw abort("lxc live migration is currently not implemented");
  if (!online) throw abort(`Can't connect to destination address using public key`);
  say(`starting migration of ${word(guest.type)} ${guest.vmid} to node '${target}' (${ip})`);
  const problems = blockers(call, guest, live);
  const disks = localDisks(call, guest);
  for (const disk of disks) say(`found local disk '${disk.volume.volid}' (attached)`);
  if (problems.length > 0) {
    say(
      ...problems,
      "ERROR: Problem found while scanning volumes - can't migrate VM - check log",
      "aborting phase 1 - cleanup resources",
    );
    throw abort("Problem found while scanning volumes - can't migrate VM - check log");
  }
  guest.config.values.lock = "migrate";
  try {
    if (disks.length > 0) say("copying local disk images");
    for (const disk of disks) yield copyTime(disk.volume);
    yield live ? 3000 : 800;
    if (live && guest.type === "qemu") say("starting online/live migration", "migration status: completed");
    // snapshots' states and detached volumes come along
    for (const volume of cluster.state.volumes.filter((entry) => isOwn(guest, entry) && entry.node === guest.node))
      moveVolume(call, guest, volume, target);
  } finally {
    delete guest.config.values.lock;
  }
  guest.node = target;
  if (live && guest.type === "lxc" && guest.process !== undefined) guest.process.since = cluster.now();
  if (!live) applyPending(cluster, guest);
  say(`migration finished successfully (duration ${duration(call, started)})`);
}

/** What keeps the guest where it is, as the log says it. */
function blockers(call: Call, guest: Guest, live: boolean): string[] {
  const images = localImages(call, guest).map(({ volid }) => `can't migrate local disk '${volid}': local cdrom image`);
  if (!live || guest.type === "lxc" || call.params.flag("with-local-disks")) return images;
  const attached = localDisks(call, guest).map(
    ({ volume }) =>
      `can't migrate local disk '${volume.volid}': can't live migrate attached local disks without with-local-disks option`,
  );
  return [...images, ...attached];
}

/** `1` keeps each storage, a name is for all, `a:b` for those of a. */
function targetStorage({ params }: Call, from: string): string {
  const wanted = params.text("targetstorage") ?? params.text("target-storage") ?? "1";
  const pairs = wanted.split(/[,;\s]+/).map((part) => part.split(":"));
  const own = pairs.find(([source, to]) => to !== undefined && source === from)?.[1];
  return own ?? pairs.find(([name, to]) => to === undefined && name !== "1")?.[0] ?? from;
}

/** The volume is the target's now, on the same storage or another, under its name if that is free there. */
function moveVolume(call: Call, guest: Guest, volume: Volume, target: string): void {
  const { cluster } = call;
  const { volid: before, format, size } = volume;
  const storage = cluster.storage(targetStorage(call, volume.storage));
  const { vmid, type } = guest;
  const stays = storage.storage === volume.storage && findVolume(cluster, target, before) === undefined;
  if (!stays) volume.volid = nextVolumeId(cluster, { storage, node: target, vmid, type, size, format }).volid;
  volume.storage = storage.storage;
  volume.node = target;
  if (onSharedStorage(cluster, volume)) delete volume.node;
  renameVolume(guest, before, volume.volid);
}

export const guestMigrate: Handlers = {
  "GET /nodes/{node}/qemu/{vmid}/migrate": preconditions("qemu"),
  "POST /nodes/{node}/qemu/{vmid}/migrate": migrate("qemu"),
  "GET /nodes/{node}/lxc/{vmid}/migrate": preconditions("lxc"),
  "POST /nodes/{node}/lxc/{vmid}/migrate": migrate("lxc"),
};
