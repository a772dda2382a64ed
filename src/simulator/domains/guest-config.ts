// A guest's config over the API: read, pending, changed at once or in a task, disks unlinked and resized.
import { endpoint, parameterOf } from "../../schema/registry.ts";
import { guestLock } from "../engine/cluster.ts";
import { ApiError, denied, failure } from "../engine/error.ts";
import { assertDigest, configDigest, staleDigest, type Values } from "../engine/guest-config.ts";
import type { Call, Handler } from "../engine/handler.ts";
import { running } from "../engine/sdn.ts";
import type { ClusterState, Guest, GuestType } from "../engine/state.ts";
import type { Work, Worker } from "../engine/worker.ts";
import { assertVolumeAccess } from "../guests/access.ts";
import { applyChange, assertChange, busyDisk, type Change } from "../guests/change.ts";
import { driveFile, isCdrom, resizedDrive, storageNamed } from "../guests/drive.ts";
import { assertUnlocked } from "../guests/lock.ts";
import { bridgeOf } from "../guests/network.ts";
import { isNet, isUnused, isVolumeOption, privilegeFor, rootOnly } from "../guests/options.ts";
import { readProperties } from "../guests/properties.ts";
import { assertSshKeys } from "../guests/ssh-keys.ts";
import { configView, futureConfig, pendingView } from "./guest-view.ts";

export function guestOf({ cluster, node, params }: Call, type: GuestType): Guest {
  return cluster.guestOn(node, type, params.number("vmid") ?? 0);
}

export function guestDigest(guest: Guest, given: string | undefined): void {
  assertDigest(configDigest(guest.config), given, guest.type === "qemu" ? staleDigest.qemu : staleDigest.other);
}

/** skiplock is root@pam's alone (facts 34). */
export function refuseSkiplock({ caller, params }: Call): void {
  if (params.flag("skiplock") && caller.tokenid !== undefined) throw skiplockDenied();
}

function skiplockDenied() {
  return failure("Only root may use this option.");
}

/**
 * Each changed option's privilege, the storages it allocates on, the bridges it uses (facts 6, 36). For a guest that is created in a
 * pool, the pool's privileges do.
 */
export function assertOptions(
  { caller, cluster, params }: Call,
  type: GuestType,
  vmid: number,
  set: Values,
  others: readonly string[],
): void {
  if (set.sshkeys !== undefined) assertSshKeys(decodeURIComponent(set.sshkeys));
  const pool = params.text("pool");
  for (const [name, value] of Object.entries(set)) {
    const text = type === "qemu" && caller.tokenid !== undefined ? rootOnly(name, value) : undefined;
    if (text !== undefined) throw failure(text);
    if (type === "lxc" && name === "features") assertFeatures(value);
    if (isVolumeOption(type, name)) {
      const sources = [driveFile(value), readProperties(value, "file")["import-from"] ?? ""];
      for (const path of sources.filter((source) => source.startsWith("/"))) assertVolumeAccess(caller, cluster, path);
    }
    const storage = isVolumeOption(type, name)
      ? storageNamed(type === "qemu" ? value : value.replace(/^volume=/, ""))
      : undefined;
    if (storage !== undefined) {
      const known = cluster.storage(storage);
      if (isReplicated(cluster.state, vmid) && !isCdrom(value) && !cluster.state.replicating.includes(known.type))
        throw failure("cannot add non-replicatable volume to a replicated VM");
      if (isCdrom(value)) caller.check(`/storage/${storage}`, ["Datastore.AllocateSpace", "Datastore.Audit"], true);
      else caller.check(`/storage/${storage}`, ["Datastore.AllocateSpace"]);
    }
    const bridge = isNet(name) ? bridgeOf(value) : undefined;
    const zone = bridge === undefined ? undefined : running(cluster.state, "vnets")[bridge]?.options.zone;
    if (bridge !== undefined) caller.check(`/sdn/zones/${zone ?? "localnetwork"}/${bridge}`, ["SDN.Use"]);
  }
  for (const name of [...Object.keys(set), ...others]) {
    const cdrom = isVolumeOption(type, name) && set[name] !== undefined && isCdrom(set[name]);
    const wanted = [cdrom ? "VM.Config.CDROM" : privilegeFor(type, name)];
    if (pool === undefined || !caller.can(`/pool/${pool}`, wanted)) caller.check(`/vms/${vmid}`, wanted);
  }
}

function assertFeatures(value: string): void {
  const others = Object.keys(readProperties(value, "")).filter((name) => name !== "nesting");
  if (others.length > 0) throw denied("changing feature flags (except nesting) is only allowed for root@pam");
}

function isReplicated(state: ClusterState, vmid: number): boolean {
  return Object.keys(state.files["replication.cfg"] ?? {}).some((id) => id.startsWith(`${vmid}-`));
}

const notOptions = ["node", "vmid", "delete", "revert", "digest", "force", "skiplock", "background_delay"];

function changeOf({ params }: Call): Change {
  return {
    set: params.rest(...notOptions),
    remove: params.list("delete"),
    revert: params.list("revert"),
    force: params.flag("force"),
  };
}

function knownOption(type: GuestType) {
  const config = endpoint(`PUT /nodes/{node}/${type}/{vmid}/config`);
  return (name: string) => !notOptions.includes(name) && (parameterOf(config, name) !== undefined || isUnused(name));
}

/** Checks all that PVE checks before it takes the lock. */
function prepare(call: Call, type: GuestType): { guest: Guest; change: Change } {
  refuseSkiplock(call);
  const change = changeOf(call);
  const vmid = call.params.number("vmid") ?? 0;
  assertChange(type, change, knownOption(type));
  assertOptions(call, type, vmid, change.set, [...change.remove, ...change.revert]);
  const guest = guestOf(call, type);
  guestDigest(guest, call.params.text("digest"));
  if (!call.params.flag("skiplock")) assertUnlocked(guest);
  return { guest, change };
}

/** PUT: done when the answer comes; waits for the guest's lock (facts 30, 34). */
function update(type: GuestType): Handler {
  return async (call) => {
    const { guest, change } = prepare(call, type);
    return call.cluster.underLock(guestLock(type, guest.vmid), () => {
      // whoever had the lock may have taken the guest away
      applyChange(call.cluster, guestOf(call, type), change, () => {});
      return null;
    });
  };
}

/** POST of a VM's config: a task (facts 30). */
function updateInTask(call: Call): string {
  const { cluster, caller, node, params } = call;
  const { guest, change } = prepare(call, "qemu");
  const options = [
    ...Object.entries(params.rest("node", "vmid", "digest", "background_delay")).map(
      ([name, value]) => `-${name} ${value}`,
    ),
  ];
  return cluster.fork(caller, node, "qmconfig", String(guest.vmid), (worker) =>
    configTask(call, worker, guest, change, options),
  );
}

/** PVE waits so long for a device to go, ms. */
const unplugTime = 25_000;

function* configTask({ cluster }: Call, worker: Worker, guest: Guest, change: Change, options: string[]): Work {
  worker.log(`update VM ${guest.vmid}: ${options.join(" ")}`);
  yield* worker.locked(guestLock("qemu", guest.vmid), function* () {
    const disks = Object.keys(change.set).filter((name) => isVolumeOption("qemu", name)).length;
    yield 200 + disks * 500 + (busyDisk(guest, change.remove) === undefined ? 0 : unplugTime);
    const current = cluster.guestOn(guest.node, "qemu", guest.vmid);
    assertUnlocked(current);
    applyChange(cluster, current, change, worker.log);
  });
}

async function unlink(call: Call): Promise<unknown> {
  const change: Change = { set: {}, remove: call.params.list("idlist"), revert: [], force: call.params.flag("force") };
  assertChange("qemu", change, knownOption("qemu"));
  const guest = guestOf(call, "qemu");
  assertUnlocked(guest);
  return call.cluster.underLock(guestLock("qemu", guest.vmid), () => {
    applyChange(call.cluster, guestOf(call, "qemu"), change, () => {});
    return null;
  });
}

/** PUT resize: always a task for a VM; a container's checks come first (facts 28, 30, 40). */
function resize(type: GuestType): Handler {
  return (call) => {
    const { cluster, caller, node, params } = call;
    refuseSkiplock(call);
    const vmid = params.number("vmid") ?? 0;
    const disk = params.need("disk");
    const size = params.need("size");
    const lead = type === "qemu" ? "file" : "volume";
    if (type === "lxc") assertResizable(call, guestOf(call, type), disk, size);
    return cluster.fork(caller, node, "resize", String(vmid), function* (worker) {
      const guest = cluster.guestOn(node, type, vmid);
      guestDigest(guest, params.text("digest"));
      yield* worker.locked(guestLock(type, vmid), function* () {
        cluster.guestOn(node, type, vmid);
        assertUnlocked(guest);
        const value = guest.config.values[disk];
        if (value === undefined) throw new Error(`disk '${disk}' does not exist`);
        yield 400;
        guest.config.values[disk] = resizedDrive(cluster, guest, value, size, lead);
      });
    });
  };
}

/** PVE parses the mount point that isn't there. */
export function missingMount(): ApiError {
  const text = "property is missing and it is not optional";
  return new ApiError(500, "format error", { mp: text, volume: text });
}

function assertResizable({ cluster }: Call, guest: Guest, disk: string, size: string): void {
  const value = guest.config.values[disk];
  if (value === undefined) throw missingMount();
  const before = readProperties(value, "volume");
  const volume = cluster.state.volumes.find((entry) => entry.volid === before.volume);
  const units: Record<string, number> = { K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };
  const [, number = "0", unit = ""] = /^\+?([\d.]+)([KMGT]?)$/.exec(size) ?? [];
  if (!size.startsWith("+") && Number(number) * (units[unit] ?? 1) < (volume?.size ?? 0))
    throw failure("unable to shrink disk size");
}

function read(type: GuestType): Handler {
  return (call) => {
    const guest = guestOf(call, type);
    const snapshot = call.params.text("snapshot");
    if (snapshot !== undefined) {
      const values = guest.config.snapshots[snapshot];
      if (values === undefined) throw failure(`snapshot '${snapshot}' does not exist`);
      return configView(guest, values);
    }
    return call.params.flag("current") || type === "lxc" ? configView(guest, guest.config.values) : futureConfig(guest);
  };
}

export const guestConfigHandlers = {
  read,
  pending:
    (type: GuestType): Handler =>
    (call) =>
      pendingView(guestOf(call, type)),
  update,
  updateInTask,
  unlink,
  resize,
};
