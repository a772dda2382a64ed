// Clones and templates of guests (facts 28, 30, 42).

import { guestLock, missingConfig } from "../engine/cluster.ts";
import { failure } from "../engine/error.ts";
import type { Values } from "../engine/guest-config.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";
import type { Guest, GuestType } from "../engine/state.ts";
import type { Work, Worker } from "../engine/worker.ts";
import {
  type CopyTarget,
  copyTime,
  disksOf,
  fullCopy,
  leadOf,
  linkedCopy,
  onSharedStorage,
  toBase,
} from "../guests/copy.ts";
import { assertUnlocked } from "../guests/lock.ts";
import { macOf, newMac } from "../guests/network.ts";
import { isNet, isUnused } from "../guests/options.ts";
import { abandon, making, reserve, takenBy } from "./guest-birth.ts";
import { guestOf } from "./guest-config.ts";

interface Plan {
  source: Guest;
  values: Values;
  newid: number;
  target: CopyTarget;
  full: boolean;
}

/** A clone doesn't wait long for its source, ms. */
const shortWait = 1000;

function clone(type: GuestType): Handler {
  return (call) => {
    const plan = prepare(call, type);
    const { cluster, caller, node } = call;
    const { source, target } = plan;
    const description = type === "qemu" ? { description: " qmclone temporary file" } : {};
    const lock = type === "qemu" ? "clone" : "create";
    const guest = reserve(call, type, plan.newid, target.node, { lock, ...description });
    return cluster.fork(caller, node, type === "qemu" ? "qmclone" : "vzclone", String(source.vmid), (worker) =>
      making(call, guest, () =>
        worker.locked(guestLock(type, plan.newid), () =>
          worker.locked(guestLock(type, source.vmid), () => cloneSteps(call, worker, plan, guest), shortWait),
        ),
      ),
    );
  };
}

/** Everything that PVE refuses before it forks. */
function prepare(call: Call, type: GuestType): Plan {
  const { cluster, params, node } = call;
  const id = params.number("vmid") ?? 0;
  if (type === "qemu" && cluster.guest(id)?.node !== node) throw missingConfig(node, id);
  const source = guestOf(call, type);
  const newid = params.number("newid") ?? 0;
  const isTemplate = source.config.values.template === "1";
  const snapname = params.text("snapname");
  const full = params.has("full") ? params.flag("full") : !isTemplate;
  const storage = params.text("storage");
  if (storage !== undefined) cluster.storage(storage);
  assertUnlocked(source);
  if (type === "lxc" && cluster.guest(newid) !== undefined) throw failure(taken(call, type, newid));
  const snapshot = snapname === undefined ? undefined : source.config.snapshots[snapname];
  if (snapname !== undefined && snapshot === undefined) throw failure(`snapshot '${snapname}' does not exist`);
  if (cluster.guest(newid) !== undefined) throw failure(taken(call, type, newid));
  if (type === "lxc" && full && snapname === undefined && source.process !== undefined) {
    throw failure("Full clone of a running container is only possible from a snapshot");
  }
  const values = snapshot ?? source.config.values;
  const to = params.text("target") ?? node;
  const disks = disksOf(cluster, source, values);
  if (cluster.state.nodes[to] === undefined) throw failure(`no such cluster node '${to}'`);
  if (to !== node && !disks.every((disk) => onSharedStorage(cluster, disk.volume))) {
    throw failure(
      `can't clone ${type === "qemu" ? "VM" : "CT"} to node '${to}' (${type === "qemu" ? "VM" : "CT"} uses local storage)`,
    );
  }
  const linked = disks.find((disk) => !disk.volume.volid.includes("base-"));
  if (!full && linked !== undefined) throw failure(notLinkable(type, linked.volume.volid, linked.name, snapname));
  const target: CopyTarget = {
    vmid: newid,
    node: to,
    type,
    ...(storage === undefined ? {} : { storage }),
    ...(params.text("format") === undefined ? {} : { format: params.need("format") }),
  };
  return { source, values, newid, target, full };
}

function taken(call: Call, type: GuestType, newid: number): string {
  return type === "qemu" ? `unable to create VM ${newid}: config file already exists` : (takenBy(call, newid) ?? "");
}

function notLinkable(type: GuestType, volid: string, name: string, snapname: string | undefined): string {
  if (type === "lxc") return `Linked clone feature for '${volid}' is not available`;
  const of = snapname === undefined ? "" : "a snapshot of ";
  return `Linked clone feature is not supported for ${of}'${volid}' (${name})`;
}

function* cloneSteps(call: Call, worker: Worker, plan: Plan, guest: Guest): Work {
  const { cluster } = call;
  const { source, newid, target } = plan;
  const what = source.type === "qemu" ? "VM" : "container";
  worker.log(`creating a clone of ${what} ${source.vmid} with ID ${newid}`);
  try {
    const values = newIdentity(call, plan);
    for (const disk of disksOf(cluster, source, plan.values)) {
      if (source.process?.half?.includes(disk.name) === true)
        throw failure(`no block node found for drive 'drive-${disk.name}'`);
      const copy = plan.full ? fullCopy(cluster, disk, target) : linkedCopy(cluster, disk, target);
      worker.log(...copy.log);
      yield plan.full ? copyTime(disk.volume) : 300;
      values[disk.name] = copy.value;
    }
    yield 200;
    guest.config.values = values;
  } catch (problem) {
    abandon(call, guest);
    throw new Error(`clone failed: ${problem instanceof Error ? problem.message : String(problem)}`);
  }
}

const dropped =
  /^(?:snaptime|parent|vmstate|snapstate|template|lock|protection|description|runningmachine|runningcpu)$/;

/** The copy's config: another name, MACs, UUIDs; no snapshots, nothing unused. */
function newIdentity({ cluster, params }: Call, { source, values, newid }: Plan): Values {
  const fresh: Values = {};
  for (const [name, value] of Object.entries(values)) {
    if (dropped.test(name) || isUnused(name)) continue;
    const mac = isNet(name) ? macOf(value) : undefined;
    fresh[name] = mac === undefined ? value : value.replace(mac, newMac(cluster));
  }
  const description = params.text("description") ?? source.config.values.description;
  if (description !== undefined) fresh.description = description;
  if (source.type === "lxc") {
    fresh.hostname = params.text("hostname") ?? values.hostname ?? `CT${newid}`;
    return fresh;
  }
  fresh.name = params.text("name") ?? `Copy-of-VM-${values.name ?? source.vmid}`;
  fresh.smbios1 = (values.smbios1 ?? "").replace(/uuid=[0-9a-f-]+/, `uuid=${cluster.random.uuid()}`);
  fresh.vmgenid = cluster.random.uuid();
  return fresh;
}

function template(type: GuestType): Handler {
  return (call) => {
    const { cluster, caller, node } = call;
    const guest = guestOf(call, type);
    const word = type === "qemu" ? "VM" : "CT";
    assertUnlocked(guest);
    if (Object.keys(guest.config.snapshots).length > 0)
      throw failure(`unable to create template, because ${word} contains snapshots`);
    if (guest.config.values.template === "1") throw failure("you can't convert a template to a template");
    if (guest.process !== undefined) throw failure(`you can't convert a ${word} to template if ${word} is running`);
    const upid = cluster.fork(
      caller,
      node,
      type === "qemu" ? "qmtemplate" : "vztemplate",
      String(guest.vmid),
      (worker) =>
        worker.locked(guestLock(type, guest.vmid), function* () {
          yield 500;
          for (const disk of disksOf(cluster, guest, guest.config.values)) {
            guest.config.values[disk.name] = toBase(disk, leadOf(guest));
          }
          guest.config.values.template = "1";
        }),
    );
    return type === "qemu" ? upid : null;
  };
}

export const guestClone: Handlers = {
  "POST /nodes/{node}/qemu/{vmid}/clone": clone("qemu"),
  "POST /nodes/{node}/lxc/{vmid}/clone": clone("lxc"),
  "POST /nodes/{node}/qemu/{vmid}/template": template("qemu"),
  "POST /nodes/{node}/lxc/{vmid}/template": template("lxc"),
};
