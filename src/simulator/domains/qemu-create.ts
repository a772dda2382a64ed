// POST /nodes/{node}/qemu: a new VM (facts 28, 41, 55).

import { guestLock } from "../engine/cluster.ts";
import { denied, failure } from "../engine/error.ts";
import { guestConfig, type Values } from "../engine/guest-config.ts";
import type { Call } from "../engine/handler.ts";
import type { Guest } from "../engine/state.ts";
import type { Work, Worker } from "../engine/worker.ts";
import { completeNewVm } from "../guests/boot.ts";
import { settleValue } from "../guests/change.ts";
import { isVolumeOption } from "../guests/options.ts";
import { assertStartable, begin } from "../guests/run.ts";
import { removeVolume } from "../guests/volumes.ts";
import { assertOptions } from "./guest-config.ts";

const notOptions = [
  "node",
  "vmid",
  "archive",
  "bwlimit",
  "force",
  "ha-managed",
  "import-working-storage",
  "live-restore",
  "pool",
  "start",
  "storage",
  "unique",
];

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

export function createVm(call: Call): string {
  const { cluster, caller, node, params } = call;
  const vmid = params.number("vmid") ?? 0;
  assertMayCreate(call, vmid);
  if (params.has("archive")) throw failure("unable to restore: backups are not modelled by the embedded cluster");
  const pool = params.text("pool");
  if (pool !== undefined && cluster.state.pools[pool] === undefined) throw failure(`pool '${pool}' does not exist`);
  const set = params.rest(...notOptions);
  const taken = takenBy(call, vmid);
  if (taken !== undefined) throw failure(`unable to create VM ${vmid} - ${taken}`);
  assertOptions(call, "qemu", vmid, set, []);
  return cluster.fork(caller, node, "qmcreate", String(vmid), (worker) =>
    worker.locked(guestLock("qemu", vmid), () => createSteps(call, worker, vmid, set)),
  );
}

function* createSteps(call: Call, worker: Worker, vmid: number, set: Values): Work {
  const { cluster, node, params } = call;
  const taken = takenBy(call, vmid);
  if (taken !== undefined) throw failure(`unable to create VM ${vmid} - ${taken}`);
  const guest: Guest = { vmid, type: "qemu", node, created: cluster.now(), config: guestConfig({ lock: "create" }) };
  cluster.state.guests[String(vmid)] = guest;
  joinPool(call, params.text("pool"), vmid);
  try {
    const values: Values = {};
    for (const [name, text] of Object.entries(set)) {
      if (isVolumeOption("qemu", name)) yield 600;
      values[name] = settleValue(cluster, guest, name, text, worker.log);
    }
    yield 400;
    guest.config.values = completeNewVm(cluster, values);
  } catch (problem) {
    abandon(call, guest);
    throw new Error(`unable to create VM ${vmid} - ${problem instanceof Error ? problem.message : String(problem)}`);
  }
  if (params.flag("start")) {
    yield 600;
    assertStartable(cluster, guest);
    begin(cluster, guest);
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
