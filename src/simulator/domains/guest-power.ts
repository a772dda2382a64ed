// Start, stop, shutdown, reboot, reset, suspend, resume: what fails at once and what fails in the task (facts 28, 34, 35).

import { callerOf, superuser } from "../engine/caller.ts";
import { failure } from "../engine/error.ts";
import type { Call, Handler } from "../engine/handler.ts";
import type { Guest, GuestType } from "../engine/state.ts";
import type { Work, Worker } from "../engine/worker.ts";
import { isManaged } from "../guests/ha.ts";
import { assertUnlocked } from "../guests/lock.ts";
import { assertStartable, begin, end } from "../guests/run.ts";
import { refuseSkiplock } from "./guest-config.ts";
import { inTask, isSaved, runningGuest, wakeSteps } from "./guest-tasks.ts";
import { requestState } from "./ha-request.ts";

/** How long things take, ms. */
const startTime = { qemu: 900, lxc: 700 } as const;
const stopTime = 500;
/** A guest that listens is down after this long, unless it says otherwise. */
const shutdownTime = 2000;
const defaultTimeout = { qemu: 180, lxc: 60 } as const;

function start(type: GuestType): Handler {
  return (call) => {
    refuseSkiplock(call);
    const vmid = call.params.number("vmid") ?? 0;
    const there = call.cluster.guest(vmid);
    if (there !== undefined && isManaged(call.cluster.state, there)) return requestState(call, there, "started");
    if (type === "lxc" && there?.process !== undefined && there.node === call.node)
      throw failure(`CT ${vmid} already running`);
    return inTask(call, type, "start", (guest, worker) => startSteps(call, guest, worker));
  };
}

function* startSteps(call: Call, guest: Guest, worker: Worker): Work {
  const { cluster } = call;
  if (isSaved(guest)) {
    yield* wakeSteps(call, guest, worker);
    return;
  }
  assertUnlocked(guest);
  if (guest.config.values.template === "1") {
    throw failure(
      guest.type === "qemu" ? "you can't start a vm if it's a template" : "you can't start a CT if it's a template",
    );
  }
  if (guest.process !== undefined)
    throw failure(`${guest.type === "qemu" ? "VM" : "CT"} ${guest.vmid} already running`);
  yield startTime[guest.type] / 3;
  assertStartable(cluster, guest);
  yield (startTime[guest.type] * 2) / 3;
  begin(cluster, guest);
}

function stop(type: GuestType): Handler {
  return (call) => {
    refuseSkiplock(call);
    const there = call.cluster.guest(call.params.number("vmid") ?? 0);
    if (there !== undefined && isManaged(call.cluster.state, there)) return requestState(call, there, "stopped");
    if (type === "lxc") runningGuest(call, type);
    if (call.params.flag("overrule-shutdown")) overruleShutdown(call, type);
    return inTask(call, type, "stop", function* (guest) {
      // what doesn't run is stopped already, whatever its lock
      if (guest.process === undefined) return;
      if (!call.params.flag("skiplock")) assertUnlocked(guest);
      yield stopTime;
      end(call.cluster, guest);
    });
  };
}

/** Ends the shutdown tasks that wait for the guest (facts 34). */
function overruleShutdown({ cluster, params }: Call, type: GuestType): void {
  const id = params.need("vmid");
  for (const task of cluster.state.tasks) {
    if (task.exitstatus === undefined && task.id === id && task.type === `${type === "qemu" ? "qm" : "vz"}shutdown`)
      cluster.workers.stop(task.upid);
  }
}

function shutdown(type: GuestType): Handler {
  return (call) => {
    refuseSkiplock(call);
    const there = call.cluster.guest(call.params.number("vmid") ?? 0);
    if (there !== undefined && isManaged(call.cluster.state, there)) return requestState(call, there, "stopped");
    if (type === "lxc") runningGuest(call, type);
    return inTask(call, type, "shutdown", (guest, worker) => shutdownSteps(call, guest, worker));
  };
}

function* shutdownSteps({ cluster, params }: Call, guest: Guest, worker: Worker): Work {
  if (guest.process === undefined) return;
  assertUnlocked(guest);
  const timeout = (params.number("timeout") ?? defaultTimeout[guest.type]) * 1000;
  const needed = guest.process.system ? (guest.shutdownTime ?? shutdownTime) : Number.POSITIVE_INFINITY;
  yield Math.min(needed, timeout);
  if (needed > timeout) {
    if (!params.flag("forceStop")) throw failure(deaf[guest.type]);
    worker.log("VM still running - terminating now with SIGTERM");
    yield stopTime;
  }
  if (guest.process !== undefined) end(cluster, guest);
}

function reboot(type: GuestType): Handler {
  return (call) => {
    const guest = runningGuest(call, type);
    assertUnlocked(guest);
    return inTask(call, type, "reboot", function* (target, worker) {
      yield* shutdownSteps(call, target, worker);
      if (type === "qemu") {
        startAgain(call);
        return;
      }
      yield startTime[type];
      assertStartable(call.cluster, target);
      begin(call.cluster, target);
    });
  };
}

/** PVE starts a VM that went down to reboot in a task of its own, as root@pam. */
function startAgain(call: Call): void {
  const asRoot = { ...call, caller: callerOf(call.cluster.state, superuser) };
  inTask(asRoot, "qemu", "start", (guest, worker) => startSteps(asRoot, guest, worker));
}

function reset(call: Call): string {
  refuseSkiplock(call);
  runningGuest(call, "qemu");
  return inTask(call, "qemu", "reset", function* (guest) {
    assertUnlocked(guest);
    yield 200;
    if (guest.process !== undefined) guest.process.since = call.cluster.now();
  });
}

/** The exit text for a guest that doesn't hear. */
const deaf = {
  qemu: "VM quit/powerdown failed - got timeout",
  lxc: "command 'lxc-stop' failed: exit code 1",
} as const;

/** Freezing containers needs CRIU, which PVE doesn't ship. */
function lxcCheckpoint(name: "suspend" | "resume"): Handler {
  return (call) => {
    if (name === "suspend") runningGuest(call, "lxc");
    const vmid = call.params.need("vmid");
    const flags = name === "suspend" ? "-s -D /var/lib/vz/dump" : "-r --foreground -D /var/lib/vz/dump";
    return inTask(call, "lxc", name, function* (_, worker) {
      yield 200;
      worker.log(
        `lxc-checkpoint: ${vmid}: ../src/lxc/criu.c: criu_version_ok: 767 No such file or directory - execing criu failed, is it installed?`,
      );
      throw failure(`command 'lxc-checkpoint -n ${vmid} ${flags}' failed: exit code 1`);
    });
  };
}

export const power = { start, stop, shutdown, reboot, reset, lxcCheckpoint };
