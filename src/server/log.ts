// Owns the log: JSON lines on stderr, written at once, one a tool call. pino comes in with the first line.
import { createHash } from "node:crypto";
import type { Logger } from "pino";
import type { RequestTrace } from "../pve/client.ts";
import type { Answer } from "../toolkit/answer.ts";
import { scrub } from "./scrub.ts";

/** PROXMOX_LOG_LEVEL */
export type LogLevel = "silent" | "fatal" | "error" | "warn" | "info" | "debug" | "trace";

/** One call, from its begin to its line. */
export interface CallEntry {
  /** A request that was sent for it: counted, and a line of its own at `debug`. */
  request(trace: RequestTrace): void;
  /** A command in a guest: its first word and a digest of all are kept, its arguments never. */
  command(words: readonly string[]): void;
  end(answer: Answer): void;
}

export interface CallLog {
  /**
   * A call begins. Of its arguments only names and numbers are kept: the others may hold secrets. `token`: the name of the
   * bearer token that called, over HTTP.
   */
  begin(tool: string, given: Readonly<Record<string, unknown>>, token?: string): CallEntry;
  /** Something that is no call: a line on stdin that is no message, a request that was refused, a bug. */
  problem(error: Error, token?: string): void;
  /** Resolves when every line so far is written. */
  written(): Promise<void>;
}

/** Characters of a problem that are written. */
const longest = 2_000;

export interface LogOptions {
  readonly level: LogLevel;
  /** Texts that no line may hold, whatever stands around them. */
  readonly secrets?: readonly string[];
  /** File descriptor; 2, stderr, unless told. */
  readonly fd?: number;
}

/** With `silent` nothing is loaded or written. */
export function createLog({ level, secrets = [], fd = 2 }: LogOptions): CallLog {
  let logger: Promise<Logger> | undefined;
  let last: Promise<void> = Promise.resolve();
  const write = (line: (to: Logger) => void) => {
    if (level === "silent") return;
    logger ??= open(level, secrets, fd);
    last = logger.then(line).catch(() => {});
  };
  return {
    begin: (tool, given, token) => createEntry(tool, given, by(token), write),
    problem: (error, token) => write((to) => to.warn({ ...by(token), problem: error.message.slice(0, longest) })),
    written: () => last,
  };
}

/** The field isn't called token: what stands behind that name is taken out of every line. */
const by = (token: string | undefined): { caller?: string } => (token === undefined ? {} : { caller: token });

function createEntry(
  tool: string,
  { operation, action = operation, node, vmid }: Readonly<Record<string, unknown>>,
  caller: { caller?: string },
  write: (line: (to: Logger) => void) => void,
): CallEntry {
  const begin = performance.now();
  let requests = 0;
  let command: Readonly<Record<string, string>> = {};
  let place: { node?: string; vmid?: number } = {};
  return {
    request(trace) {
      requests++;
      const { endpoint, milliseconds, status, kind } = trace;
      place = { ...place, ...(trace.node && { node: trace.node }), ...(trace.vmid && { vmid: trace.vmid }) };
      const line = {
        ...caller,
        request: endpoint,
        node: trace.node,
        guest: trace.vmid,
        ms: Math.round(milliseconds),
        status,
        kind,
      };
      write((to) => to.debug(line));
    },
    command(words) {
      const digest = createHash("sha256").update(JSON.stringify(words)).digest("hex").slice(0, 16);
      command = { command: programOf(words), digest };
    },
    end({ outcome, kind, task }) {
      const said = {
        action,
        guest: place.vmid ?? vmid,
        node: place.node ?? node,
        outcome,
        kind,
        task: task?.upid,
        ...command,
      };
      const known = Object.fromEntries(Object.entries(said).filter(([, value]) => isShort(value)));
      const line = { ...caller, tool, ...known, requests, ms: Math.round(performance.now() - begin) };
      const good = outcome === "ok" || outcome === "warnings" || outcome === "running";
      write((to) => (good ? to.info(line) : to.warn(line)));
    },
  };
}

/** The program of a command; of one for a shell the first word that the shell is given. */
function programOf(words: readonly string[]): string {
  const isShell = words[0] === "/bin/sh" && words[1] === "-c";
  return (isShell ? words[2]?.trim().split(/\s/)[0] : words[0]) ?? "";
}

/** Names and numbers; what a model put in the place of one may be anything. */
const isShort = (value: unknown): boolean =>
  typeof value === "number" || (typeof value === "string" && /^[\w.:@!/-]{1,200}$/.test(value));

async function open(level: LogLevel, secrets: readonly string[], fd: number): Promise<Logger> {
  const { default: pino } = await import("pino");
  const stderr = pino.destination({ fd, sync: true });
  // a host that closed stderr is no reason to stop serving
  stderr.on("error", () => {});
  const hooks = { streamWrite: (line: string) => scrub(line, secrets) };
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, hooks }, stderr);
}
