// The volumes of guests: growing one, moving one to another storage.

import { standingConfig } from "../handlers/guest-config.ts";
import { larger, moved, namedDisk, placeAfter, sizeAfter } from "../handlers/volumes.ts";
import { write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

export const volumeTools = [
  tool(
    "proxmox_guest_disk_resize",
    "Grow a guest's disk",
    write("PUT /nodes/{node}/{type}/{vmid}/resize", {
      own: { size: "size-change" },
      hints: { size: "10G: to, +10G: by" },
      replaces: standingConfig,
      compose: larger,
      present: sizeAfter,
      done: "Disk {disk} of {guest} was grown",
    }),
  ),
  tool(
    "proxmox_guest_disk_move",
    "Move a guest's disk to another storage",
    write("POST /nodes/{node}/{type}/{vmid}/move_disk|move_volume", {
      takes: ["disk", "volume", "delete", "format", "bwlimit", "digest"],
      names: { volume: "disk" },
      own: { storage: "pve-storage-id" },
      show: ["delete"],
      replaces: standingConfig,
      resolve: namedDisk,
      compose: moved,
      present: placeAfter,
      done: "Disk {disk} of {guest} was moved",
    }),
  ),
];
