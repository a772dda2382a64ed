// Owns an SSH agent for the tests: OpenSSH's, on a socket of its own.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Agent extends Disposable {
  readonly socket: string;
  /** Gives it a key that isn't encrypted. */
  add(keyPath: string): void;
}

export function startAgent(): Agent {
  const folder = mkdtempSync(join(tmpdir(), "proxmox-mcp-agent-"));
  const socket = join(folder, "socket");
  const { stdout } = Bun.spawnSync(["ssh-agent", "-s", "-a", socket]);
  const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(stdout.toString())?.[1]);
  if (!(pid > 1)) throw new Error("ssh-agent didn't start");
  return {
    socket,
    add(keyPath) {
      const { exitCode, stderr } = Bun.spawnSync(["ssh-add", "-q", keyPath], {
        env: { ...process.env, SSH_AUTH_SOCK: socket },
      });
      if (exitCode !== 0) throw new Error(stderr.toString());
    },
    [Symbol.dispose]() {
      process.kill(pid);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
