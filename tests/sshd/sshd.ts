// Owns a real sshd on loopback, with host keys, users, sudoers and a `pct` of its own. It runs in a mount namespace of its
// own: there a `pct` that runs the command in a folder stands in /usr/sbin, the wrapper as it is handed out in
// /usr/local/sbin, and the users in /etc. Outside of it nothing of that is seen, and nothing is left of it.
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SshSettings } from "../../src/ssh/settings.ts";

const wrapper = "/usr/local/sbin/proxmox-mcp-pct";
const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];

/** How a login reaches the wrapper; each a key of its own, and all but root's users of their own. */
export const ways = {
  root: { user: "root", options: "" },
  /** Root's key is good for the wrapper alone. */
  rootForced: { user: "root", options: `restrict,command="${wrapper}" ` },
  sudoer: { user: "sudoer", options: "" },
  /** The user's key is good for the wrapper alone, which goes on by sudo. */
  forced: { user: "forced", options: `restrict,command="${wrapper}" ` },
  /** One session at a time. */
  narrow: { user: "narrow", options: "" },
} as const;
export type Way = keyof typeof ways;

function run(...command: string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync(command);
  if (exitCode !== 0) throw new Error(`${command.join(" ")}: ${stderr.toString()}`);
  return stdout.toString();
}

export const publicKey = (path: string): string => readFileSync(`${path}.pub`, "utf8").trim();
export const fingerprint = (path: string): string => run("ssh-keygen", "-lf", `${path}.pub`).split(" ")[1] ?? "";

export interface Sshd {
  readonly port: number;
  /** Paths of its host keys. */
  readonly hostKeys: { readonly ed25519: string; readonly rsa: string };
  /** The folder in which the container's commands run. */
  readonly container: string;
  /** Makes a pair of keys, and tells the private one's path. */
  keyPair(name: string, type?: string, passphrase?: string): string;
  /** Lets a further key in. */
  allow(way: Way, key: string): void;
  settings(way: Way, more?: Partial<SshSettings>): SshSettings;
  log(): string;
  /** Ends a process of root's. */
  kill(process: string): void;
  /** Cuts every connection. */
  cut(): void;
  close(): Promise<void>;
}

export async function startSshd(): Promise<Sshd> {
  const port = freePort();
  const folder = mkdtempSync(join(tmpdir(), "proxmox-mcp-sshd-"));
  const keyPair: Sshd["keyPair"] = (name, type = "ed25519", passphrase = "") => {
    const path = join(folder, name);
    run("ssh-keygen", "-q", "-t", type, "-N", passphrase, "-C", "test", "-f", path);
    return path;
  };
  const hostKeys = { ed25519: keyPair("host_ed25519"), rsa: keyPair("host_rsa", "rsa") };
  const container = join(folder, "200");
  mkdirSync(container);
  chmodSync(folder, 0o755);
  const keys = Object.fromEntries(Object.keys(ways).map((way) => [way, keyPair(`key-${way}`)]));
  const allowed: Record<string, string> = {};
  mkdirSync(join(folder, "authorized"));
  const allow = (way: Way, key: string) => {
    const { user, options } = ways[way];
    allowed[user] = `${allowed[user] ?? ""}${options}${publicKey(key)}\n`;
    writeFileSync(join(folder, "authorized", user), allowed[user]);
  };
  const kill = (...processes: string[]) => void run(...asRoot, "kill", "-KILL", ...processes);
  const keyOf = (way: Way) => keys[way] ?? "";
  for (const way of waysList) allow(way, keyOf(way));
  writeNamespace(folder);
  const log = join(folder, "log");
  writeFileSync(join(folder, "sshd_config"), configuration(folder, port));
  const daemon = Bun.spawn([...asRoot, "unshare", "--mount", "sh", join(folder, "start"), folder], {
    stdout: "ignore",
    stderr: Bun.file(log),
  });
  while (!readFileSync(log, "utf8").includes("Server listening")) {
    if (daemon.exitCode !== null) throw new Error(`sshd didn't start: ${readFileSync(log, "utf8")}`);
    await Bun.sleep(20);
  }
  return {
    port,
    hostKeys,
    container,
    keyPair,
    allow,
    settings: (way, more = {}) => ({
      host: "127.0.0.1",
      port,
      user: ways[way].user,
      hosts: {},
      fingerprints: [fingerprint(hostKeys.ed25519)],
      keyPath: keyOf(way),
      ...(way === "rootForced" ? { wrapper } : {}),
      ...more,
    }),
    log: () => readFileSync(log, "utf8"),
    kill,
    cut: () => kill(...sessionsOf(daemon.pid)),
    close: async () => {
      run(...asRoot, "kill", String(daemon.pid));
      await daemon.exited;
      run(...asRoot, "rm", "-rf", folder);
    },
  };
}

const waysList: readonly Way[] = ["root", "rootForced", "sudoer", "forced", "narrow"];

/** The processes that hold the connections, below the one that listens. */
function sessionsOf(daemon: number): string[] {
  const rows = run("ps", "-eo", "pid=,ppid=,args=")
    .split("\n")
    .map((row) => row.trim().split(/\s+/));
  const below = (parent: string): string[] =>
    rows.flatMap(([pid = "", ppid, ...args]) => {
      if (ppid !== parent || args[0] !== "sshd:") return [];
      return args.includes("[listener]") ? below(pid) : [pid, ...below(pid)];
    });
  return below(String(daemon));
}

/** The same command through OpenSSH's own client. */
export function throughOpenSsh({ user, port, keyPath = "" }: SshSettings, ...command: string[]) {
  const options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "BatchMode=yes"];
  const { exitCode, stdout } = Bun.spawnSync(
    [
      ...["ssh", "-F", "none", ...options.flatMap((option) => ["-o", option])],
      ...["-i", keyPath, "-p", String(port), `${user}@127.0.0.1`, ...command],
    ],
    { stdin: "ignore" },
  );
  return { exitCode, stdout: stdout.toString() };
}

function freePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = listener;
  listener.stop(true);
  return port;
}

function configuration(folder: string, port: number): string {
  return [
    `ListenAddress 127.0.0.1:${port}`,
    `HostKey ${folder}/host_ed25519`,
    `HostKey ${folder}/host_rsa`,
    `AuthorizedKeysFile ${folder}/authorized/%u`,
    "StrictModes no",
    "UsePAM no",
    "UseDNS no",
    "PidFile none",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PermitRootLogin prohibit-password",
    "LogLevel VERBOSE",
    "Match User narrow",
    "  MaxSessions 1",
    "",
  ].join("\n");
}

/** The line of sudoers, as README shows it. */
export const sudoersLine = (user: string): string => `${user} ALL=(root) NOPASSWD: ${wrapper}`;

/** What stands in the namespace in place of the system's own, and the script that puts it there. */
function writeNamespace(folder: string): void {
  const users = [...new Set(waysList.map((way) => ways[way].user))].filter((user) => user !== "root");
  const write = (name: string, text: string, mode: number) => writeFileSync(join(folder, name), text, { mode });
  const lines = (file: string) => readFileSync(file, "utf8").trimEnd();
  for (const name of ["sbin", "local", "sudoers"]) mkdirSync(join(folder, name));
  write(
    "sbin/pct",
    `#!/bin/sh\n[ "$1" = exec ] && [ "$3" = -- ] || exit 99\ncd "${folder}/$2" || exit 2\nshift 3\nexec "$@"\n`,
    0o755,
  );
  cpSync(join(import.meta.dir, "../../dist/ssh/proxmox-mcp-pct"), join(folder, "local/proxmox-mcp-pct"));
  write(
    "passwd",
    [lines("/etc/passwd"), ...users.map((user, n) => `${user}:x:${4000 + n}:65534::/:/bin/sh`), ""].join("\n"),
    0o644,
  );
  write("shadow", ["root:*:20000::::::", ...users.map((user) => `${user}:*:20000::::::`), ""].join("\n"), 0o600);
  write("sudoers/proxmox-mcp", users.map((user) => `${sudoersLine(user)}\n`).join(""), 0o440);
  write("start", start, 0o755);
}

const start = `set -eu
mount --make-rprivate /
chown -R 0:0 "$1/sbin" "$1/local" "$1/sudoers" "$1/passwd" "$1/shadow" "$1/host_ed25519" "$1/host_rsa"
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/sshd
cp -a /usr/sbin/. "$1/sbin"
mount --bind "$1/sbin" /usr/sbin
mount --bind "$1/local" /usr/local/sbin
mount --bind "$1/sudoers" /etc/sudoers.d
mount --bind "$1/passwd" /etc/passwd
mount --bind "$1/shadow" /etc/shadow
exec /usr/sbin/sshd -D -e -f "$1/sshd_config"
`;
