// Owns how a new VM's parameters are made: a disk by its size, an ISO by its name, a drive for cloud-init where one is needed.
import type { Ground } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { vmidFor } from "./new-guest.ts";
import { gibibytes, mebibytes } from "./size.ts";
import { storageFor } from "./storage-choice.ts";
import { storedFile } from "./stored-file.ts";

/** The bus of a disk and of an installation ISO when the call gives them by size and name alone. */
const diskSlot = "scsi0";
const isoSlot = "ide2";
/** Where cloud-init's drive goes: where PVE's own web interface has it, or beside the ISO. */
const cloudInitSlots = ["ide2", "ide0", "ide1", "ide3"];

/** What cloud-init gets from PVE; any of it is lost on a VM that has no drive for it. */
const isCloudInit = (name: string) => /^(?:ci(?:user|password|custom|upgrade)|sshkeys|ipconfig\d+)$/.test(name);

/** PVE's parameters of a new VM, from what people say: a memory and a disk with units, an ISO by its name. */
export async function newVm(ground: Ground): Promise<Record<string, unknown>> {
  const { values } = ground;
  const { memory, disk_size: size, storage, iso } = values;
  const disk =
    size === undefined
      ? {}
      : { [free(diskSlot, values)]: `${await storageFor(ground, storage)}:${gibibytes("disk_size", size)}` };
  const cdrom = iso === undefined ? {} : { [free(isoSlot, values)]: `${await isoVolume(ground)},media=cdrom` };
  return {
    vmid: await vmidFor(ground),
    ...(memory === undefined ? {} : { memory: mebibytes(memory) }),
    // PVE's own web interface creates VMs with this controller; PVE's API would fall back to an old LSI one
    ...(values.scsihw === undefined && values.archive === undefined ? { scsihw: "virtio-scsi-single" } : {}),
    ...disk,
    ...cdrom,
    ...(await cloudInitDrive(ground, { ...values, ...cdrom })),
    ...(values.archive === undefined || storage === undefined ? {} : { storage }),
  };
}

/** The drive for cloud-init's settings, where the call gives some and no such drive. */
async function cloudInitDrive(ground: Ground, given: Readonly<Record<string, unknown>>) {
  const wants = Object.keys(given).some(isCloudInit);
  const has = Object.values(given).some((value) => /:cloudinit\b|-cloudinit\b/.test(String(value)));
  const slot = cloudInitSlots.find((name) => given[name] === undefined);
  if (!wants || has || slot === undefined || given.archive !== undefined) return {};
  return { [slot]: `${await storageFor(ground, given.storage)}:cloudinit` };
}

/** A slot that the call fills by itself can't be filled twice. */
function free(slot: string, values: Readonly<Record<string, unknown>>): string {
  if (values[slot] === undefined) return slot;
  throw new Refusal(`${slot} and ${slot === diskSlot ? "disk_size" : "iso"} mean the same slot: give one of them`);
}

/** An ISO by its volume id or its name; `none` and `cdrom` are PVE's own words for an empty drive and the host's. */
async function isoVolume(ground: Ground): Promise<string> {
  const iso = String(ground.values.iso);
  return iso === "none" || iso === "cdrom" ? iso : storedFile(ground, "iso", "iso");
}
