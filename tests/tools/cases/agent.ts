// Owns what the tests of requests have to know of commands inside guests.
import type { Sent } from "../../toolkit/stand-in.ts";
import type { Cases } from "./cases.ts";

function answer({ path }: Sent): unknown {
  if (path.endsWith("/agent/exec")) return { pid: 7 };
  if (path.endsWith("/agent/exec-status")) return { exited: 1, exitcode: 0 };
  if (path.endsWith("/agent/file-read")) return { content: "dGV4dA==" };
  return /\/agent\/[a-z-]+$/.test(path) ? { result: {} } : undefined;
}

export const cases: Cases = {
  answer,
  values: {
    "proxmox_agent_file write encode": true,
    "proxmox_agent_exec exec capture-output": true,
    "proxmox_lxc_exec user": "www-data",
    "proxmox_lxc_exec env": { A: "1" },
  },
  elsewhere: { proxmox_lxc_exec: "a command goes over SSH: tests/tools/lxc-exec.test.ts" },
};
