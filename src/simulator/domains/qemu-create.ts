// POST /nodes/{node}/qemu: a new VM (facts 28, 41, 55).

import { guestLock } from "../engine/cluster.ts";
import { failure } from "../engine/error.ts";
import type { Values } from "../engine/guest-config.ts";
import type { Call } from "../engine/handler.ts";
import type { Guest } from "../engine/state.ts";
import type { Work, Worker } from "../engine/worker.ts";
import { completeNewVm } from "../guests/boot.ts";
import { settleValue } from "../guests/change.ts";
import { isVolumeOption } from "../guests/options.ts";
import { assertStartable, begin } from "../guests/run.ts";
import { abandon, assertMayCreate, making, reserve, takenBy } from "./guest-birth.ts";
import { assertOptions } from "./guest-config.ts";
import { restoreVm } from "./guest-restore.ts";

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

export function createVm(call: Call): string | Promise<string> {
  const { cluster, caller, node, params } = call;
  const vmid = params.number("vmid") ?? 0;
  const pool = params.text("pool");
  if (pool !== undefined && cluster.state.pools[pool] === undefined) throw failure(`pool '${pool}' does not exist`);
  const set = params.rest(...notOptions);
  if (params.has("archive")) return restoreVm(call, set);
  assertMayCreate(call, vmid);
  const taken = takenBy(call, vmid);
  if (taken !== undefined) throw failure(`unable to create VM ${vmid} - ${taken}`);
  assertOptions(call, "qemu", vmid, set, []);
  const guest = reserve(call, "qemu", vmid, node, { lock: "create" });
  return cluster.fork(caller, node, "qmcreate", String(vmid), (worker) =>
    making(call, guest, () => worker.locked(guestLock("qemu", vmid), () => createSteps(call, worker, guest, set))),
  );
}

function* createSteps(call: Call, worker: Worker, guest: Guest, set: Values): Work {
  const { cluster, params } = call;
  const { vmid } = guest;
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
