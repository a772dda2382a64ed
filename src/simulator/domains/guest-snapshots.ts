// Snapshots of guests: the list with its pseudo entry, taking, removing, going back (facts 26, 28, 42, 56, 57).

import { guestLock } from "../engine/cluster.ts";
import { failure } from "../engine/error.ts";
import { configDigest, type Values } from "../engine/guest-config.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";
import type { Guest, GuestType } from "../engine/state.ts";
import type { Work, Worker } from "../engine/worker.ts";
import { canSnapshot, disksOf } from "../guests/copy.ts";
import { assertUnlocked } from "../guests/lock.ts";
import { begin, end } from "../guests/run.ts";
import { stateSize } from "../guests/state-file.ts";
import { addUnused, allocate, allocationLog, findVolume, isOwn, removeVolume } from "../guests/volumes.ts";
import { guestOf } from "./guest-config.ts";
import { configView } from "./guest-view.ts";

const prefix = (type: GuestType) => (type === "qemu" ? "qm" : "vz");

/** How long the clean-up after a VM's old process takes when a new one took its place, ms. */
const cleanupTime = 33_000;

/** What belongs to the snapshot or to the guest as it is, not to both. */
const notCopied = new Set(["description", "lock", "parent", "snaptime", "vmstate", "snapstate", "template"]);

function copied(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !notCopied.has(name)));
}

function named(guest: Guest, name: string): Values {
  const values = guest.config.snapshots[name];
  if (values === undefined) throw failure(`snapshot '${name}' does not exist`);
  return values;
}

function list(type: GuestType): Handler {
  return (call) => {
    const guest = guestOf(call, type);
    const rows = Object.entries(guest.config.snapshots).map(([name, values]) => ({
      description: values.description ?? "",
      name,
      ...(values.parent === undefined ? {} : { parent: values.parent }),
      ...(values.snapstate === undefined ? {} : { snapstate: values.snapstate }),
      snaptime: Number(values.snaptime),
      ...(type === "qemu" ? { vmstate: values.vmstate === undefined ? 0 : 1 } : {}),
    }));
    const { parent } = guest.config.values;
    const running = guest.process === undefined ? 0 : 1;
    const here = { description: "You are here!", digest: configDigest(guest.config), name: "current", running };
    return [...rows, parent === undefined ? here : { ...here, parent }];
  };
}

/** Forks a task that works on the guest under its lock. */
function inTask(call: Call, type: GuestType, name: string, steps: (guest: Guest, worker: Worker) => Work): string {
  const { cluster, caller, node, params } = call;
  const vmid = params.number("vmid") ?? 0;
  return cluster.fork(caller, node, `${prefix(type)}${name}`, String(vmid), (worker) =>
    worker.locked(guestLock(type, vmid), () => steps(cluster.guestOn(node, type, vmid), worker)),
  );
}

function take(type: GuestType): Handler {
  return (call) => {
    const name = call.params.need("snapname");
    if (name === "current" || name === "pending")
      throw failure(`unable to use snapshot name '${name}' (reserved name)`);
    return inTask(call, type, "snapshot", (guest, worker) => takeSteps(call, guest, worker, name));
  };
}

function* takeSteps(call: Call, guest: Guest, worker: Worker, name: string): Work {
  const { cluster, params } = call;
  const { config } = guest;
  assertUnlocked(guest);
  if (config.values.template === "1") throw failure("you can't take a snapshot if it's a template");
  if (config.snapshots[name] !== undefined) throw failure(`snapshot name '${name}' already used`);
  const disks = disksOf(cluster, guest, config.values);
  if (!disks.every((disk) => canSnapshot(cluster, disk.volume))) throw failure("snapshot feature is not available");
  const { parent } = config.values;
  const text = params.text("description");
  const description = text === undefined ? undefined : guest.type === "lxc" ? `${text.trimEnd()}\n` : text;
  const values: Values = {
    ...copied(config.values),
    snaptime: String(cluster.seconds()),
    snapstate: "prepare",
    ...(description === undefined ? {} : { description }),
    ...(parent === undefined ? {} : { parent }),
  };
  config.snapshots[name] = values;
  config.values.lock = "snapshot";
  try {
    if (guest.type === "qemu" && params.flag("vmstate") && guest.process !== undefined) {
      values.vmstate = saveState(call, guest, worker, name);
      yield 1500;
    }
    for (const disk of disks) {
      if (guest.type === "qemu") worker.log(`snapshotting 'drive-${disk.name}' (${disk.volume.volid})`);
      yield 300;
    }
    delete values.snapstate;
    config.values.parent = name;
  } catch (problem) {
    delete config.snapshots[name];
    throw problem;
  } finally {
    delete config.values.lock;
  }
}

/** The VM's memory goes to a volume beside its first disk. */
function saveState({ cluster, node }: Call, guest: Guest, worker: Worker, name: string): string {
  const first = disksOf(cluster, guest, guest.config.values)[0]?.volume.storage ?? "local";
  const storage = cluster.storage(first);
  const size = stateSize(guest);
  const volume = allocate(cluster, { storage, node, vmid: guest.vmid, type: "qemu", size, name: `state-${name}` });
  worker.log(...allocationLog(storage, volume), `saving VM state and RAM using storage '${first}'`);
  worker.log("completed saving the VM state in 1s, saved 512.00 MiB");
  return volume.volid;
}

function remove(type: GuestType): Handler {
  return (call) =>
    inTask(call, type, "delsnapshot", function* (guest) {
      const name = call.params.need("snapname");
      assertUnlocked(guest);
      const values = named(guest, name);
      yield 500;
      const state = values.vmstate === undefined ? undefined : findVolume(call.cluster, call.node, values.vmstate);
      if (state !== undefined) removeVolume(call.cluster, state);
      delete guest.config.snapshots[name];
      for (const other of [guest.config.values, ...Object.values(guest.config.snapshots)]) {
        if (other.parent !== name) continue;
        if (values.parent === undefined) delete other.parent;
        else other.parent = values.parent;
      }
    });
}

function rollback(type: GuestType): Handler {
  return (call) =>
    inTask(call, type, "rollback", function* (guest) {
      const { cluster } = call;
      const name = call.params.need("snapname");
      const values = named(guest, name);
      assertUnlocked(guest);
      yield 300;
      if (guest.process !== undefined) end(cluster, guest);
      yield 700;
      const { description } = guest.config.values;
      const before = Object.values(guest.config.values).map((text) => text.split(",")[0] ?? "");
      guest.config.values = { ...copied(values), ...(description === undefined ? {} : { description }), parent: name };
      if (type === "qemu") guest.config.values.vmgenid = cluster.random.uuid();
      guest.config.pending = {};
      guest.config.pendingDelete = {};
      keepUnused(call, guest, before);
      if (values.vmstate !== undefined || call.params.flag("start")) {
        yield 700;
        begin(cluster, guest);
      }
      // PVE: what cleans up after the old process has the VM's lock (facts 56)
      if (values.vmstate !== undefined) cluster.workers.hold(guestLock(type, guest.vmid), cleanupTime);
    });
}

/** Volumes that came after the snapshot stay, as unused ones. */
function keepUnused({ cluster, node }: Call, guest: Guest, before: readonly string[]): void {
  const named = new Set(Object.values(guest.config.values).map((text) => text.split(",")[0] ?? ""));
  for (const volid of before) {
    const volume = named.has(volid) ? undefined : findVolume(cluster, node, volid);
    if (volume !== undefined && isOwn(guest, volume)) addUnused(guest, volid);
  }
}

function readConfig(type: GuestType): Handler {
  return (call) => {
    const guest = guestOf(call, type);
    const { digest: _, ...rest } = configView(guest, named(guest, call.params.need("snapname")));
    return rest;
  };
}

function updateConfig(type: GuestType): Handler {
  return (call) => {
    const guest = guestOf(call, type);
    assertUnlocked(guest);
    const values = named(guest, call.params.need("snapname"));
    const text = call.params.text("description");
    if (text !== undefined) values.description = type === "lxc" ? `${text.trimEnd()}\n` : text;
    return null;
  };
}

const places = [{ cmd: "rollback" }, { cmd: "config" }];

export const guestSnapshots: Handlers = {
  "GET /nodes/{node}/qemu/{vmid}/snapshot": list("qemu"),
  "POST /nodes/{node}/qemu/{vmid}/snapshot": take("qemu"),
  "GET /nodes/{node}/qemu/{vmid}/snapshot/{snapname}": () => places,
  "DELETE /nodes/{node}/qemu/{vmid}/snapshot/{snapname}": remove("qemu"),
  "GET /nodes/{node}/qemu/{vmid}/snapshot/{snapname}/config": readConfig("qemu"),
  "PUT /nodes/{node}/qemu/{vmid}/snapshot/{snapname}/config": updateConfig("qemu"),
  "POST /nodes/{node}/qemu/{vmid}/snapshot/{snapname}/rollback": rollback("qemu"),
  "GET /nodes/{node}/lxc/{vmid}/snapshot": list("lxc"),
  "POST /nodes/{node}/lxc/{vmid}/snapshot": take("lxc"),
  "GET /nodes/{node}/lxc/{vmid}/snapshot/{snapname}": () => places,
  "DELETE /nodes/{node}/lxc/{vmid}/snapshot/{snapname}": remove("lxc"),
  "GET /nodes/{node}/lxc/{vmid}/snapshot/{snapname}/config": readConfig("lxc"),
  "PUT /nodes/{node}/lxc/{vmid}/snapshot/{snapname}/config": updateConfig("lxc"),
  "POST /nodes/{node}/lxc/{vmid}/snapshot/{snapname}/rollback": rollback("lxc"),
};
