// Commands in containers.
import { ranInContainer, runInContainer } from "../handlers/container-exec.ts";
import { exec } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

export const lxcExecTools = [
  tool(
    "proxmox_lxc_exec",
    "Command in a container: over SSH to its node",
    exec("GET /nodes/{node}/lxc/{vmid}/status/current", {
      own: {
        command: "string",
        "args?": ["string", "[]"],
        "timeout?": "1<=integer<=600",
        "cwd?": "string",
        "user?": "/^[a-zA-Z_][a-zA-Z0-9_.-]{0,31}$/",
        "env?": "json-object",
        "input?": "string",
      },
      unlisted: ["user", "env"],
      hints: { args: "words, unquoted", timeout: "seconds", input: "for stdin" },
      perform: runInContainer,
      present: ranInContainer,
    }),
  ),
];
