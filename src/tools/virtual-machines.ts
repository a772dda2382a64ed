// Creating VMs.

import { configUnits } from "../handlers/guest-config.ts";
import { createdGuest } from "../handlers/new-guest.ts";
import { newVm } from "../handlers/new-vm.ts";
import { write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

export const virtualMachineTools = [
  tool(
    "proxmox_create_vm",
    "Create a VM",
    write("POST /nodes/{node}/qemu", {
      own: { "memory?": "size-mib", "disk_size?": "size-gib", "storage?": "pve-storage-id", "iso?": "string" },
      optional: ["vmid"],
      instead: { force: "proxmox_backup action=restore_over replaces a guest that is there" },
      show: ["vmid", "name", "cores", "net0", "ciuser", "sshkeys", "ipconfig0", "start"],
      hints: {
        memory: "MiB, or 8G",
        disk_size: "GiB, or 1T",
        net0: "virtio,bridge=vmbr0",
      },
      compose: newVm,
      units: configUnits,
      present: createdGuest,
      done: "VM {vmid} was created on {node}",
    }),
  ),
];
