// Starting, stopping, pausing and resuming guests.
import { brings, rebooted, running, stopped, suspended } from "../handlers/guest-state.ts";
import { write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

export const guestPowerTools = [
  tool(
    "proxmox_guest_start",
    "Start a guest",
    write("POST /nodes/{node}/{type}/{vmid}/status/start", {
      done: "{guest} was started",
      present: brings(running, "running"),
    }),
  ),
  tool(
    "proxmox_guest_stop",
    "Stop a guest: pulls the plug",
    write("POST /nodes/{node}/{type}/{vmid}/status/stop", {
      done: "{guest} was stopped",
      present: brings(stopped, "stopped"),
    }),
  ),
  tool(
    "proxmox_guest_shutdown",
    "Shut a guest down",
    write("POST /nodes/{node}/{type}/{vmid}/status/shutdown", {
      show: ["timeout", "forceStop"],
      hints: { forceStop: "after the timeout" },
      done: "{guest} was shut down",
      present: brings(stopped, "stopped"),
    }),
  ),
  tool(
    "proxmox_guest_reboot",
    "Reboot a guest",
    write("POST /nodes/{node}/{type}/{vmid}/status/reboot", {
      show: ["timeout"],
      done: "{guest} was rebooted",
      present: rebooted,
    }),
  ),
  tool(
    "proxmox_guest_pause",
    "Pause a VM",
    write("POST /nodes/{node}/qemu/{vmid}/status/suspend", {
      show: ["todisk"],
      done: "{guest} was paused",
      present: suspended,
    }),
  ),
  tool(
    "proxmox_guest_resume",
    "Resume a paused VM",
    write("POST /nodes/{node}/qemu/{vmid}/status/resume", {
      takes: ["nocheck", "skiplock"],
      done: "{guest} goes on",
      present: brings(running),
    }),
  ),
];
