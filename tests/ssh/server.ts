// Owns an SSH server on loopback that runs what it is told, as sshd does for root: in a session of its own, with a `pct`
// that runs the command here.
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import type { SshSettings } from "../../src/ssh/settings.ts";
import { ed25519Pair } from "./key-pair.ts";

export const folder = mkdtempSync(join(tmpdir(), "proxmox-mcp-ssh-"));

export const hostKey = ed25519Pair();
export const otherHostKey = ed25519Pair();
export const clientKey = ed25519Pair();

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
  /** Connections that were made, how many offered a key, how many are open; commands that were started. */
  readonly counts: { connections: number; logins: number; open: number; sessions: number };
  /** Cuts every connection. */
  cut(): void;
  /** Cuts them, and is gone. */
  close(): Promise<void>;
}

export interface Behaviour {
  readonly hostKeys?: readonly string[];
  /** Sessions at once on a connection; one more is refused. */
  readonly most?: number;
  /** How often a session is refused before the first one is opened. */
  readonly refused?: number;
  /** Public keys that may log in. */
  readonly keys?: readonly string[];
  /** A port that was this server's before. */
  readonly port?: number;
  /** What the login shell runs before the command. */
  readonly greeting?: string;
}

function blobOf(key: string): Buffer {
  const parsed = ssh2.utils.parseKey(key);
  if (parsed instanceof Error) throw parsed;
  return parsed.getPublicSSH();
}

export function serve(behaviour: Behaviour = {}): Promise<Served> {
  const { hostKeys = [hostKey.private], most = 10, refused = 0, keys = [clientKey.public] } = behaviour;
  const allowed = keys.map(blobOf);
  const counts = { connections: 0, logins: 0, open: 0, sessions: 0 };
  const clients = new Set<ssh2.Connection>();
  let left = refused;
  const server = new ssh2.Server({ hostKeys: [...hostKeys] }, (client) => {
    counts.connections++;
    counts.open++;
    clients.add(client);
    let sessions = 0;
    client.on("error", () => {});
    client.on("close", () => {
      counts.open--;
      clients.delete(client);
    });
    client.on("authentication", (context) => {
      if (context.method === "none") return context.reject(["publickey"]);
      counts.logins++;
      const isRight = context.method === "publickey" && allowed.some((key) => context.key.data.equals(key));
      return isRight ? context.accept() : context.reject(["publickey"]);
    });
    client.on("session", (accept, reject) => {
      if (left-- > 0 || sessions >= most) return void reject?.();
      sessions++;
      const session = accept();
      session.on("exec", (acceptExec, _reject, { command }) => {
        const channel = acceptExec();
        counts.sessions++;
        // the wrapper's own PATH stands for a node's; here pct lies in the test's folder
        const line = (behaviour.greeting ?? "") + command.replace("PATH=/usr/sbin", `PATH=${folder}:/usr/sbin`);
        const child = spawn("/bin/bash", ["-c", line], { detached: true });
        connect(child, channel, () => sessions--);
      });
    });
  });
  const cut = () => {
    for (const client of clients) client.end();
  };
  return new Promise((resolve) => {
    server.listen(behaviour.port ?? 0, "127.0.0.1", () => {
      const address = server.address();
      resolve({
        port: typeof address === "object" && address ? address.port : 0,
        counts,
        cut,
        close: () =>
          new Promise((gone) => {
            server.close(() => gone());
            cut();
          }),
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
