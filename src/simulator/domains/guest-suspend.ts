// A VM paused, or suspended to disk, and resumed (facts 34).
import { failure } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import type { Guest } from "../engine/state.ts";
import type { Work, Worker } from "../engine/worker.ts";
import { disksOf } from "../guests/copy.ts";
import { assertUnlocked } from "../guests/lock.ts";
import { end } from "../guests/run.ts";
import { stateSize } from "../guests/state-file.ts";
import { allocate, allocationLog, storageFor } from "../guests/volumes.ts";
import { guestOf, refuseSkiplock } from "./guest-config.ts";
import { inTask, isSaved, notRunning, runningGuest, wakeSteps } from "./guest-tasks.ts";

function suspend(call: Call): string {
  const { params } = call;
  refuseSkiplock(call);
  const todisk = params.flag("todisk");
  if (todisk) {
    const { vmid } = call.params.has("vmid") ? { vmid: params.need("vmid") } : { vmid: "" };
    call.caller.check(`/vms/${vmid}`, ["VM.Config.Disk"]);
  }
  runningGuest(call, "qemu");
  return inTask(call, "qemu", todisk ? "suspend" : "pause", (guest, worker) =>
    todisk ? saveSteps(call, guest, worker) : pauseSteps(guest),
  );
}

function* pauseSteps(guest: Guest): Work {
  if (guest.config.values.lock !== "backup") assertUnlocked(guest);
  yield 200;
  if (guest.process !== undefined) guest.process.paused = true;
}

/** Where the memory goes: the storage of the request, of the config, or that of the first disk. */
function* saveSteps(call: Call, guest: Guest, worker: Worker): Work {
  const { cluster, node, params } = call;
  assertUnlocked(guest);
  if (guest.process === undefined) throw failure(`VM ${guest.vmid} not running`);
  const first = disksOf(cluster, guest, guest.config.values)[0]?.volume.storage ?? "local";
  const id = params.text("statestorage") ?? guest.config.values.vmstatestorage ?? first;
  const storage = storageFor(cluster, node, id, "images");
  const name = `state-suspend-${new Date(cluster.now()).toISOString().slice(0, 10)}`;
  const { vmid } = guest;
  const volume = allocate(cluster, { storage, node, vmid, type: "qemu", size: stateSize(guest), name });
  worker.log(...allocationLog(storage, volume));
  yield 2000;
  Object.assign(guest.config.values, {
    lock: "suspended",
    runningcpu: guest.config.values.cpu ?? "kvm64",
    runningmachine: "pc-i440fx-10.2+pve0",
    vmstate: volume.volid,
  });
  worker.log("State saved, quitting");
  end(cluster, guest);
}

function resume(call: Call): string {
  refuseSkiplock(call);
  const guest = guestOf(call, "qemu");
  if (guest.process === undefined && !isSaved(guest)) throw notRunning("qemu", guest.vmid);
  return inTask(call, "qemu", "resume", function* (target, worker) {
    if (isSaved(target)) {
      yield* wakeSteps(call, target, worker);
      return;
    }
    if (target.config.values.lock !== "backup") assertUnlocked(target);
    yield 200;
    if (target.process !== undefined) target.process.paused = false;
  });
}

export const guestSuspend: Handlers = {
  "POST /nodes/{node}/qemu/{vmid}/status/suspend": suspend,
  "POST /nodes/{node}/qemu/{vmid}/status/resume": resume,
};
