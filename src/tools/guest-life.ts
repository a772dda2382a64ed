// Cloning, migrating and deleting guests, and making templates of them.
import { configUnits } from "../handlers/guest-config.ts";
import { copied, copy, templated } from "../handlers/guest-copies.ts";
import { leftovers } from "../handlers/guest-leftovers.ts";
import { migration, moved } from "../handlers/guest-move.ts";
import { destroy, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const config = "GET /nodes/{node}/{type}/{vmid}/config";

export const guestLifeTools = [
  tool(
    "proxmox_guest_clone",
    "Clone a guest",
    write("POST /nodes/{node}/{type}/{vmid}/clone", {
      own: { "name?": "dns-name", "hostname?": "dns-name" },
      unlisted: ["hostname"],
      optional: ["newid"],
      show: ["newid", "full", "storage", "target", "snapname"],
      hints: { newid: "else the next free", full: "false: linked" },
      units: { memory: "MiB", swap: "MiB" },
      compose: copy,
      present: copied,
    }),
  ),
  tool(
    "proxmox_guest_migrate",
    "Migrate a guest to another node",
    write("POST /nodes/{node}/{type}/{vmid}/migrate", {
      own: { "with-local-disks?": "boolean", "force?": "boolean" },
      unlisted: ["force"],
      names: { "target-storage": "targetstorage" },
      show: ["online", "restart", "targetstorage", "target-storage"],
      hints: { restart: "containers" },
      instead: {
        "with-local-storage":
          "use targetstorage for the storage to move to, and with-local-disks for a running VM's local disks",
      },
      compose: migration,
      present: moved,
    }),
  ),
  tool(
    "proxmox_guest_template",
    "Make a guest a template",
    write("POST /nodes/{node}/{type}/{vmid}/template", { replaces: config, present: templated }),
  ),
  tool(
    "proxmox_guest_delete",
    "Delete a guest and its disks",
    destroy("DELETE /nodes/{node}/{type}/{vmid}", {
      replaces: config,
      show: ["purge", "destroy-unreferenced-disks"],
      hints: { purge: "from jobs and HA too" },
      present: leftovers,
      units: configUnits,
      done: "{guest} was deleted",
    }),
  ),
];
