// Owns the running of commands in containers: one connection a node for all of them, and no command that is left behind.

import { PveError } from "../pve/errors.ts";
import { createLimit, type Limit } from "../pve/limit.ts";
import type { ContainerShell } from "../toolkit/shell.ts";
import { type Connection, ConnectionLost, connect } from "./connection.ts";
import { carriedOut } from "./run.ts";
import { type SshSettings, type Target, targetOf } from "./settings.ts";

/** Commands at once over one connection; sshd's MaxSessions is 10, and the rest is for ending them. */
const atOnce = { commands: 8, endings: 2 } as const;
/** How often a command is sent anew whose connection ended before it was sent. */
const attempts = 3;

/** A node's connection, and what keeps it. */
interface Way {
  readonly connection: Promise<Connection>;
  readonly limit: Limit;
  readonly endings: Limit;
  users: number;
  timer?: ReturnType<typeof setTimeout>;
}

/**
 * Commands in containers over SSH. Nothing is read or connected before the first one; a connection without a command is
 * kept for `kept` milliseconds.
 */
export function createShell(settings: SshSettings, kept = 60_000): ContainerShell {
  const ways = new Map<string, Way>();

  const forget = (way: Way): void => {
    for (const [name, present] of ways) if (present === way) ways.delete(name);
  };

  const wayTo = (node: string, target: Target): Way => {
    const name = `${target.host}:${target.port}`;
    const present = ways.get(name);
    if (present) return present;
    const connection = connect(settings, node, target);
    const way: Way = {
      connection,
      limit: createLimit(atOnce.commands),
      endings: createLimit(atOnce.endings),
      users: 0,
    };
    ways.set(name, way);
    connection.then(
      ({ over }) => over.then(() => forget(way)),
      () => forget(way),
    );
    return way;
  };

  const release = (way: Way): void => {
    if (--way.users > 0) return;
    const leave = (connection: Connection) => {
      if (way.users > 0) return;
      forget(way);
      connection.end();
    };
    way.timer = setTimeout(() => void way.connection.then(leave, () => {}), kept);
    // a waiting connection doesn't keep the program alive
    way.timer.unref?.();
  };

  const runOnce: ContainerShell["run"] = async (command, told) => {
    const target = targetOf(settings, command.node, command.address);
    const way = wayTo(command.node, target);
    clearTimeout(way.timer);
    way.users++;
    try {
      const connection = await unlessAborted(way.connection, told.signal);
      const another = () => connect(settings, command.node, target);
      const means = { settings, connection, endings: way.endings, another };
      return await way.limit(() => carriedOut(means, command, told), told.signal);
    } catch (error) {
      if (error instanceof ConnectionLost) forget(way);
      throw error;
    } finally {
      release(way);
    }
  };

  return {
    async run(command, told) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await runOnce(command, told);
        } catch (error) {
          if (error instanceof PveError) throw error;
          // it was still waiting for its turn
          if (told.signal?.aborted) return { ended: "cancelled", reached: true };
          if (!(error instanceof ConnectionLost)) throw error;
          if (attempt === attempts) throw lost(command.node, error);
        }
      }
    },
  };
}

function lost(node: string, { message }: Error): PveError {
  return new PveError({
    kind: "unreachable",
    sentence: `Node ${node} closes its SSH connections before they are used: ${message}.`,
    next: "Nothing was run. Look at its journal: `journalctl -u ssh`.",
    sent: false,
  });
}

/** @throws the signal's reason when it is aborted first */
function unlessAborted<Value>(value: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return value;
  return new Promise((resolve, reject) => {
    const give = () => reject(signal.reason);
    if (signal.aborted) give();
    signal.addEventListener("abort", give, { once: true });
    value.then(resolve, reject).finally(() => signal.removeEventListener("abort", give));
  });
}
