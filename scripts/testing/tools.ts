// Installs what the slow tests need beside the npm packages: Debian's, where a command is missing, and the oldest Node
// that the npm package is for.

import { existsSync } from "node:fs";
import { fetchOldestNode } from "../packages/node.ts";
import { run } from "../packages/run.ts";

/** A command that the tests call, or a file that one needs, and Debian's package that has it. */
const needed: Readonly<Record<string, string>> = {
  busybox: "busybox",
  curl: "curl",
  dash: "dash",
  fish: "fish",
  mandoc: "mandoc",
  "qemu-aarch64-static": "qemu-user-static",
  "/usr/aarch64-linux-gnu/lib/ld-linux-aarch64.so.1": "libc6-arm64-cross",
  ruby: "ruby",
  script: "bsdutils",
  shellcheck: "shellcheck",
  "systemd-analyze": "systemd",
  ssh: "openssh-client",
  "/usr/sbin/sshd": "openssh-server",
  sudo: "sudo",
  unshare: "util-linux",
  unzip: "unzip",
  wget: "wget",
  zsh: "zsh",
};

const present = (name: string): boolean => (name.startsWith("/") ? existsSync(name) : Bun.which(name) !== null);
const missing = Object.entries(needed).filter(([name]) => !present(name));
if (missing.length > 0) {
  const packages = missing.map(([, name]) => name);
  const root = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  process.stdout.write(`installing ${packages.join(" ")}\n`);
  await run([...root, "apt-get", "update"]);
  await run([
    ...root,
    "env",
    "DEBIAN_FRONTEND=noninteractive",
    "apt-get",
    "install",
    "-y",
    "--no-install-recommends",
    ...packages,
  ]);
}
await fetchOldestNode();
