// The disks of VMs: adding one, detaching one, destroying one.
import { PROPERTY_STRINGS } from "../schema/property-strings.gen.ts";
import { destroy, type Ground, type Present, write } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { tool } from "../toolkit/tool.ts";
import { configOf, type GuestConfig } from "./guest-config.ts";
import { gibibytes } from "./size.ts";
import { storageFor } from "./storage-choice.ts";

const config = "PUT /nodes/{node}/qemu/{vmid}/config";
const slots = "/^(?:scsi|virtio|sata|ide)\\d+$/";
const isSlot = (key: string) => /^(?:(?:scsi|virtio|sata|ide)\d+|efidisk0|tpmstate0)$/.test(key);

/** The keys of a disk that may be given beside its size; PVE checks which of them its bus takes. */
const diskOptions = Object.fromEntries(
  Object.entries(PROPERTY_STRINGS["qemu-scsi"]?.keys ?? {}).filter(([key]) => key !== "file" && key !== "size?"),
);

async function newDisk(ground: Ground) {
  const { values } = ground;
  const existing = await configOf(ground);
  const disk = String(values.disk ?? freeSlot(existing));
  if (existing.values[disk] !== undefined) {
    throw new Refusal(
      `disk ${disk} is in use (${existing.values[disk]}): take another slot, such as ${freeSlot(existing)}`,
    );
  }
  const size = gibibytes("size", values.size);
  const storage = await storageFor(ground, values.storage);
  const options = Object.keys(diskOptions)
    .map((key) => key.replace(/\?$/, ""))
    .filter((key) => values[key] !== undefined)
    .map((key) => `${key}=${wire(values[key])}`);
  return { [disk]: [`${storage}:${size}`, ...options].join(","), ...bootFrom(disk, existing), ...existing.digest };
}

/** A VM that was created without a disk has an empty boot order, and PVE would go on starting it from nothing. */
const bootFrom = (disk: string, { values }: GuestConfig) => (values.boot === "order=" ? { boot: `order=${disk}` } : {});

const wire = (value: unknown) => (typeof value === "boolean" ? Number(value) : value);

function freeSlot({ values }: GuestConfig): string {
  return `scsi${Array.from({ length: 31 }, (_, n) => n).find((n) => values[`scsi${n}`] === undefined) ?? 0}`;
}

/** Detaching is a change of the configuration; the volume stays as `unusedN`, and an `unusedN` is left to `destroy`. */
async function detached(ground: Ground) {
  const existing = await configOf(ground);
  const disk = String(ground.values.disk);
  if (/^unused\d+$/.test(disk)) {
    throw new Refusal(`disk ${disk} is detached already: action=destroy with this disk deletes its volume for good`);
  }
  mustExist(existing, disk);
  return { delete: disk, ...existing.digest };
}

async function destroyed(ground: Ground) {
  const disk = String(ground.values.disk);
  mustExist(await configOf(ground), disk);
  return { idlist: disk, force: true };
}

function mustExist({ values }: GuestConfig, disk: string): void {
  if (values[disk] !== undefined) return;
  const there = Object.keys(values).filter((key) => isSlot(key) || /^unused\d+$/.test(key));
  throw new Refusal(
    `disk ${disk} does not exist; this VM has ${there.length > 0 ? there.sort().join(", ") : "no disks"}`,
  );
}

/** What the configuration says of the VM's disks now. */
const disksAfter: Present = async (_, ground) => {
  const { values } = await configOf(ground);
  const disks = Object.entries(values).filter(([key]) => isSlot(key) || /^unused\d+$/.test(key) || key === "boot");
  return { record: Object.fromEntries(disks.sort(([one], [other]) => one.localeCompare(other))) };
};

const detachedDisk: Present = async (data, ground) => {
  const after = await disksAfter(data, ground);
  const still = isRow(after.record) && after.record[String(ground.values.disk)] !== undefined;
  const note = still
    ? "The VM runs and has not let go of the disk yet: the removal is pending until it is stopped or lets go."
    : "The volume still exists as unused[n]; nothing of it was deleted. action=destroy deletes it for good.";
  return { ...after, notes: [note] };
};

export const diskTools = [
  tool("proxmox_vm_disk", "VM disks: remove detaches, destroy deletes the volume", {
    add: write(config, {
      takes: [],
      own: { "disk?": slots, size: "string", "storage?": "pve-storage-id", ...diskOptions },
      unlisted: Object.keys(diskOptions).map((key) => key.replace(/\?$/, "")),
      hints: { disk: "slot, such as scsi1", size: "GiB, or 512M, 1T" },
      compose: newDisk,
      present: disksAfter,
      done: "Disk added to {guest}",
    }),
    remove: write(config, {
      takes: [],
      own: { disk: "string" },
      compose: detached,
      present: detachedDisk,
      done: "Disk {disk} was detached from {guest}",
    }),
    destroy: destroy("PUT /nodes/{node}/qemu/{vmid}/unlink", {
      takes: [],
      own: { disk: "string" },
      compose: destroyed,
      present: disksAfter,
      done: "Disk {disk} of {guest} was destroyed with its volume",
    }),
  }),
];
