// Owns the systems that install.sh meets in the tests: a folder for PATH with the tools that such a system has, and
// stand-ins for those that tell what the system is.

import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const needed = [
  "cat",
  "cp",
  "cut",
  "df",
  "dirname",
  "gzip",
  "id",
  "ls",
  "mkdir",
  "mktemp",
  "mv",
  "rm",
  "rmdir",
  "sed",
  "tar",
];

/** The tools of a Debian with curl or wget, run by dash, and those of a system that has busybox alone. */
export const systems = {
  "dash, curl": { shell: ["dash"], tools: [...needed, "sha256sum", "uname", "getconf", "ldd", "curl"], busybox: false },
  "dash, wget": { shell: ["dash"], tools: [...needed, "sha256sum", "uname", "getconf", "ldd", "wget"], busybox: false },
  busybox: { shell: ["busybox", "sh"], tools: [], busybox: true },
} as const;

export type System = keyof typeof systems;

/** Makes `folder` the tools of the system; each stand-in is the body of a shell script. */
export function toolbox(folder: string, system: System, standIns: Readonly<Record<string, string>> = {}): void {
  const { tools, busybox, shell } = systems[system];
  mkdirSync(folder, { recursive: true });
  if (busybox) Bun.spawnSync([which("busybox"), "--install", "-s", folder]);
  symlinkSync(which(shell[0]), join(folder, shell[0]));
  for (const tool of tools) symlinkSync(which(tool), join(folder, tool));
  if (!busybox) symlinkSync(which("dash"), join(folder, "sh"));
  for (const [name, body] of Object.entries(standIns)) {
    rmSync(join(folder, name), { force: true });
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  }
}

function which(tool: string): string {
  const path = Bun.which(tool);
  if (path === null) throw new Error(`${tool} is not installed; scripts/test --all installs it`);
  return path;
}
