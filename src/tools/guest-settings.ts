// The configuration of guests: what is in force, what is pending, and changing it.

import { configUnits, pendingAfter, standingConfig } from "../handlers/guest-config.ts";
import { fields, newSize, noForce, pendingRows, settings, withPending } from "../handlers/guest-settings.ts";
import { read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const config = "PUT /nodes/{node}/{type}/{vmid}/config";

export const guestSettingsTools = [
  tool(
    "proxmox_guest_config",
    "Guest configuration",
    read(standingConfig, {
      show: ["snapshot"],
      fields,
      units: configUnits,
      present: withPending,
      done: "Configuration of {guest}",
    }),
  ),
  tool(
    "proxmox_guest_config_update",
    "Change a guest's configuration",
    write(config, {
      own: { "config?": "json-object" },
      show: ["delete"],
      hints: { config: "PVE's keys and values" },
      instead: { force: noForce },
      replaces: standingConfig,
      units: configUnits,
      compose: settings,
      present: pendingAfter,
      done: "Configuration of {guest} was changed",
    }),
  ),
  tool(
    "proxmox_guest_pending",
    "Pending changes of a guest's configuration",
    read("GET /nodes/{node}/{type}/{vmid}/pending", {
      fields: "key old new unit removed",
      present: pendingRows,
    }),
  ),
  tool(
    "proxmox_guest_resize",
    "Guest memory and cores",
    write(config, {
      takes: ["cores", "sockets", "vcpus", "cpulimit", "cpuunits", "balloon", "swap", "digest"],
      own: { "memory?": "size-mib" },
      show: ["cores"],
      hints: { memory: "MiB, or 8G" },
      replaces: standingConfig,
      units: configUnits,
      compose: newSize,
      present: pendingAfter,
      done: "{guest} was given other memory or cores",
    }),
  ),
];
