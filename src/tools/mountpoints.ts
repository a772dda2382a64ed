// The mount points of containers: adding one, detaching one, destroying one.

import { standingConfig } from "../handlers/guest-config.ts";
import {
  added,
  config,
  destroyed,
  destroyedMount,
  detached,
  detachedMount,
  goes,
  mountOptions,
  mountsAfter,
  optionNames,
} from "../handlers/mountpoints.ts";
import { destroy, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

export const mountpointTools = [
  tool("proxmox_lxc_mountpoint", "Mount points: remove detaches", {
    add: write(config, {
      takes: ["digest"],
      own: {
        "mp?": "mount-slot",
        path: "pve-storage-path",
        "size?": "size-gib",
        "storage?": "pve-storage-id",
        "volume?": "pve-volume-id-or-absolute-path",
        ...mountOptions,
      },
      unlisted: ["volume", ...optionNames],
      replaces: standingConfig,
      compose: added,
      present: mountsAfter,
      done: "Mount point {path} was added to {guest}",
    }),
    remove: write(config, {
      takes: ["digest"],
      own: { mp: "attached-mount" },
      replaces: standingConfig,
      compose: detached,
      present: detachedMount,
      done: "Mount point {mp} was detached from {guest}",
    }),
    destroy: destroy(config, {
      takes: ["digest"],
      own: { mp: "attached-mount" },
      replaces: standingConfig,
      compose: goes,
      perform: destroyed,
      present: destroyedMount,
      done: "Mount point {mp} of {guest} was destroyed",
    }),
  }),
];
