// Owns the measuring of what a command in a container costs over the same one through OpenSSH's client: both through a real
// sshd on loopback, each over a connection that stands already.

import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { createClient } from "../../src/pve/client.ts";
import { systemClock } from "../../src/pve/clock.ts";
import { createGuests } from "../../src/pve/guests.ts";
import { textOf } from "../../src/server/text.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { createShell } from "../../src/ssh/shell.ts";
import { callTool } from "../../src/toolkit/call.ts";
import { lxcExecTools } from "../../src/tools/lxc-exec.ts";
import { type Sshd, startSshd } from "../../tests/sshd/sshd.ts";
import type { Overhead } from "./overhead.ts";
import { median } from "./statistics.ts";

/** A running container of the embedded cluster. */
const vmid = 103;

/** Nothing where no sshd is installed, or not root runs this. */
export async function commandOverhead(rounds: number): Promise<Overhead | undefined> {
  if (!existsSync("/usr/sbin/sshd") || process.getuid?.() !== 0) return undefined;
  const sshd = await startSshd();
  const folder = dirname(sshd.container);
  mkdirSync(join(folder, String(vmid)));
  const shared = sharedConnection(sshd, join(folder, "control"));
  const ours = toolCall(sshd);
  const times: { call: number; direct: number }[] = [];
  try {
    for (let round = -5; round < rounds; round++) {
      const pair = { call: await timed(ours), direct: await timed(shared) };
      if (round >= 0) times.push(pair); // the rounds before connect
    }
  } finally {
    Bun.spawnSync(["ssh", "-F", "none", "-S", join(folder, "control"), "-O", "exit", "127.0.0.1"]);
    await sshd.close();
  }
  return {
    name: "proxmox_lxc_exec, to `ssh` shared",
    call: median(times.map((pair) => pair.call)),
    direct: median(times.map((pair) => pair.direct)),
    over: median(times.map((pair) => pair.call - pair.direct)),
  };
}

/** The command by the tool, the two questions to PVE included. */
function toolCall(sshd: Sshd): () => Promise<void> {
  const simulator = createSimulator();
  const authorization = `PVEAPIToken=${simulator.tokens.root}`;
  const client = createClient({
    fetch: (request) => simulator.fetch(request),
    base: "https://demo:8006",
    authorization,
  });
  const policy = { elevated: true, readOnly: false, deny: [] };
  const hosts = Object.fromEntries(["pve1", "pve2", "pve3"].map((node) => [node, { host: "127.0.0.1" }]));
  const shell = createShell(sshd.settings("root", { hosts }));
  const cluster = { client, guests: createGuests(client, systemClock), clock: systemClock, policy, shell };
  const [tool] = lxcExecTools;
  return async () => {
    if (!tool) throw new Error("there is no tool for commands in containers");
    const answer = await callTool(tool, { vmid, command: "echo hi" }, cluster);
    if (answer.outcome !== "ok") throw new Error(textOf(answer, Date.now()));
  };
}

/** The same by `ssh`, whose first call leaves its connection to the later ones. */
function sharedConnection(sshd: Sshd, socket: string): () => Promise<void> {
  const { user, port, keyPath = "" } = sshd.settings("root");
  const options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "BatchMode=yes"];
  const shared = [`ControlPath=${socket}`, "ControlMaster=auto", "ControlPersist=yes"];
  const line = `pct exec ${vmid} -- /bin/sh -c 'echo hi'`;
  const command = [
    ...["ssh", "-F", "none", ...[...options, ...shared].flatMap((option) => ["-o", option])],
    ...["-i", keyPath, "-p", String(port), `${user}@127.0.0.1`, line],
  ];
  return async () => {
    const child = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "ignore" });
    const text = await new Response(child.stdout).text();
    if ((await child.exited) !== 0 || text !== "hi\n") throw new Error(`ssh ended with ${child.exitCode}: ${text}`);
  };
}

async function timed(run: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await run();
  return performance.now() - began;
}
