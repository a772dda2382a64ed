// Changes of a guest's config: settled values, pending ones, detached disks, deletions, reverts (facts 15, 17, 40).
import type { Cluster } from "../engine/cluster.ts";
import { failure, invalid } from "../engine/error.ts";
import { futureValues, type Values } from "../engine/guest-config.ts";
import type { Guest, GuestType } from "../engine/state.ts";
import { sortedTags } from "./boot.ts";
import { isCdrom, type Log, settleDrive } from "./drive.ts";
import { settleMount } from "./mount.ts";
import { bridgeOf, hasBridge, settleLxcNet, settleQemuNet } from "./network.ts";
import { appliesAtOnce, isNet, isUnused, isVolumeOption } from "./options.ts";
import { readProperties } from "./properties.ts";
import { addUnused, findVolume, isInSnapshot, removeVolume } from "./volumes.ts";

export interface Change {
  set: Values;
  remove: string[];
  revert: string[];
  /** Unused disks are destroyed at once where they are detached. */
  force: boolean;
}

/** The value as PVE stores it; makes volumes. */
export function settleValue(cluster: Cluster, guest: Guest, name: string, text: string, log: Log): string {
  if (isVolumeOption(guest.type, name)) {
    return guest.type === "qemu"
      ? settleDrive(cluster, guest, name, text, log)
      : settleMount(cluster, guest, text, log);
  }
  if (isNet(name)) return guest.type === "qemu" ? settleQemuNet(cluster, text) : settleLxcNet(cluster, text);
  if (name === "tags") return sortedTags(text);
  if (guest.type === "lxc" && name === "description" && text !== "") return text.endsWith("\n") ? text : `${text}\n`;
  return text;
}

/** The last of the disks that a running VM without a system is to give up: nothing inside lets go of its controller. */
export function busyDisk(guest: Guest, remove: readonly string[]): string | undefined {
  if (guest.type !== "qemu" || guest.process === undefined || guest.process.system) return undefined;
  if (guest.config.values.scsihw !== "virtio-scsi-single") return undefined;
  const { values } = guest.config;
  const plugs = appliesAtOnce(guest.type, "scsi0", values.hotplug ?? "network,disk,usb");
  return remove.filter((name) => plugs && /^scsi\d+$/.test(name) && values[name] !== undefined).pop();
}

function failUnplug(guest: Guest, name: string): never {
  if (guest.process !== undefined) guest.process.half = [...(guest.process.half ?? []), name];
  const text = `error on hot-unplugging device 'virtio${name}' - still busy in guest?\n`;
  throw invalid({ [name]: `hotplug problem - ${text}` });
}

/** Carries a change out. Texts that PVE checks before the work are in `assertChange`. */
export function applyChange(cluster: Cluster, guest: Guest, change: Change, log: Log): void {
  const { config } = guest;
  const busyInGuest = busyDisk(guest, change.remove);
  for (const name of change.revert) {
    delete config.pending[name];
    delete config.pendingDelete[name];
  }
  for (const name of change.remove) {
    if (name === busyInGuest) config.pendingDelete[name] = change.force;
    else removeOption(cluster, guest, name, change.force);
  }
  if (busyInGuest !== undefined) failUnplug(guest, busyInGuest);
  for (const [name, text] of Object.entries(change.set)) {
    if (text === "" && (name === "description" || name === "tags" || name === "name"))
      removeOption(cluster, guest, name, false);
    else {
      assertPluggable(cluster, guest, name, text);
      setOption(cluster, guest, name, settleValue(cluster, guest, name, text, log));
    }
  }
}

/** A NIC that is plugged into a running guest needs its bridge at once. */
function assertPluggable(cluster: Cluster, guest: Guest, name: string, text: string): void {
  const bridge = isNet(name) && guest.process !== undefined ? bridgeOf(text) : undefined;
  if (bridge === undefined || hasBridge(cluster, guest.node, bridge)) return;
  const missing = `bridge '${bridge}' does not exist\n`;
  throw invalid({
    [name]: guest.type === "lxc" ? `unable to hotplug ${name}: ${missing}` : `hotplug problem - ${missing}`,
  });
}

function volumeOf(guest: Guest, text: string): string {
  const lead = guest.type === "qemu" ? "file" : "volume";
  return readProperties(text, lead)[lead] ?? "";
}

function setOption(cluster: Cluster, guest: Guest, name: string, value: string): void {
  const { config } = guest;
  const before = config.values[name];
  if (isVolumeOption(guest.type, name)) {
    forgetUnused(guest, volumeOf(guest, value));
    const replaced = before !== undefined && volumeOf(guest, before) !== volumeOf(guest, value);
    if (replaced && !isCdrom(before)) detach(cluster, guest, before);
  }
  delete config.pendingDelete[name];
  if (
    guest.process === undefined ||
    appliesAtOnce(guest.type, name, config.values.hotplug ?? "network,disk,usb") ||
    mediumOnly(before, value)
  ) {
    config.values[name] = value;
    delete config.pending[name];
  } else if (before === value) delete config.pending[name];
  else config.pending[name] = value;
}

/** The medium of a CD-ROM drive can be changed while the VM runs. */
function mediumOnly(before: string | undefined, after: string): boolean {
  return before !== undefined && isCdrom(before) && isCdrom(after);
}

function removeOption(cluster: Cluster, guest: Guest, name: string, force: boolean): void {
  const { config } = guest;
  const value = config.values[name];
  if (value === undefined) {
    delete config.pending[name];
    return;
  }
  const hotplug = config.values.hotplug ?? "network,disk,usb";
  // a running container is given mount points, but keeps those that it has
  const held = guest.type === "lxc" && /^mp\d+$/.test(name);
  if (guest.process !== undefined && (held || !appliesAtOnce(guest.type, name, hotplug))) {
    delete config.pending[name];
    config.pendingDelete[name] = force;
    return;
  }
  const volid = volumeOf(guest, value);
  const destroys = isUnused(name) || (force && isVolumeOption(guest.type, name));
  if (destroys && isInSnapshot(guest, volid))
    throw failure(`unable to delete '${volid}' - volume is still in use (snapshot?)`);
  delete config.values[name];
  delete config.pending[name];
  if (isUnused(name)) destroy(cluster, guest, value);
  else if (isVolumeOption(guest.type, name)) {
    if (force) destroy(cluster, guest, value);
    else detach(cluster, guest, value);
  }
  if (guest.type === "qemu") dropFromBoot(guest, name);
}

function dropFromBoot(guest: Guest, name: string): void {
  const { boot } = guest.config.values;
  if (boot === undefined || !boot.startsWith("order=")) return;
  const order = boot.slice(6).split(";");
  if (order.includes(name)) guest.config.values.boot = `order=${order.filter((entry) => entry !== name).join(";")}`;
}

/** A volume that leaves its place becomes `unusedN`; a CD-ROM's medium or a bind mount just goes (facts 40). */
function detach(cluster: Cluster, guest: Guest, value: string): void {
  const volid = volumeOf(guest, value);
  if (isCdrom(value) || findVolume(cluster, guest.node, volid) === undefined) return;
  if (value.includes("cloudinit")) {
    destroy(cluster, guest, value);
    return;
  }
  addUnused(guest, volid);
}

function forgetUnused(guest: Guest, volid: string): void {
  for (const [name, value] of Object.entries(guest.config.values)) {
    if (isUnused(name) && value === volid) delete guest.config.values[name];
  }
}

function destroy(cluster: Cluster, guest: Guest, value: string): void {
  const volume = findVolume(cluster, guest.node, volumeOf(guest, value));
  if (volume !== undefined && volume.vmid === guest.vmid) removeVolume(cluster, volume);
}

/** What a stopped guest does with its pending changes: they become its config. */
export function applyPending(cluster: Cluster, guest: Guest): void {
  const { config } = guest;
  for (const [name, force] of Object.entries(config.pendingDelete)) {
    delete config.pendingDelete[name];
    const value = config.values[name];
    delete config.values[name];
    if (value === undefined || !isVolumeOption(guest.type, name)) continue;
    if (force) destroy(cluster, guest, value);
    else detach(cluster, guest, value);
  }
  config.values = futureValues(config);
  config.pending = {};
}

/** The checks that come before the guest is even looked up: nothing to do, names unknown or set and deleted at once. */
export function assertChange(type: GuestType, change: Change, known: (name: string) => boolean): void {
  if (Object.keys(change.set).length + change.remove.length + change.revert.length === 0) {
    throw failure("no options specified");
  }
  assertNames("delete", change.remove, change, known);
  assertNames("revert", change.revert, change, known);
  const required = type === "lxc" ? change.remove.find((name) => /^(?:rootfs|ostype|arch)$/.test(name)) : undefined;
  if (required !== undefined) throw failure(`unable to delete required option '${required}'`);
}

function assertNames(
  list: "delete" | "revert",
  names: string[],
  change: Change,
  known: (name: string) => boolean,
): void {
  for (const name of names) {
    if (!known(name)) throw invalid({ [list]: `unknown option '${name}'` });
    if (change.set[name] === undefined) continue;
    const also = list === "delete" ? `-delete ${name}'` : `'-revert ${name}'`;
    throw invalid({ [list]: `you can't use '-${name}' and ${also} at the same time` });
  }
}
