// Owns one command over a connection: its process group, and which of its ends it came to.
import type { ClientChannel } from "ssh2";
import { PveError } from "../pve/errors.ts";
import type { Limit } from "../pve/limit.ts";
import type { CommandEnd, ContainerCommand, ContainerShell } from "../toolkit/shell.ts";
import { type Begin, createBegin } from "./begin.ts";
import { type Connection, ConnectionLost } from "./connection.ts";
import { endWords, remoteLine, runWords, usualWrapper } from "./remote-line.ts";
import type { SshSettings } from "./settings.ts";

type Told = Parameters<ContainerShell["run"]>[1];

/** What a command goes over. */
export interface Means {
  readonly settings: SshSettings;
  readonly connection: Connection;
  /** How many commands are being ended at once: sessions are scarce. */
  readonly endings: Limit;
  /** A connection of its own, for a server that has no session left to end a command with. */
  another(): Promise<Connection>;
}

/** Seconds that the node waits longer than we do, in case we can't tell it. */
const grace = 5;
/** Milliseconds for the other side to confirm that a command was ended. */
const farewell = 8_000;
/** Milliseconds without output after which an ended command's session, held open by what it left, isn't waited for. */
const silence = 2_000;

/** A command that was sent. */
interface Running {
  readonly channel: ClientChannel;
  readonly begin: Begin;
  /** Its end by itself. */
  readonly over: Promise<CommandEnd>;
  /** Its exit, which may come long before its output ends. */
  readonly exit: CommandEnd | undefined;
}

/**
 * Runs a command to whichever end.
 * @throws ConnectionLost where the connection ended before the command was sent; PveError where it didn't start
 */
export async function carriedOut(means: Means, command: ContainerCommand, told: Told): Promise<CommandEnd> {
  const { settings, connection } = means;
  const line = remoteLine(settings, runWords(command.seconds + grace, command.vmid, command.words));
  let isAnswered = false;
  const onOutput: Told["onOutput"] = (stream, piece) => {
    if (!isAnswered) told.onOutput(stream, piece);
  };
  const begun = opened(connection, line, command.node, told.signal).then((channel) =>
    followed(channel, connection, command.input, onOutput),
  );
  const stop = stopOf(begun, command.seconds, told.signal);
  try {
    const end = await Promise.race([begun.then(({ over }) => over), stop.happened]);
    if (end === "timeout" || end === "cancelled") return await stopped(means, begun, end);
    const { begin } = await begun;
    if (begin.group === undefined && end.ended !== "broken")
      throw notStarted(settings, command.node, begin.complaint, end);
    return end;
  } catch (error) {
    if (error instanceof SentAndLost) return { ended: "broken", why: error.message };
    throw error;
  } finally {
    isAnswered = true;
    stop.forget();
  }
}

/** The connection ended when the command was sent and before it was answered. */
class SentAndLost extends Error {}

/** A channel for the line; a server that opens no more is asked again for a while. */
async function opened(
  connection: Connection,
  line: string,
  node: string,
  signal: AbortSignal | undefined,
): Promise<ClientChannel> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await connection.exec(line);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const isRefused = why === "Unable to exec";
      if (!connection.isOpen) throw isRefused ? new SentAndLost("the connection was closed") : new ConnectionLost(why);
      if (isRefused || attempt === 6) {
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

function followed(
  channel: ClientChannel,
  connection: Connection,
  input: string | undefined,
  onOutput: Told["onOutput"],
): Running {
  const begin = createBegin(onOutput);
  channel.on("data", begin.output);
  channel.stderr.on("data", begin.error);
  channel.on("error", () => {});
  let exit: CommandEnd | undefined;
  const over = new Promise<CommandEnd>((resolve) => {
    let quiet: ReturnType<typeof setTimeout> | undefined;
    const settle = (end: CommandEnd) => {
      clearTimeout(quiet);
      resolve(end);
    };
    const waitForRest = () => {
      if (!exit) return;
      clearTimeout(quiet);
      quiet = setTimeout(() => {
        channel.close();
        settle(lingering(exit));
      }, silence);
    };
    channel.on("exit", (code: number | null, signal?: string) => {
      exit = code === null ? { ended: "signal", signal: signal ?? "unknown" } : { ended: "code", code };
      waitForRest();
    });
    channel.on("data", waitForRest);
    channel.stderr.on("data", waitForRest);
    channel.on("close", () => settle(exit ?? broken("the session was closed without an exit code")));
    void connection.over.then((why) => settle(exit ?? broken(why)));
  });
  channel.end(input ?? "");
  return {
    channel,
    begin,
    over,
    get exit() {
      return exit;
    },
  };
}

const broken = (why: string): CommandEnd => ({ ended: "broken", why });

function lingering(end: CommandEnd | undefined): CommandEnd {
  if (end?.ended === "code" || end?.ended === "signal") return { ...end, lingers: true };
  return broken("the session was closed without an exit code");
}

/** The first of both: the command's time is over, or the caller gave up. */
function stopOf(begun: Promise<Running>, seconds: number, signal: AbortSignal | undefined) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let cancel = () => {};
  let isForgotten = false;
  const happened = new Promise<"timeout" | "cancelled">((resolve) => {
    cancel = () => resolve("cancelled");
    if (signal?.aborted) cancel();
    signal?.addEventListener("abort", cancel, { once: true });
    begun.then(
      () => {
        if (!isForgotten) timer = setTimeout(() => resolve("timeout"), seconds * 1000);
      },
      () => {},
    );
  });
  const forget = () => {
    isForgotten = true;
    clearTimeout(timer);
    signal?.removeEventListener("abort", cancel);
  };
  return { happened, forget };
}

/** Ends the command, and tells whether that was confirmed in time; it goes on trying where it wasn't. */
async function stopped(means: Means, begun: Promise<Running>, why: "timeout" | "cancelled"): Promise<CommandEnd> {
  const running = await Promise.race([begun, after(0)]).catch(() => undefined);
  // what it left behind was not asked to be ended
  if (running?.exit) {
    running.channel.close();
    return lingering(running.exit);
  }
  const ending = begun.then(
    (late) => ended(means, late).catch(() => false),
    (error) => !(error instanceof SentAndLost),
  );
  return { ended: why, reached: (await Promise.race([ending, after(farewell)])) === true };
}

/** Ends the process group from a second session: closing the first one leaves it running. */
async function ended({ settings, connection, endings, another }: Means, { channel, begin, over }: Running) {
  const group = await Promise.race([begin.known, over.then(() => undefined)]);
  if (group !== undefined && connection.isOpen) {
    const line = remoteLine(settings, endWords(group));
    await endings(async () => {
      const helper = await connection.exec(line).catch(async () => {
        const other = await another();
        void over.then(() => other.end());
        return other.exec(line);
      });
      helper.on("error", () => {});
      helper.resume();
      helper.stderr.resume();
      await Promise.race([over, after(farewell)]);
    });
  }
  const end = await Promise.race([over, after(0)]);
  channel.close();
  return end !== undefined && end.ended !== "broken";
}

/** The program waits for nothing of this. */
function after(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), milliseconds).unref?.();
  });
}

function notStarted({ user, wrapper }: SshSettings, node: string, complaint: string, end: CommandEnd): PveError {
  const how = end.ended === "code" ? `exit code ${end.code}` : end.ended === "signal" ? `signal ${end.signal}` : "";
  const said = complaint.trim() === "" ? `the session ended with ${how} and without a word` : complaint.trim();
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
