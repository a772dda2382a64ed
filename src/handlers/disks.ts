// Owns what becomes of a VM's disks: which slot and storage a new one gets, detaching told apart from destroying.

import { PveError } from "../pve/errors.ts";
import { PROPERTY_STRINGS } from "../schema/property-strings.gen.ts";
import type { Ground, Perform, Present } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import {
  configBefore,
  type Fate,
  type GuestConfig,
  isPending,
  recordOf,
  type Setting,
  settingsOf,
} from "./guest-config.ts";
import { gibibytes } from "./size.ts";
import { storageFor } from "./storage-choice.ts";

const isDisk = (key: string) => /^(?:(?:scsi|virtio|sata|ide|unused)\d+|efidisk0|tpmstate0)$/.test(key);
const isDetached = (disk: string) => disk.startsWith("unused");

/** The keys of a disk that may be given beside its size; PVE checks which of them its bus takes. */
export const diskOptions = Object.fromEntries(
  Object.entries(PROPERTY_STRINGS["qemu-scsi"]?.keys ?? {}).filter(([key]) => key !== "file" && key !== "size?"),
);

export async function newDisk(ground: Ground) {
  const { values } = ground;
  const size = gibibytes("size", values.size);
  const [existing, present] = [await configBefore(ground), await settingsOf(ground, isDisk)];
  const disk = slotFor(present, values.disk);
  const storage = await storageFor(ground, values.storage);
  const options = Object.keys(diskOptions)
    .map((key) => key.replace(/\?$/, ""))
    .filter((key) => values[key] !== undefined)
    .map((key) => [key, values[key]]);
  const file = `${storage}:${size}`;
  return { [disk]: { file, ...Object.fromEntries(options) }, ...bootFrom(disk, existing) };
}

/** The slot that was asked for, if nothing is in it, or the first free one. What is to be removed still is in it. */
function slotFor(present: readonly Setting[], wanted: unknown): string {
  const taken = new Map(present.map((setting) => [setting.key, setting.now ?? "pending"]));
  const free = Array.from({ length: 31 }, (_, n) => `scsi${n}`).find((slot) => !taken.has(slot));
  if (wanted === undefined) {
    if (free) return free;
    throw new Refusal("disk is missing: all slots from scsi0 to scsi30 are in use, name one of another bus");
  }
  const slot = String(wanted);
  if (!taken.has(slot)) return slot;
  const other = free ? `take another slot, such as ${free}` : "take a slot of another bus";
  throw new Refusal(`disk ${slot} is in use (${taken.get(slot)}): ${other}`);
}

/** A VM that was created without a disk has an empty boot order, and PVE would go on starting it from nothing. */
const bootFrom = (disk: string, { boot }: GuestConfig) => (boot === "order=" ? { boot: `order=${disk}` } : {});

/** Detaching is a change of the configuration; the volume stays as `unusedN`, and an `unusedN` is left to `destroy`. */
export async function detached(ground: Ground) {
  const existing = await configBefore(ground);
  const disk = String(ground.values.disk);
  if (isDetached(disk)) {
    throw new Refusal(`disk ${disk} is detached already: action=destroy with this disk deletes its volume for good`);
  }
  mustExist(existing, disk);
  return { delete: disk };
}

export async function destroyed(ground: Ground) {
  const disk = String(ground.values.disk);
  mustExist(await configBefore(ground), disk);
  return { idlist: disk, force: true };
}

/**
 * PVE answers with an error when the guest's system doesn't let go of a disk in time, and has noted its removal all the
 * same (facts 57): that is a removal that waits, and no failure after which nothing was changed.
 */
export const unplugged: Perform = async (acting, values) => {
  try {
    return await acting.send(acting.endpoint.key, values);
  } catch (error) {
    const isBusy = error instanceof PveError && Object.values(error.errors ?? {}).some((text) => /hotplug/.test(text));
    if (!isBusy) throw error;
    const disk = String(acting.values.disk);
    if (!isPending(await settingsOf(acting, isDisk), disk)) throw error;
    return { data: null };
  }
};

function mustExist(values: GuestConfig, disk: string): void {
  if (values[disk] !== undefined) return;
  const there = Object.keys(values).filter(isDisk).sort();
  throw new Refusal(`disk ${disk} does not exist; this VM has ${there.length > 0 ? there.join(", ") : "no disks"}`);
}

export const disksAfter: Present = async (_, ground) => ({
  record: recordOf(await settingsOf(ground, isShown)),
});

export const isShown = (key: string) => isDisk(key) || key === "boot";

/** What became of the volume: PVE keeps and deletes only those that are the VM's own, and of a CD drive none. */
const fate =
  (isDestroyed: boolean): Fate =>
  (was, settings, { values }) => {
    const volume = volumeIn(was);
    const unused = settings.find(({ key, now = "" }) => key.startsWith("unused") && volumeIn(now) === volume);
    if (unused) return `The volume still exists as ${unused.key}; action=destroy with that disk deletes it for good.`;
    if (/cloudinit/.test(volume)) return "It was cloud-init's drive: its image goes with it.";
    if (/,media=cdrom/.test(was)) return "It was a CD drive: the image that was in it stays on its storage.";
    const [, owner] = /(?:vm|base)-(\d+)-/.exec(volume) ?? [];
    if (owner !== String(values.vmid)) return `${volume} is no volume of this VM: it stays where it is.`;
    return isDestroyed ? "Its volume was deleted." : `PVE shows ${volume} nowhere in the configuration any more.`;
  };

export const kept = fate(false);
export const deleted = fate(true);

const volumeIn = (text: string) => text.split(",")[0]?.replace(/^file=/, "") ?? "";
