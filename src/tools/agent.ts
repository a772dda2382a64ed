// QEMU's guest agent: what is inside a VM, and commands and files there.

import { fileSystems, interfaces, named, time, trimmed, unwrapped } from "../handlers/agent-answers.ts";
import { ended, execute } from "../handlers/agent-exec.ts";
import { contentFor, partShown, readPart } from "../handlers/agent-file.ts";
import { freeze } from "../handlers/agent-freeze.ts";
import { exec, reveal, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const chooser = "operation";

export const agentTools = [
  tool(
    "proxmox_agent_info",
    "Guest agent: what it says of a VM",
    {
      ping: reveal("POST /nodes/{node}/qemu/{vmid}/agent/ping", {
        done: "The agent of {guest} answers",
        present: unwrapped,
      }),
      osinfo: reveal("GET /nodes/{node}/qemu/{vmid}/agent/get-osinfo", {
        done: "System of {guest}",
        present: unwrapped,
      }),
      fsinfo: reveal("GET /nodes/{node}/qemu/{vmid}/agent/get-fsinfo", {
        done: "{count} file systems of {guest}",
        present: fileSystems,
        fields: "mountpoint type used-bytes total-bytes name",
        units: { "used-bytes": "bytes", "total-bytes": "bytes" },
      }),
      network_interfaces: reveal("GET /nodes/{node}/qemu/{vmid}/agent/network-get-interfaces", {
        done: "{count} network interfaces of {guest}",
        present: interfaces,
        fields: "name ip-addresses hardware-address",
      }),
      time: reveal("GET /nodes/{node}/qemu/{vmid}/agent/get-time", {
        done: "Clock of {guest}",
        present: time,
        units: { time: "moment" },
      }),
      timezone: reveal("GET /nodes/{node}/qemu/{vmid}/agent/get-timezone", {
        done: "Time zone of {guest}",
        present: unwrapped,
        fields: "zone offset",
        units: { offset: "duration" },
      }),
    },
    chooser,
  ),
  tool(
    "proxmox_agent_hw",
    "Guest agent, hardware: memory, processors, host name, users",
    {
      memory_blocks: reveal("GET /nodes/{node}/qemu/{vmid}/agent/get-memory-blocks", {
        done: "{count} memory blocks of {guest}",
        present: unwrapped,
      }),
      vcpus: reveal("GET /nodes/{node}/qemu/{vmid}/agent/get-vcpus", {
        done: "{count} processors of {guest}",
        present: unwrapped,
        fields: "logical-id online can-offline",
      }),
      memory_block_info: reveal("GET /nodes/{node}/qemu/{vmid}/agent/get-memory-block-info", {
        done: "Memory blocks of {guest}",
        present: unwrapped,
        units: { size: "bytes" },
      }),
      hostname: reveal("GET /nodes/{node}/qemu/{vmid}/agent/get-host-name", {
        done: "Host name of {guest}",
        present: unwrapped,
      }),
      users: reveal("GET /nodes/{node}/qemu/{vmid}/agent/get-users", {
        done: "{count} users logged in to {guest}",
        present: unwrapped,
        fields: "user domain login-time",
        units: { "login-time": "moment" },
      }),
    },
    chooser,
  ),
  tool(
    "proxmox_agent_exec",
    "Command in a VM: waited for; no shell, so no pipes",
    {
      exec: exec("POST /nodes/{node}/qemu/{vmid}/agent/exec", {
        takes: ["input-data"],
        show: ["input-data"],
        own: {
          command: "string",
          "args?": ["string", "[]"],
          "timeout?": "1<=integer<=600",
          "capture-output?": "boolean",
        },
        unlisted: ["capture-output"],
        hints: { command: "df -h" },
        perform: execute,
        also: ["POST /nodes/{node}/qemu/{vmid}/agent/exec"],
        present: ended,
      }),
      status: reveal("GET /nodes/{node}/qemu/{vmid}/agent/exec-status", { present: ended }),
    },
    chooser,
  ),
  tool(
    "proxmox_agent_file",
    "Files inside a VM",
    {
      read: reveal("GET /nodes/{node}/qemu/{vmid}/agent/file-read", {
        takes: ["file", "count", "offset"],
        show: ["offset", "count"],
        perform: readPart,
        present: partShown,
        done: "{file} of {guest}",
      }),
      write: write("POST /nodes/{node}/qemu/{vmid}/agent/file-write", {
        show: ["encode"],
        hints: { encode: "false: is base64" },
        compose: contentFor,
        done: "{file} was written in {guest}",
      }),
    },
    chooser,
  ),
  tool(
    "proxmox_agent_freeze",
    "Freeze a VM's file systems",
    {
      status: reveal("POST /nodes/{node}/qemu/{vmid}/agent/fsfreeze-status", {
        done: "File systems of {guest}",
        present: named("status"),
      }),
      freeze: write("POST /nodes/{node}/qemu/{vmid}/agent/fsfreeze-freeze", {
        also: ["POST /nodes/{node}/qemu/{vmid}/agent/fsfreeze-thaw"],
        perform: freeze,
        present: named("frozen"),
        done: "File systems of {guest} were frozen: thaw them soon",
      }),
      thaw: write("POST /nodes/{node}/qemu/{vmid}/agent/fsfreeze-thaw", {
        done: "File systems of {guest} were thawed",
        present: named("thawed"),
      }),
      fstrim: write("POST /nodes/{node}/qemu/{vmid}/agent/fstrim", {
        done: "{count} file systems of {guest} were trimmed",
        present: trimmed,
        fields: "path trimmed minimum error",
        units: { trimmed: "bytes", minimum: "bytes" },
      }),
    },
    chooser,
  ),
  tool(
    "proxmox_agent_power",
    "Power by the guest agent",
    {
      shutdown: write("POST /nodes/{node}/qemu/{vmid}/agent/shutdown", { done: "{guest} was asked to shut down" }),
      suspend_disk: write("POST /nodes/{node}/qemu/{vmid}/agent/suspend-disk", {
        done: "{guest} was asked to suspend to disk",
      }),
      suspend_ram: write("POST /nodes/{node}/qemu/{vmid}/agent/suspend-ram", {
        done: "{guest} was asked to suspend to RAM",
      }),
      suspend_hybrid: write("POST /nodes/{node}/qemu/{vmid}/agent/suspend-hybrid", {
        done: "{guest} was asked to suspend to both",
      }),
    },
    chooser,
  ),
  tool(
    "proxmox_agent_user",
    "Password of a user inside a VM",
    {
      set_password: write("POST /nodes/{node}/qemu/{vmid}/agent/set-user-password", {
        show: ["crypted"],
        done: "The password of {username} in {guest} was set",
        present: unwrapped,
      }),
    },
    chooser,
  ),
];
