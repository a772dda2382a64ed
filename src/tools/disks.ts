// The disks of VMs: adding one, detaching one, destroying one.

import {
  deleted,
  destroyed,
  detached,
  diskOptions,
  disksAfter,
  isShown,
  kept,
  newDisk,
  unplugged,
} from "../handlers/disks.ts";
import { goneAfter, standingConfig } from "../handlers/guest-config.ts";
import { destroy, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const config = "PUT /nodes/{node}/qemu/{vmid}/config";

export const diskTools = [
  tool("proxmox_vm_disk", "VM disks: remove detaches", {
    add: write(config, {
      takes: ["digest"],
      replaces: standingConfig,
      own: { "disk?": "disk-slot", size: "size-gib", "storage?": "pve-storage-id", ...diskOptions },
      unlisted: Object.keys(diskOptions).map((key) => key.replace(/\?$/, "")),
      compose: newDisk,
      present: disksAfter,
      done: "Disk added to {guest}",
    }),
    remove: write(config, {
      takes: ["digest"],
      replaces: standingConfig,
      own: { disk: "attached-disk" },
      compose: detached,
      perform: unplugged,
      present: goneAfter("disk", isShown, kept),
      done: "Disk {disk} was detached from {guest}",
    }),
    destroy: destroy("PUT /nodes/{node}/qemu/{vmid}/unlink", {
      takes: [],
      replaces: standingConfig,
      own: { disk: "attached-disk" },
      compose: destroyed,
      perform: unplugged,
      present: goneAfter("disk", isShown, deleted),
      done: "Disk {disk} of {guest} was destroyed",
    }),
  }),
];
