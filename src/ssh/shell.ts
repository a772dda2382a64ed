// Owns the running of commands in containers: one connection a node for all of them, and no command that is left behind.

import { PveError } from "../pve/errors.ts";
import { createLimit } from "../pve/limit.ts";
import type { ContainerShell } from "../toolkit/shell.ts";
import { type Connection, connect } from "./connection.ts";
import { carriedOut } from "./run.ts";
import { type SshSettings, type Target, targetOf } from "./settings.ts";

/** Commands at once over one connection; sshd's MaxSessions is 10, and one is for ending a command. */
const atOnce = 8;
/** How long a connection without a command is kept, in milliseconds. */
const kept = 60_000;

/** A node's connection, and what keeps it. */
interface Way {
  readonly connection: Promise<Connection>;
  readonly limit: ReturnType<typeof createLimit>;
  users: number;
  timer?: ReturnType<typeof setTimeout>;
}

/** Commands in containers over SSH. Nothing is read or connected before the first one. */
export function createShell(settings: SshSettings): ContainerShell {
  const ways = new Map<string, Way>();

  const wayTo = (node: string, target: Target): Way => {
    const name = `${target.host}:${target.port}`;
    const present = ways.get(name);
    if (present) return present;
    const connection = connect(settings, node, target);
    const way: Way = { connection, limit: createLimit(atOnce), users: 0 };
    ways.set(name, way);
    const forget = () => {
      if (ways.get(name) === way) ways.delete(name);
    };
    connection.then(({ over }) => over.then(forget), forget);
    return way;
  };

  const released = (way: Way): void => {
    if (--way.users > 0) return;
    way.timer = setTimeout(() => way.connection.then((connection) => way.users === 0 && connection.end()), kept);
    // a waiting connection doesn't keep the program alive
    way.timer.unref?.();
  };

  return {
    async run(command, told) {
      const way = wayTo(command.node, targetOf(settings, command.node, command.address));
      clearTimeout(way.timer);
      way.users++;
      try {
        const connection = await unlessAborted(way.connection, told.signal);
        return await way.limit(() => carriedOut(settings, connection, command, told), told.signal);
      } catch (error) {
        if (error instanceof PveError || !told.signal?.aborted) throw error;
        // it was still waiting for its turn
        return { ended: "cancelled", reached: true };
      } finally {
        released(way);
      }
    },
  };
}

/** @throws the signal's reason when it is aborted first */
function unlessAborted<Value>(value: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return value;
  return new Promise((resolve, reject) => {
    const give = () => reject(signal.reason);
    if (signal.aborted) give();
    signal.addEventListener("abort", give, { once: true });
    value.then(resolve, reject);
  });
}
