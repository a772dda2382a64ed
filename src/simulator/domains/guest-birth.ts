// What every new guest needs: the right to make it, a free id, a place in its pool; and its end when it came to nothing.
import { denied } from "../engine/error.ts";
import { guestConfig, type Values } from "../engine/guest-config.ts";
import type { Call } from "../engine/handler.ts";
import type { Guest, GuestType } from "../engine/state.ts";
import type { Work } from "../engine/worker.ts";
import { removeVolume } from "../guests/volumes.ts";

/** VM.Allocate on the id or on the pool; the 403 names neither. */
export function assertMayCreate({ caller, params }: Call, vmid: number): void {
  const pool = params.text("pool");
  if (caller.can(`/vms/${vmid}`, ["VM.Allocate"])) return;
  if (pool !== undefined && caller.can(`/pool/${pool}`, ["VM.Allocate"])) return;
  throw denied();
}

export function joinPool({ cluster }: Call, pool: string | undefined, vmid: number): void {
  if (pool !== undefined) cluster.state.pools[pool]?.vms.push(vmid);
}

/** Who has the id already, in PVE's words. */
export function takenBy({ cluster }: Call, vmid: number): string | undefined {
  const there = cluster.guest(vmid);
  return there === undefined
    ? undefined
    : `${there.type === "qemu" ? "VM" : "CT"} ${vmid} already exists on node '${there.node}'`;
}

/** The locked config that holds the id from now on, before any task works on it. */
export function reserve(call: Call, type: GuestType, vmid: number, node: string, values: Values): Guest {
  const guest: Guest = { vmid, type, node, created: call.cluster.now(), config: guestConfig(values) };
  call.cluster.state.guests[String(vmid)] = guest;
  joinPool(call, call.params.text("pool"), vmid);
  return guest;
}

/** Steps that make a guest, waiting for locks included: what fails or is stopped leaves nothing behind. */
export function* making(call: Call, guest: Guest, steps: () => Work): Work {
  try {
    yield* steps();
  } catch (problem) {
    if (call.cluster.guest(guest.vmid) === guest && guest.config.values.lock !== undefined) abandon(call, guest);
    throw problem;
  }
}

/** A creation that failed leaves nothing behind. */
export function abandon({ cluster }: Call, guest: Guest): void {
  for (const volume of cluster.state.volumes.filter(
    (entry) => entry.vmid === guest.vmid && /^(?:images|rootdir)$/.test(entry.content),
  )) {
    removeVolume(cluster, volume);
  }
  delete cluster.state.guests[String(guest.vmid)];
  for (const pool of Object.values(cluster.state.pools)) pool.vms = pool.vms.filter((vmid) => vmid !== guest.vmid);
}
