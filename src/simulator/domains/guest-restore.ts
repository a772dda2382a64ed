// Guests from backups: POST qemu with `archive`, POST lxc with `restore` (facts 55).
import { guestLock } from "../engine/cluster.ts";
import { denied, failure } from "../engine/error.ts";
import { guestConfig, type Values } from "../engine/guest-config.ts";
import type { Call } from "../engine/handler.ts";
import type { Backup, Guest, GuestType, Volume } from "../engine/state.ts";
import type { Work, Worker } from "../engine/worker.ts";
import { assertVolumeAccess } from "../guests/access.ts";
import { logTime } from "../guests/archive.ts";
import { settleValue } from "../guests/change.ts";
import { leadOf } from "../guests/copy.ts";
import { fileSystemLog } from "../guests/mount.ts";
import { macOf, newMac } from "../guests/network.ts";
import { isNet, isVolumeOption } from "../guests/options.ts";
import { readProperties, writeProperties } from "../guests/properties.ts";
import { assertStartable, begin } from "../guests/run.ts";
import { writeSize } from "../guests/size.ts";
import { allocate, allocationLog, findVolume, removeVolume, storageFor, volumePath } from "../guests/volumes.ts";
import { abandon, joinPool, takenBy } from "./guest-birth.ts";
import { assertOptions } from "./guest-config.ts";

interface Plan {
  type: GuestType;
  vmid: number;
  archive: Volume;
  backup: Backup;
  /** Options of the request, which win over the archive's. */
  set: Values;
}

/** VM.Allocate on the id or the pool; with force VM.Backup on the guest is enough. */
function assertMayRestore({ caller, params, cluster }: Call, vmid: number): void {
  const pool = params.text("pool");
  if (caller.can(`/vms/${vmid}`, ["VM.Allocate"])) return;
  if (pool !== undefined && caller.can(`/pool/${pool}`, ["VM.Allocate"])) return;
  if (params.flag("force") && cluster.guest(vmid) !== undefined && caller.can(`/vms/${vmid}`, ["VM.Backup"])) return;
  throw denied();
}

function archiveIn({ cluster, caller, node }: Call, volid: string): Volume & { backup: Backup } {
  assertVolumeAccess(caller, cluster, volid, { content: "backup" });
  const volume = findVolume(cluster, node, volid);
  if (volume?.backup === undefined) throw failure(`can't find archive file '${volid}'`);
  return { ...volume, backup: volume.backup };
}

export async function restoreVm(call: Call, set: Values): Promise<string> {
  const { cluster, caller, node, params } = call;
  const vmid = params.number("vmid") ?? 0;
  const storage = params.text("storage");
  if (storage !== undefined) caller.check(`/storage/${storage}`, ["Datastore.AllocateSpace"]);
  assertMayRestore(call, vmid);
  const archive = archiveIn(call, params.need("archive"));
  assertOptions(call, "qemu", vmid, set, []);
  const fail = (text: string) => failure(`unable to restore VM ${vmid} - ${text}`);
  await cluster
    .underLock(guestLock("qemu", vmid), () => {
      const there = cluster.guest(vmid);
      const same = there?.type === "qemu" && there.node === node;
      if (there !== undefined && !(same && params.flag("force"))) throw failure(takenBy(call, vmid) ?? "");
      if (there?.config.values.lock !== undefined) throw failure(`VM is locked (${there.config.values.lock})`);
    })
    .catch((problem: unknown) => {
      throw fail(problem instanceof Error ? problem.message : String(problem));
    });
  const plan: Plan = { type: "qemu", vmid, archive, backup: archive.backup, set };
  return cluster.fork(caller, node, "qmrestore", String(vmid), (worker) =>
    worker.locked(guestLock("qemu", vmid), () => restoreSteps(call, worker, plan)),
  );
}

export function restoreContainer(call: Call, set: Values): string {
  const { cluster, caller, node, params } = call;
  const vmid = params.number("vmid") ?? 0;
  assertMayRestore(call, vmid);
  const there = cluster.guest(vmid);
  const same = there?.type === "lxc" && there.node === node && params.flag("force");
  if (there !== undefined && !same) throw failure(takenBy(call, vmid) ?? "");
  if (there?.process !== undefined) throw failure("can't overwrite running container");
  if (there?.config.values.protection === "1") throw failure(`unable to restore CT ${vmid} - protection mode enabled`);
  const archive = archiveIn(call, params.need("ostemplate"));
  assertOptions(call, "lxc", vmid, set, []);
  const plan: Plan = { type: "lxc", vmid, archive, backup: archive.backup, set };
  return cluster.fork(caller, node, "vzrestore", String(vmid), (worker) =>
    worker.locked(guestLock("lxc", vmid), () => restoreSteps(call, worker, plan)),
  );
}

function* restoreSteps(call: Call, worker: Worker, plan: Plan): Work {
  const { cluster, node, params } = call;
  const { type, vmid } = plan;
  const before = cluster.guest(vmid);
  assertReplaceable(plan, before);
  const old = cluster.state.volumes.filter(
    (volume) => volume.vmid === vmid && /^(?:images|rootdir)$/.test(volume.content),
  );
  const guest: Guest = { vmid, type, node, created: cluster.now(), config: guestConfig({ lock: "create" }) };
  cluster.state.guests[String(vmid)] = guest;
  if (before === undefined) joinPool(call, params.text("pool"), vmid);
  try {
    if (type === "qemu") for (const volume of old) removeVolume(cluster, volume);
    const values = yield* type === "qemu"
      ? vmSteps(call, worker, guest, plan)
      : containerSteps(call, worker, guest, plan);
    if (type === "lxc") for (const volume of old) removeVolume(cluster, volume);
    guest.config.values = renewed(call, plan, values);
  } catch (problem) {
    abandon(call, guest);
    const text = problem instanceof Error ? problem.message : String(problem);
    throw new Error(type === "lxc" ? `unable to restore CT ${vmid} - ${text}` : text);
  }
  if (!params.flag("start")) return;
  if (type === "qemu") worker.log("Execute autostart");
  yield 800;
  assertStartable(cluster, guest);
  begin(cluster, guest);
}

function assertReplaceable({ type, vmid }: Plan, before: Guest | undefined): void {
  if (before === undefined || type === "lxc") return;
  if (before.config.values.protection === "1") throw failure(`unable to restore VM ${vmid} - protection mode enabled`);
  if (before.process !== undefined) throw failure(`unable to restore VM ${vmid} - vm is running`);
}

const unpackers: Readonly<Record<string, string>> = { zst: "zstd -q -d -c", gz: "zcat", lzo: "lzop -d -c" };

function* vmSteps(call: Call, worker: Worker, guest: Guest, plan: Plan): Generator<number, Values, void> {
  const { cluster } = call;
  const { archive, backup } = plan;
  const path = volumePath(cluster.storage(archive.storage), archive.volid);
  const unpack = unpackers[archive.format.split(".")[1] ?? ""];
  const temporary = `/var/tmp/vzdumptmp${cluster.task(worker.upid)?.pid ?? 0}`;
  const source =
    unpack === undefined
      ? `vma extract -v -r ${temporary}.fifo ${path} ${temporary}`
      : `${unpack} ${path} | vma extract -v -r ${temporary}.fifo - ${temporary}`;
  worker.log(
    `restore vma archive: ${source}`,
    `CFG: size: ${JSON.stringify(backup.values).length} name: qemu-server.conf`,
  );
  const disks = Object.entries(backup.disks);
  for (const [index, [name, disk]] of disks.entries())
    worker.log(`DEV: dev_id=${index + 1} size: ${disk.size} devname: drive-${name}`);
  worker.log(`CTIME: ${dateLine(archive.ctime)}`);
  const values: Values = { ...backup.values };
  for (const name of Object.keys(values)) if (isLost(plan, name, values[name] ?? "")) delete values[name];
  let total = 0;
  for (const [name, disk] of disks) {
    const { storage, volume } = newVolume(call, guest, disk);
    values[name] = pointedAt(guest, backup.values[name] ?? "", volume);
    worker.log(...allocationLog(storage, volume), `new volume ID is '${volume.volid}'`);
    worker.log(`map 'drive-${name}' to '${volumePath(storage, volume.volid)}' (write zeros = 0)`);
    total += disk.size;
  }
  const time = Math.min(20_000, 400 + (total / 1024 ** 3) * 150);
  for (const percent of [25, 50, 75, 100]) {
    yield time / 4;
    worker.log(
      `progress ${percent}% (read ${Math.floor((total * percent) / 100)} bytes, duration ${Math.floor((time * percent) / 100_000)} sec)`,
    );
  }
  worker.log(`total bytes read ${total}, sparse bytes ${total} (100%)`, "space reduction due to 4K zero blocks 0%");
  worker.log("rescan volumes...");
  for (const [name, text] of Object.entries(plan.set))
    values[name] = settleValue(cluster, guest, name, text, worker.log);
  return values;
}

function* containerSteps(call: Call, worker: Worker, guest: Guest, plan: Plan): Generator<number, Values, void> {
  const { cluster } = call;
  const { archive, backup, set } = plan;
  worker.log(`recovering backed-up configuration from '${archive.volid}'`);
  const values: Values = { ...backup.values };
  for (const name of Object.keys(values)) if (isLost(plan, name, values[name] ?? "")) delete values[name];
  for (const [name, disk] of Object.entries(backup.disks)) {
    if (set[name] !== undefined) continue;
    const { storage, volume } = newVolume(call, guest, disk);
    values[name] = pointedAt(guest, backup.values[name] ?? "", volume);
    worker.log(...allocationLog(storage, volume), ...fileSystemLog(cluster, volume.size));
    yield 300;
  }
  for (const [name, text] of Object.entries(set)) values[name] = settleValue(cluster, guest, name, text, worker.log);
  worker.log(`restoring '${archive.volid}' now..`);
  worker.log(`extracting archive '${volumePath(cluster.storage(archive.storage), archive.volid)}'`);
  yield 700;
  worker.log("Total bytes read: 2560000 (2.5MiB, 133MiB/s)", "merging backed-up and given configuration..");
  return values;
}

/** `Tue Nov 24 14:10:07 2026` */
function dateLine(seconds: number): string {
  const date = new Date(seconds * 1000).toUTCString().replace(",", "").split(" ");
  const [day, number, month, year, time] = date;
  return `${day} ${month} ${String(Number(number)).padStart(2)} ${time ?? logTime(seconds * 1000)} ${year}`;
}

/** A volume option whose volume isn't in the archive doesn't come back; CD-ROMs and bind mounts do. */
function isLost({ type, backup }: Plan, name: string, value: string): boolean {
  if (!isVolumeOption(type, name) || backup.disks[name] !== undefined) return false;
  return !/media=cdrom|^none|^\//.test(value);
}

function newVolume(call: Call, guest: Guest, disk: Backup["disks"][string]) {
  const { cluster, node, params } = call;
  const content = guest.type === "qemu" ? "images" : "rootdir";
  const storage = storageFor(cluster, node, params.text("storage") ?? disk.storage, content);
  const { vmid, type } = guest;
  const volume = allocate(cluster, { storage, node, vmid, type, size: disk.size, format: disk.format });
  if (disk.system === true) volume.system = true;
  return { storage, volume };
}

function pointedAt(guest: Guest, value: string, volume: Volume): string {
  const lead = leadOf(guest);
  return writeProperties({ ...readProperties(value, lead), [lead]: volume.volid, size: writeSize(volume.size) }, lead);
}

/** A VM's generation is new; with `unique` so are the MAC addresses. */
function renewed({ cluster, params }: Call, { type }: Plan, values: Values): Values {
  const fresh = { ...values };
  if (type === "qemu" && fresh.vmgenid !== undefined) fresh.vmgenid = cluster.random.uuid();
  if (!params.flag("unique")) return fresh;
  for (const [name, value] of Object.entries(fresh)) {
    const mac = isNet(name) ? macOf(value) : undefined;
    if (mac !== undefined) fresh[name] = value.replace(mac, newMac(cluster));
  }
  return fresh;
}
