// Moving a guest's volume to another storage (facts 30).

import { guestLock } from "../engine/cluster.ts";
import { failure, invalid } from "../engine/error.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";
import type { Guest, GuestType } from "../engine/state.ts";
import type { Work, Worker } from "../engine/worker.ts";
import { copyTime, disksOf, fullCopy } from "../guests/copy.ts";
import { assertUnlocked } from "../guests/lock.ts";
import { addUnused, isInSnapshot, removeVolume } from "../guests/volumes.ts";
import { guestDigest, guestOf, missingMount } from "./guest-config.ts";
import { reassign } from "./guest-reassign.ts";

function move(type: GuestType): Handler {
  return (call) => {
    const { cluster, caller, node, params } = call;
    const name = params.need(type === "qemu" ? "disk" : "volume");
    const storage = params.text("storage");
    if (storage === undefined && !params.has("target-vmid")) {
      const text = "both 'storage' and 'target-vmid' missing, either needs to be set";
      throw invalid({ storage: text, "target-vmid": text });
    }
    if (storage === undefined) return reassign(call, type);
    if (params.has("target-vmid"))
      throw invalid({ "target-vmid": "'target-vmid' and 'storage' are mutually exclusive" });
    const guest = guestOf(call, type);
    guestDigest(guest, params.text("digest"));
    assertUnlocked(guest);
    if (guest.config.values[name] === undefined)
      throw type === "qemu" ? failure(`disk '${name}' does not exist`) : missingMount();
    if (type === "qemu") cluster.storage(storage);
    const volid = (guest.config.values[name] ?? "").split(",")[0] ?? "";
    if (params.flag("delete") && isInSnapshot(guest, volid))
      throw failure(`you can't move a ${type === "qemu" ? "disk" : "volume"} with snapshots and delete the source`);
    caller.check(`/storage/${storage}`, ["Datastore.AllocateSpace"]);
    const task = type === "qemu" ? "qmmove" : "move_volume";
    // a container is locked before its task is handed out
    if (type === "lxc") guest.config.values.lock = "disk";
    const steps = (worker: Worker) => moveSteps(call, worker, guest, name, storage);
    return cluster.fork(caller, node, task, String(guest.vmid), (worker) =>
      type === "lxc"
        ? unlocking(guest, steps(worker))
        : worker.locked(guestLock(type, guest.vmid), () => steps(worker)),
    );
  };
}

function* unlocking(guest: Guest, steps: Work): Work {
  try {
    yield* steps;
  } finally {
    delete guest.config.values.lock;
  }
}

function* moveSteps({ cluster, params }: Call, worker: Worker, guest: Guest, name: string, storage: string): Work {
  cluster.storage(storage);
  const disk = disksOf(cluster, guest, guest.config.values).find((entry) => entry.name === name);
  if (disk === undefined) throw failure(`disk '${name}' does not exist`);
  const { volume } = disk;
  const format = params.text("format");
  const target = {
    vmid: guest.vmid,
    node: guest.node,
    type: guest.type,
    storage,
    ...(format === undefined ? {} : { format }),
  };
  if (guest.type === "qemu") {
    worker.log(
      `copying volume '${volume.volid}' from current storage '${volume.storage}' to target storage '${storage}'`,
    );
  }
  const copy = fullCopy(cluster, disk, target);
  worker.log(...copy.log);
  try {
    // a container's files are copied one by one
    yield copyTime(volume) + (guest.type === "lxc" ? 3000 : 0);
  } catch (problem) {
    removeVolume(cluster, copy.volume);
    throw problem;
  }
  guest.config.values[name] = copy.value;
  if (params.flag("delete")) {
    worker.log(`removing source volume '${volume.volid}' after successful copy`);
    removeVolume(cluster, volume);
    return;
  }
  const unused = addUnused(guest, volume.volid);
  worker.log(`adding source volume '${volume.volid}' as '${unused}' to config`);
}

export const guestMove: Handlers = {
  "POST /nodes/{node}/qemu/{vmid}/move_disk": move("qemu"),
  "POST /nodes/{node}/lxc/{vmid}/move_volume": move("lxc"),
};
