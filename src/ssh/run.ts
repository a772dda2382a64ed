// Owns one command over a connection: its process group, its output, and which of its ends it came to.
import type { ClientChannel } from "ssh2";
import { PveError } from "../pve/errors.ts";
import type { CommandEnd, ContainerCommand, ContainerShell } from "../toolkit/shell.ts";
import type { Connection } from "./connection.ts";
import { endWords, remoteLine, runWords, usualWrapper } from "./remote-line.ts";
import type { SshSettings } from "./settings.ts";

type Told = Parameters<ContainerShell["run"]>[1];

/** Seconds that the node waits longer than we do, in case we can't tell it. */
const grace = 5;
/** Milliseconds for the other side to confirm that a command was ended. */
const farewell = 5_000;

/** Runs a command to whichever end. @throws PveError where it didn't start */
export async function carriedOut(
  settings: SshSettings,
  connection: Connection,
  command: ContainerCommand,
  told: Told,
): Promise<CommandEnd> {
  const line = remoteLine(settings, runWords(command.seconds + grace, command.vmid, command.words));
  const channel = await opened(connection, line, command.node);
  const begin = createBegin(told);
  let complaint = "";
  channel.on("data", (piece: Buffer) => begin.push(piece));
  channel.stderr.on("data", (piece: Buffer) => {
    if (begin.group === undefined) complaint += piece.toString("utf8");
    told.onOutput("stderr", piece);
  });
  channel.on("error", () => {});
  channel.end(command.input ?? "");
  const over = endOf(channel, connection);
  const end = await Promise.race([over, stopped(command.seconds, told.signal)]);
  if (end === "timeout" || end === "cancelled") {
    const reached = await ended(settings, connection, begin.known, over);
    channel.close();
    return { ended: end, reached };
  }
  if (begin.group === undefined && end.ended !== "broken") throw notStarted(settings, command.node, complaint, end);
  return end;
}

/** A channel for the line; a server that opens no more is asked again for a while. */
async function opened(connection: Connection, line: string, node: string): Promise<ClientChannel> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await connection.exec(line);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (!connection.isOpen || attempt === 6) {
        throw new PveError({
          kind: "unreachable",
          sentence: `SSH on node ${node} opens no further session: ${why}.`,
          next: "Nothing was run. Call again when other commands have ended, or raise MaxSessions in its sshd_config.",
          sent: false,
        });
      }
      await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt));
    }
  }
}

/** Takes the first line off the output: the process group that the wrapper tells. */
function createBegin({ onOutput }: Told) {
  let first: Buffer | undefined = Buffer.alloc(0);
  let group: number | undefined;
  let tell: (group: number) => void = () => {};
  const known = new Promise<number>((resolve) => {
    tell = resolve;
  });
  return {
    known,
    get group() {
      return group;
    },
    push(piece: Buffer) {
      if (first === undefined) return onOutput("stdout", piece);
      first = Buffer.concat([first, piece]);
      const end = first.indexOf("\n");
      if (end < 0 && first.length < 32) return;
      const [, digits] = /^@@(\d+)$/.exec(first.subarray(0, Math.max(end, 0)).toString("latin1")) ?? [];
      const rest = digits === undefined ? first : first.subarray(end + 1);
      first = undefined;
      if (digits !== undefined) {
        group = Number(digits);
        tell(group);
      }
      if (rest.length > 0) onOutput("stdout", rest);
    },
  };
}

/** What became of the command by itself. A channel that closes without a word on it broke. */
function endOf(channel: ClientChannel, connection: Connection): Promise<CommandEnd> {
  return new Promise((resolve) => {
    let end: CommandEnd | undefined;
    channel.on("exit", (code: number | null, signal?: string) => {
      end = code === null ? { ended: "signal", signal: signal ?? "unknown" } : { ended: "code", code };
    });
    channel.on("close", () => resolve(end ?? { ended: "broken", why: "the session was closed without an exit code" }));
    void connection.over.then((why) => resolve(end ?? { ended: "broken", why }));
  });
}

/** The first of both: the time is over, or the caller gave up. */
function stopped(seconds: number, signal: AbortSignal | undefined): Promise<"timeout" | "cancelled"> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve("timeout"), seconds * 1000);
    timer.unref?.();
    if (signal?.aborted) resolve("cancelled");
    signal?.addEventListener("abort", () => resolve("cancelled"), { once: true });
  });
}

/** Ends the process group from a second session: closing the first one leaves it running. */
async function ended(
  settings: SshSettings,
  connection: Connection,
  group: Promise<number>,
  over: Promise<CommandEnd>,
): Promise<boolean> {
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, farewell));
  const known = await Promise.race([group, late]);
  if (known === undefined || !connection.isOpen) return false;
  try {
    const channel = await connection.exec(remoteLine(settings, endWords(known)));
    channel.resume();
    channel.stderr.resume();
    const closed = await Promise.race([over, late]);
    return closed !== undefined && closed.ended !== "broken";
  } catch {
    return false;
  }
}

function notStarted({ user, wrapper }: SshSettings, node: string, complaint: string, end: CommandEnd): PveError {
  const said = complaint.trim() === "" ? `it ended with ${JSON.stringify(end)}` : complaint.trim();
  const program = wrapper ?? usualWrapper;
  const isRoot = user === "root" && wrapper === undefined;
  return new PveError({
    kind: "refused",
    sentence: `Node ${node} didn't run the command: ${said}`,
    next: isRoot
      ? "Where root's key has a forced command, set PROXMOX_SSH_WRAPPER to the wrapper's path."
      : `Install the wrapper as ${program} on ${node}, and let ${user} run it${user === "root" ? "" : " by sudo without a password"}.`,
    sent: false,
  });
}
