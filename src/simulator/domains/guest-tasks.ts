// Tasks that change whether a guest runs: under its lock, with the checks that come first; a VM that was suspended to disk.
import { guestLock, missingConfig } from "../engine/cluster.ts";
import { failure } from "../engine/error.ts";
import type { Call } from "../engine/handler.ts";
import type { Guest, GuestType } from "../engine/state.ts";
import type { Work, Worker } from "../engine/worker.ts";
import { begin } from "../guests/run.ts";
import { findVolume, removeVolume } from "../guests/volumes.ts";
import { guestOf } from "./guest-config.ts";

const word = (type: GuestType) => (type === "qemu" ? "VM" : "CT");
const prefix = (type: GuestType) => (type === "qemu" ? "qm" : "vz");
/** Reading the memory back takes so long, ms. */
const wakeTime = 900;

/** Forks the task; its body works under the guest's lock. */
export function inTask(
  call: Call,
  type: GuestType,
  name: string,
  steps: (guest: Guest, worker: Worker) => Work,
): string {
  const { cluster, caller, node, params } = call;
  const vmid = params.number("vmid") ?? 0;
  return cluster.fork(caller, node, `${prefix(type)}${name}`, String(vmid), (worker) =>
    worker.locked(guestLock(type, vmid), () => {
      const stops = type === "qemu" && /^(?:stop|shutdown)$/.test(name);
      if (stops && cluster.guest(vmid)?.node !== node) throw missingConfig(node, vmid);
      return steps(cluster.guestOn(node, type, vmid), worker);
    }),
  );
}

export function notRunning(type: GuestType, vmid: number) {
  return failure(`${word(type)} ${vmid} not running`);
}

/** A container's calls check its state before they fork; a VM's only some (facts 28). */
export function runningGuest(call: Call, type: GuestType): Guest {
  const vmid = call.params.number("vmid") ?? 0;
  // PVE asks for a container's process before it reads its config
  if (type === "lxc" && call.cluster.guest(vmid)?.process === undefined) throw notRunning(type, vmid);
  const guest = guestOf(call, type);
  if (guest.process === undefined) throw notRunning(type, vmid);
  return guest;
}

/** Suspended to disk. */
export function isSaved(guest: Guest): boolean {
  return guest.config.values.lock === "suspended";
}

/** The VM goes on where it was saved; its state's volume is gone then. */
export function* wakeSteps({ cluster, node }: Call, guest: Guest, worker: Worker): Work {
  const { values } = guest.config;
  const state = values.vmstate;
  worker.log("Resuming suspended VM");
  if (state !== undefined) worker.log(`activating and using '${state}' as vmstate`);
  yield wakeTime;
  for (const name of ["lock", "vmstate", "runningmachine", "runningcpu"]) delete values[name];
  const volume = state === undefined ? undefined : findVolume(cluster, node, state);
  if (volume !== undefined) removeVolume(cluster, volume);
  begin(cluster, guest);
  worker.log("Resumed VM, removing state");
}
