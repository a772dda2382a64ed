// Owns an SSH server on loopback that runs what it is told, as sshd does for root: in a session of its own, with a `pct`
// that runs the command here.
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import type { SshSettings } from "../../src/ssh/settings.ts";

export const folder = mkdtempSync(join(tmpdir(), "proxmox-mcp-ssh-"));

export const hostKey = ssh2.utils.generateKeyPairSync("ed25519");
export const otherHostKey = ssh2.utils.generateKeyPairSync("ed25519");
export const clientKey = ssh2.utils.generateKeyPairSync("ed25519");

/** Writes a text that only its owner may read, and tells its path. */
export function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

const pct = file("pct", '#!/bin/sh\n[ "$1" = exec ] && [ "$3" = -- ] || exit 99\nshift 3\nexec "$@"\n');
chmodSync(pct, 0o755);

export interface Served {
  readonly port: number;
  /** Connections that were made, and those of them that came as far as offering a key. */
  readonly counts: { connections: number; logins: number };
  /** Cuts every connection. */
  cut(): void;
  close(): void;
}

export interface Behaviour {
  readonly hostKeys?: readonly string[];
  /** Sessions at once on a connection; one more is refused. */
  readonly most?: number;
  /** How often a session is refused before the first one is opened. */
  readonly refused?: number;
}

export function serve({ hostKeys = [hostKey.private], most = 10, refused = 0 }: Behaviour = {}): Promise<Served> {
  const allowed = ssh2.utils.parseKey(clientKey.public);
  if (allowed instanceof Error) throw allowed;
  const counts = { connections: 0, logins: 0 };
  const clients = new Set<ssh2.Connection>();
  let left = refused;
  const server = new ssh2.Server({ hostKeys: [...hostKeys] }, (client) => {
    counts.connections++;
    clients.add(client);
    let sessions = 0;
    client.on("error", () => {});
    client.on("close", () => clients.delete(client));
    client.on("authentication", (context) => {
      if (context.method === "none") return context.reject(["publickey"]);
      counts.logins++;
      const isRight = context.method === "publickey" && context.key.data.equals(allowed.getPublicSSH());
      return isRight ? context.accept() : context.reject(["publickey"]);
    });
    client.on("session", (accept, reject) => {
      if (left-- > 0 || sessions >= most) return void reject?.();
      sessions++;
      const session = accept();
      session.on("exec", (acceptExec, _reject, { command }) => {
        const channel = acceptExec();
        // the wrapper's own PATH stands for a node's; here pct lies in the test's folder
        const line = command.replace("PATH=/usr/sbin", `PATH=${folder}:/usr/sbin`);
        const child = spawn("/bin/bash", ["-c", line], { detached: true });
        connect(child, channel, () => sessions--);
      });
    });
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve({
        port: typeof address === "object" && address ? address.port : 0,
        counts,
        cut: () => {
          for (const client of clients) client.end();
        },
        close: () => server.close(),
      });
    });
  });
}

function connect(child: ChildProcess, channel: ssh2.ServerChannel, ended: () => void): void {
  channel.pipe(child.stdin ?? process.stdin);
  child.stdin?.on("error", () => {});
  child.stdout?.pipe(channel, { end: false });
  child.stderr?.pipe(channel.stderr, { end: false });
  child.on("close", (code, signal) => {
    ended();
    if (code === null) channel.exit(String(signal).replace(/^SIG/, ""), false, "");
    else channel.exit(code);
    channel.end();
  });
}

export function settingsFor(port: number, more: Partial<SshSettings> = {}): SshSettings {
  return {
    host: "127.0.0.1",
    port,
    user: "root",
    hosts: {},
    fingerprints: [],
    keyPath: file("id_ed25519", clientKey.private),
    ...more,
  };
}
