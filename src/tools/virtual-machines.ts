// Creating VMs.
import { type Ground, type Present, write } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { tool } from "../toolkit/tool.ts";
import { configOf } from "./guest-config.ts";
import { gibibytes, sizeIn } from "./size.ts";
import { storageFor } from "./storage-choice.ts";

/** The bus of a disk and of an installation ISO when the call gives them by size and name alone. */
const diskSlot = "scsi0";
const isoSlot = "ide2";

/** PVE's parameters of a new VM, from what people say: a memory and a disk with units, an ISO by its name. */
async function newVm(ground: Ground): Promise<Record<string, unknown>> {
  const { values, read } = ground;
  const { memory, disk_size: size, storage, iso } = values;
  const disk =
    size === undefined
      ? {}
      : { [free(diskSlot, values)]: `${await storageFor(ground, storage)}:${gibibytes("disk_size", size)}` };
  return {
    vmid: values.vmid ?? Number((await read("GET /cluster/nextid", {})).data),
    ...(memory === undefined ? {} : { memory: memoryOf(memory) }),
    // PVE's own web interface creates VMs with this controller; PVE's API would fall back to an old LSI one
    ...(values.scsihw === undefined && values.archive === undefined ? { scsihw: "virtio-scsi-single" } : {}),
    ...disk,
    ...(iso === undefined ? {} : { [free(isoSlot, values)]: `${isoVolume(iso)},media=cdrom` }),
    ...(values.archive === undefined || storage === undefined ? {} : { storage }),
  };
}

/** A slot that the call fills by itself can't be filled twice. */
function free(slot: string, values: Readonly<Record<string, unknown>>): string {
  if (values[slot] === undefined) return slot;
  throw new Refusal(`${slot} and ${slot === diskSlot ? "disk_size" : "iso"} mean the same slot: give one of them`);
}

/** MiB; PVE's own form with keys (`current=4096`) is left as it is. */
function memoryOf(memory: unknown): string {
  const text = String(memory);
  return text.includes("=") ? text : String(Math.round(sizeIn("m", memory)));
}

/** `local:iso/x.iso` as it is; a bare file name is taken to be on `local`. */
function isoVolume(iso: unknown): string {
  const name = String(iso);
  if (name === "none" || name === "cdrom" || name.includes(":")) return name;
  return `local:iso/${name.replace(/^iso\//, "")}`;
}

const created: Present = async (_, ground) => {
  const { values } = await configOf(ground);
  const { digest: _digest, vmgenid: _vmgenid, smbios1: _smbios1, meta: _meta, ...rest } = values;
  const { vmid, node } = ground.values;
  return { record: { vmid, node, ...rest } };
};

export const virtualMachineTools = [
  tool(
    "proxmox_create_vm",
    "Create a VM: with a disk and an ISO if wanted, under the next free VMID unless one is given",
    write("POST /nodes/{node}/qemu", {
      own: { "memory?": "size-mib", "disk_size?": "size-gib", "storage?": "pve-storage-id", "iso?": "string" },
      optional: ["vmid"],
      show: ["vmid", "name", "cores", "sockets", "ostype", "net0"],
      hints: {
        memory: "MiB, or 8G",
        disk_size: "GiB, or 512M, 1T",
        iso: "volume id",
        net0: "such as virtio,bridge=vmbr0",
      },
      compose: newVm,
      present: created,
      done: "VM {vmid} was created on {node}",
    }),
  ),
];
