// A disk handed to another guest: POST move_disk and move_volume with `target-vmid`.
import { guestLock } from "../engine/cluster.ts";
import { failure, invalid } from "../engine/error.ts";
import type { Call } from "../engine/handler.ts";
import type { Guest, GuestType, Volume } from "../engine/state.ts";
import type { Work, Worker } from "../engine/worker.ts";
import { leadOf } from "../guests/copy.ts";
import { isCdrom } from "../guests/drive.ts";
import { assertUnlocked } from "../guests/lock.ts";
import { isUnused } from "../guests/options.ts";
import { readProperties, writeProperties } from "../guests/properties.ts";
import { findVolume, isInSnapshot, nextVolumeId } from "../guests/volumes.ts";
import { guestDigest, guestOf } from "./guest-config.ts";

interface Move {
  source: Guest;
  target: Guest;
  from: string;
  to: string;
  volume: Volume;
}

export function reassign(call: Call, type: GuestType): string {
  const { cluster, caller, node, params } = call;
  const vmid = params.number("vmid") ?? 0;
  const targetId = params.number("target-vmid") ?? 0;
  caller.check(`/vms/${targetId}`, ["VM.Config.Disk"]);
  const from = params.need(type === "qemu" ? "disk" : "volume");
  const to = params.text(type === "qemu" ? "target-disk" : "target-volume") ?? from;
  if (targetId === vmid)
    throw invalid({
      "target-vmid": `must be different than source VMID to ${type === "qemu" ? "move disk to another VM" : "reassign volume"}`,
    });
  const move = planned(call, type, from, to);
  const id = `${vmid}-${from}>${targetId}-${to}`;
  const task = type === "qemu" ? "qmmove" : "move_volume";
  return cluster.fork(caller, node, task, id, (worker) =>
    worker.locked(guestLock(type, vmid), () =>
      worker.locked(guestLock(type, targetId), () => moveSteps(call, worker, move)),
    ),
  );
}

/** Everything that PVE refuses before it forks. */
function planned(call: Call, type: GuestType, from: string, to: string): Move {
  const { cluster, node, params } = call;
  const isVm = type === "qemu";
  const targetId = params.number("target-vmid") ?? 0;
  const there = cluster.guest(targetId);
  if (there === undefined) throw failure(`could not find ${isVm ? "VM" : "CT"} ${targetId}`);
  if (there.node !== node) {
    const kind = isVm ? "VMs" : "containers";
    const one = isVm ? "VM" : "container";
    throw failure(`Both ${kind} need to be on the same node (${node}) but target ${one} is on ${there.node}.`);
  }
  const source = guestOf(call, type);
  const target = cluster.guestOn(node, type, targetId);
  assertUnlocked(source);
  assertUnlocked(target);
  const isTemplate = (guest: Guest) => guest.config.values.template === "1";
  if (isTemplate(source) || isTemplate(target))
    throw failure(isVm ? "Can't move disks from or to template VMs" : "Can't move volumes from or to template CT");
  guestDigest(source, params.text("digest"));
  guestDigest(target, params.text("target-digest"));
  const what = isVm ? "Disk" : "Volume";
  const value = source.config.values[from];
  if (value === undefined)
    throw failure(`${what} '${from}' for ${isVm ? "VM" : "container"} '${source.vmid}' does not exist`);
  if (target.config.values[to] !== undefined)
    throw failure(
      `Target ${what.toLowerCase()} key '${to}' is already in use for ${isVm ? "VM" : "container"} '${targetId}'`,
    );
  if (isVm && isCdrom(value)) throw failure("CD drive contents can't be moved to another VM");
  const volume = findVolume(cluster, node, readProperties(value, leadOf(source))[leadOf(source)] ?? "");
  if (volume === undefined) throw failure(`Storage does not support moving of this disk to another VM`);
  if (isInSnapshot(source, volume.volid))
    throw failure(`Can't move ${what.toLowerCase()} used by a snapshot to another ${isVm ? "VM" : "CT"}`);
  if (source.process !== undefined && !isUnused(from))
    throw failure(
      isVm
        ? "Cannot move disk to another VM while the source VM is running - detach first"
        : "Cannot move volume to another CT while the source CT is running - detach first",
    );
  return { source, target, from, to, volume };
}

function* moveSteps({ cluster, node }: Call, worker: Worker, move: Move): Work {
  const { source, target, from, to, volume } = move;
  const isVm = source.type === "qemu";
  const one = isVm ? "VM" : "container";
  worker.log(
    `reassign ${isVm ? "disk" : "volume"} '${from}' from ${one} '${source.vmid}' as '${to}' to ${one} '${target.vmid}'`,
  );
  yield 400;
  const value = source.config.values[from];
  if (value === undefined) throw failure(`Disk '${from}' does not exist`);
  const storage = cluster.storage(volume.storage);
  const { type, vmid } = target;
  const { volid } = nextVolumeId(cluster, { storage, node, vmid, type, size: volume.size, format: volume.format });
  worker.log(`removing ${isVm ? "disk" : "volume"} '${from}' from ${one} '${source.vmid}' config`);
  delete source.config.values[from];
  volume.volid = volid;
  volume.vmid = vmid;
  const lead = leadOf(target);
  const settled = isUnused(to) ? volid : writeProperties({ ...readProperties(value, lead), [lead]: volid }, lead);
  worker.log(`update ${isVm ? "VM" : "CT"} ${vmid}: -${to} ${settled}`);
  target.config.values[to] = settled;
}
