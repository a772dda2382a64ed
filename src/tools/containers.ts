// Creating containers.

import { configUnits } from "../handlers/guest-config.ts";
import { created, newContainer } from "../handlers/new-container.ts";
import { write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

export const containerTools = [
  tool(
    "proxmox_create_lxc",
    "Create a container",
    write("POST /nodes/{node}/lxc", {
      own: {
        ostemplate: "string",
        "memory?": "size-mib",
        "swap?": "size-mib",
        "rootfs?": "string",
        "storage?": "pve-storage-id",
      },
      unlisted: ["swap"],
      optional: ["vmid"],
      instead: { force: "proxmox_backup action=restore_over replaces a guest that is there" },
      show: ["vmid", "hostname", "password", "ssh-public-keys", "cores", "net0", "start"],
      hints: {
        ostemplate: "or part of its name",
        memory: "MiB, or 2G",
        rootfs: "8G",
        net0: "name=eth0,bridge=vmbr0,ip=dhcp",
      },
      compose: newContainer,
      units: configUnits,
      present: created,
      done: "Container {vmid} was created on {node}",
    }),
  ),
];
