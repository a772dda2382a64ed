// What a backup task does: the node's lock, guest by guest, notes, retention, the lines that PVE logs.
import { failure } from "../engine/error.ts";
import type { Call } from "../engine/handler.ts";
import type { Guest, Storage, Volume } from "../engine/state.ts";
import { Interrupted, unexpectedEnd, type Work, type Worker } from "../engine/worker.ts";
import { archiveName, backupOf, isIncluded, logTime, mountPath } from "../guests/archive.ts";
import { canSnapshot, disksOf } from "../guests/copy.ts";
import { guestName } from "../guests/figures.ts";
import { assertUnlocked } from "../guests/lock.ts";
import { gibibyte, kibibyte, mebibyte } from "../guests/size.ts";
import { contents, isOnNode, volumePath } from "../guests/volumes.ts";
import { finish, prune } from "./vzdump-archive.ts";
import { notified } from "./vzdump-mail.ts";

const interrupted = "interrupted by signal";
/** How often the node's lock is looked at while another backup has it, ms. */
const lockStep = 1000;

/** The command line that the log begins with. */
function commandLine({ params, node }: Call): string {
  const quoted = (value: string) => (/^[\w.,:=@/-]+$/.test(value) ? value : `'${value}'`);
  const given = Object.entries(params.rest("node", "vmid")).map(([name, value]) => `--${name} ${quoted(value)}`);
  return ["vzdump", ...params.list("vmid"), ...given, `--node ${node}`].join(" ");
}

/** The job of one task: one backup at a time on a node. */
export function* backupJob(call: Call, worker: Worker, here: number[], elsewhere: number[]): Work {
  const { cluster, node, params } = call;
  const storage = backupStorage(call);
  const lock = `${node}:/var/run/vzdump.lock`;
  let release = cluster.workers.tryLock(lock);
  try {
    if (release === undefined) worker.log("INFO: trying to get global lock - waiting...");
    while (release === undefined) {
      yield lockStep;
      release = cluster.workers.tryLock(lock);
      if (release !== undefined) worker.log("INFO: got global lock");
    }
  } catch (problem) {
    if (!(problem instanceof Interrupted)) throw problem;
    worker.log(`ERROR: can't acquire lock '/var/run/vzdump.lock' - ${interrupted}`, ...notified(call, false));
    throw unexpectedEnd();
  }
  try {
    for (const vmid of here) if (!params.flag("all")) call.caller.check(`/vms/${vmid}`, ["VM.Backup"]);
    worker.log(`INFO: starting new backup job: ${commandLine(call)}`);
    if (elsewhere.length > 0) worker.log(`INFO: skip external VMs: ${elsewhere.join(", ")}`);
    let failed = 0;
    for (const vmid of here) {
      if (params.flag("all") && !call.caller.can(`/vms/${vmid}`, ["VM.Backup"])) continue;
      failed += (yield* backupGuest(call, worker, vmid, storage)) ? 0 : 1;
    }
    worker.log(`INFO: Backup job finished ${failed === 0 ? "successfully" : "with errors"}`);
    worker.log(...notified(call, failed === 0));
    if (failed > 0) throw failure("job errors");
  } catch (problem) {
    if (problem instanceof Interrupted) {
      worker.log(`ERROR: Backup job failed - ${interrupted}`, ...notified(call, false));
      throw new Error(interrupted);
    }
    throw problem;
  } finally {
    release();
  }
}

function backupStorage({ cluster, node, params }: Call): Storage {
  const id = params.text("storage") ?? "local";
  const why = (text: string) => failure(`could not get storage information for '${id}': ${text}`);
  const storage = cluster.state.storages[id];
  if (storage === undefined) throw why(`storage '${id}' does not exist`);
  if (!contents(storage).includes("backup")) throw why(`can't use storage '${id}' for backups - wrong content type`);
  if (!isOnNode(storage, node)) throw why(`storage '${id}' is not available on node '${node}'`);
  if (storage.options.disable === "1") throw why(`storage '${id}' is disabled`);
  return storage;
}

const lasted = (ms: number) => new Date(ms).toISOString().slice(11, 19);

/** One guest; what goes wrong with it is told and counted, the job goes on. @returns whether it went well */
function* backupGuest(call: Call, worker: Worker, vmid: number, storage: Storage): Generator<number, boolean, void> {
  const { cluster } = call;
  const started = cluster.now();
  const guest = cluster.guest(vmid);
  try {
    if (guest === undefined) throw failure(`unable to find VM '${vmid}'`);
    worker.log(`INFO: Starting Backup of VM ${vmid} (${guest.type})`, `INFO: Backup started at ${logTime(started)}`);
    worker.log(`INFO: status = ${guest.process === undefined ? "stopped" : "running"}`);
    assertUnlocked(guest);
    const archive = yield* underBackupLock(guest, call, worker, storage);
    prune(call, worker, storage, archive);
    worker.log(`INFO: Finished Backup of VM ${vmid} (${lasted(cluster.now() - started)})`);
    worker.log(`INFO: Backup finished at ${logTime(cluster.now())}`);
    return true;
  } catch (problem) {
    const stopped = problem instanceof Interrupted;
    const text = stopped ? interrupted : problem instanceof Error ? problem.message.trimEnd() : String(problem);
    if (stopped) {
      worker.log(`ERROR: ${text}`, "INFO: aborting backup job");
      if (guest?.process !== undefined && guest.type === "qemu") worker.log("INFO: resuming VM again");
    }
    worker.log(`ERROR: Backup of VM ${vmid} failed - ${text}`, `INFO: Failed at ${logTime(cluster.now())}`);
    if (stopped) throw problem;
    return false;
  }
}

function* underBackupLock(guest: Guest, call: Call, worker: Worker, storage: Storage): Generator<number, Volume, void> {
  guest.config.values.lock = "backup";
  try {
    return yield* guest.type === "qemu"
      ? backupVm(call, worker, guest, storage)
      : backupContainer(call, worker, guest, storage);
  } finally {
    delete guest.config.values.lock;
  }
}

function* backupVm(call: Call, worker: Worker, guest: Guest, storage: Storage): Generator<number, Volume, void> {
  const { cluster, params } = call;
  const asked = params.text("mode") ?? "snapshot";
  const running = guest.process !== undefined;
  const mode = running ? asked : "stop";
  const disks = disksOf(cluster, guest, guest.config.values);
  const name = `INFO: VM Name: ${guestName(guest)}`;
  const included = disks.map(({ name: option, properties, volume }) =>
    isIncluded("qemu", option, properties.backup)
      ? `INFO: include disk '${option}' '${volume.volid}' ${volume.size / gibibyte}G`
      : `INFO: exclude disk '${option}' '${volume.volid}' (backup=no)`,
  );
  const bandwidth = params.has("bwlimit") ? [`INFO: bandwidth limit: ${params.text("bwlimit")} KiB/s`] : [];
  const how = [`INFO: backup mode: ${mode}`, ...bandwidth, "INFO: ionice priority: 7"];
  worker.log(...(mode === "stop" ? [...how, name, ...included] : [name, ...included, ...how]));
  if (Object.keys(guest.config.snapshots).length > 0) worker.log("INFO: snapshots found (not included into backup)");
  const { volid, format } = archiveName(storage, guest, cluster.now(), params.text("compress"));
  worker.log(`INFO: creating vzdump archive '${volumePath(storage, volid)}'`);
  const held = backupOf(cluster, guest);
  const bytes = Object.values(held.disks).reduce((sum, disk) => sum + disk.size, 0);
  if (mode === "stop") {
    if (running) worker.log("INFO: stopping vm");
    worker.log("INFO: starting kvm to execute backup task");
    yield 1000;
  } else freeze(worker, guest, true);
  worker.log("INFO: starting backup via QMP command");
  if (mode !== "stop") freeze(worker, guest, false);
  worker.log(`INFO: started backup task '${cluster.random.uuid()}'`);
  if (running) worker.log("INFO: resuming VM again");
  yield* transfer(call, worker, bytes);
  if (mode === "stop" && !running) {
    worker.log("INFO: stopping kvm after backup task");
    yield 1000;
  }
  return finish(call, worker, guest, { storage, volid, format, held, bytes });
}

/** A VM with an agent is frozen for the moment of the start; the others are not. */
function freeze(worker: Worker, guest: Guest, on: boolean): void {
  const { agent } = guest.config.values;
  const has = agent !== undefined && /^(?:enabled=)?1/.test(agent) && !agent.includes("freeze-fs-on-backup=0");
  if (has) worker.log(`INFO: issuing guest-agent '${on ? "fs-freeze" : "fs-thaw"}' command`);
  else if (on) worker.log("INFO: skipping guest filesystem freeze - disabled in VM options");
}

const shown = (bytes: number) =>
  bytes >= gibibyte ? `${(bytes / gibibyte).toFixed(1)} GiB` : `${(bytes / mebibyte).toFixed(1)} MiB`;

/** The copying, as quick as the bandwidth limit lets it be, in at most a dozen steps. */
function* transfer({ params }: Call, worker: Worker, bytes: number): Work {
  const limit = (params.number("bwlimit") ?? 0) * kibibyte;
  const time = Math.max(300, (bytes / (limit > 0 ? limit : 2.5 * gibibyte)) * 1000);
  const steps = Math.min(12, Math.max(1, Math.round(time / 3000)));
  const speed = `read: ${(bytes / mebibyte / (time / 1000)).toFixed(1)} MiB/s, write: 0 B/s`;
  for (let step = 1; step <= steps; step += 1) {
    yield time / steps;
    const percent = String(Math.floor((step / steps) * 100)).padStart(3);
    const seconds = Math.max(1, Math.round((time * step) / steps / 1000));
    worker.log(`INFO: ${percent}% (${shown((bytes * step) / steps)} of ${shown(bytes)}) in ${seconds}s, ${speed}`);
  }
  const seconds = Math.round(time / 1000);
  worker.log(`INFO: transferred ${(bytes / gibibyte).toFixed(2)} GiB in ${seconds < 1 ? "<1" : seconds} seconds`);
}

function* backupContainer(call: Call, worker: Worker, guest: Guest, storage: Storage): Generator<number, Volume, void> {
  const { cluster, params } = call;
  const running = guest.process !== undefined;
  const disks = disksOf(cluster, guest, guest.config.values);
  const points = disks.flatMap(({ name, properties }) => {
    const path = mountPath(name, guest.config.values[name] ?? "");
    if (isIncluded("lxc", name, properties.backup))
      return [`INFO: including mount point ${name} ('${path}') in backup`];
    return [`INFO: excluding volume mount point ${name} ('${path}') from backup (disabled)`];
  });
  const named = [`INFO: CT Name: ${guestName(guest)}`, ...points];
  let mode = running ? (params.text("mode") ?? "snapshot") : "stop";
  if (mode === "snapshot" && !disks.every((disk) => canSnapshot(cluster, disk.volume))) {
    worker.log(...named, "INFO: mode failure - some volumes do not support snapshots");
    worker.log("INFO: trying 'suspend' mode instead");
    mode = "suspend";
  }
  worker.log(`INFO: backup mode: ${mode}`, "INFO: ionice priority: 7", ...named);
  yield* quiesce(worker, guest, mode);
  if (mode === "snapshot") worker.log("INFO: create storage snapshot 'vzdump'");
  const { volid, format } = archiveName(storage, guest, cluster.now(), params.text("compress"));
  worker.log(`INFO: creating vzdump archive '${volumePath(storage, volid)}'`);
  const held = backupOf(cluster, guest);
  yield 800;
  worker.log("INFO: Total bytes written: 2560000 (2.5MiB, 204MiB/s)");
  const bytes = Object.values(held.disks).reduce((sum, disk) => sum + disk.size, 0);
  const archive = finish(call, worker, guest, { storage, volid, format, held, bytes });
  if (mode === "stop" && running) {
    worker.log("INFO: restarting vm");
    yield 3000;
    worker.log("INFO: guest is online again after 5 seconds");
  }
  if (mode === "snapshot") worker.log("INFO: cleanup temporary 'vzdump' snapshot");
  return archive;
}

function* quiesce(worker: Worker, guest: Guest, mode: string): Work {
  const { process, vmid } = guest;
  if (process === undefined) return;
  if (mode === "stop") {
    worker.log("INFO: stopping virtual guest");
    yield 1500;
    return;
  }
  if (mode !== "suspend") return;
  const sync = `/proc/${process.pid}/root/ to /var/tmp/vzdumptmp${process.pid}_${vmid}`;
  worker.log(`INFO: starting first sync ${sync}`);
  yield 300;
  worker.log("INFO: first sync finished - transferred 2.03M bytes in 0s", "INFO: suspending guest");
  worker.log(`INFO: starting final sync ${sync}`);
  yield 200;
  worker.log("INFO: final sync finished - transferred 0 bytes in 0s", "INFO: resuming guest");
  worker.log("INFO: guest is online again after <1 seconds");
}
