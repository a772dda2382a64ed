// Owns the waiting for a task: how it is polled, what its end means, and what its log tells on the way.
import type { PveClient } from "./client.ts";
import type { Clock } from "./clock.ts";
import { PveError } from "./errors.ts";
import { parseUpid } from "./upid.ts";

export { isUpid } from "./upid.ts";

/** How a task stands when the waiting is over. */
export interface TaskEnd {
  upid: string;
  /** warnings: it took effect, and `log` has what PVE warned of. running: the budget ran out first. */
  state: "ok" | "warnings" | "failed" | "running";
  /** PVE's own word for the end: `OK`, `WARNINGS: n` or the error. Absent while it runs. */
  exitstatus?: string;
  /** failed: the last lines; warnings: the warning lines; else the last lines that were read on the way, if any. */
  log: string[];
}

export interface WaitOptions {
  /** Budget in seconds; 0 asks nothing and returns at once. */
  seconds: number;
  signal?: AbortSignal;
  clock: Clock;
  /** Each line of the log once, in order, with its number. Given, the log is read while the task runs. */
  onProgress?: (line: string, count: number) => void;
}

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 2_000;
/** How long a UPID may be unknown: the worker may not have written its file when its id is handed out (facts 32). */
const UNKNOWN_FOR = 5_000;
/** Lines of the log that a failure shows. */
const LAST_LINES = 10;

/**
 * Waits for the end of a task. A task that failed is a value and no exception.
 * Throws PveError: "cancelled" when the signal is aborted (the task goes on), or what kept us from reading its state to the end of the budget.
 */
export async function waitForTask(client: PveClient, upid: string, options: WaitOptions): Promise<TaskEnd> {
  const { seconds, signal, clock } = options;
  const node = parseUpid(upid)?.node;
  if (node === undefined) throw noUpid(upid);
  if (seconds <= 0) return { upid, state: "running", log: [] };
  const log = createLog(client, { node, upid }, options);
  const begin = clock.now();
  const until = begin + seconds * 1000;
  try {
    for (let wait = FIRST_PAUSE; ; wait = Math.min(wait * 1.5, LONGEST_PAUSE)) {
      const state = await readState(client, { node, upid }, signal);
      const now = clock.now();
      if (state instanceof PveError) {
        if (!mayPass(state, now - begin) || now >= until) throw state;
      } else if (state.status === "stopped") {
        return await ended(upid, state.exitstatus, log);
      } else if (options.onProgress) {
        await log.follow();
      }
      if (clock.now() >= until) return { upid, state: "running", log: log.last() };
      await clock.sleep(Math.min(wait, until - clock.now()), signal);
    }
  } catch (error) {
    throw signal?.aborted ? stoppedWaiting(upid) : error;
  }
}

interface TaskPath {
  [name: string]: string;
  node: string;
  upid: string;
}

interface TaskState {
  status: string;
  exitstatus: string;
}

async function readState(client: PveClient, path: TaskPath, signal?: AbortSignal): Promise<TaskState | PveError> {
  try {
    const { data } = await client.request(
      { endpoint: "GET /nodes/{node}/tasks/{upid}/status", values: path },
      signal && { signal },
    );
    const { status, exitstatus } = isRecord(data) ? data : {};
    return { status: String(status), exitstatus: typeof exitstatus === "string" ? exitstatus : "unexpected status" };
  } catch (error) {
    if (error instanceof PveError && !signal?.aborted) return error;
    throw error;
  }
}

/** Whether a failed look at the task may be followed by another: a fresh UPID, or a connection that may come back. */
function mayPass(error: PveError, since: number): boolean {
  if (error.kind === "missing") return since < UNKNOWN_FOR;
  return error.kind === "unreachable" || error.kind === "node-down" || error.kind === "timeout";
}

async function ended(upid: string, exitstatus: string, log: TaskLog): Promise<TaskEnd> {
  if (exitstatus === "OK") {
    await log.finish();
    return { upid, state: "ok", exitstatus, log: log.last() };
  }
  const lines = await log.whole();
  if (!/^WARNINGS: \d+$/.test(exitstatus)) return { upid, state: "failed", exitstatus, log: lines.slice(-LAST_LINES) };
  const warnings = lines.filter((line) => /^\s*warn(?:ing)?s?\b/i.test(line) || /\bWARN(?:ING)?:/.test(line));
  return { upid, state: "warnings", exitstatus, log: warnings };
}

/** A task's log, read in pieces. */
interface TaskLog {
  /** Reads what is new and tells it. */
  follow(): Promise<void>;
  /** The last piece, if anybody listens. */
  finish(): Promise<void>;
  /** The last lines of what was read so far. */
  last(): string[];
  /** All lines; none where the log can't be read: the end of the task counts more than its log. */
  whole(): Promise<string[]>;
}

function createLog(client: PveClient, path: TaskPath, { onProgress, signal }: WaitOptions): TaskLog {
  const lines: string[] = [];
  const follow = async (): Promise<void> => {
    const values = { ...path, start: lines.length, limit: 0 };
    try {
      const { data } = await client.request(
        { endpoint: "GET /nodes/{node}/tasks/{upid}/log", values },
        signal && { signal },
      );
      for (const line of newLines(data, lines.length)) {
        lines.push(line);
        onProgress?.(line, lines.length);
      }
    } catch (error) {
      if (signal?.aborted || !(error instanceof PveError)) throw error;
    }
  };
  return {
    follow,
    finish: () => (onProgress ? follow() : Promise.resolve()),
    last: () => lines.slice(-LAST_LINES),
    async whole() {
      await follow();
      return lines;
    },
  };
}

/** PVE stands in for an empty or missing log with a line of its own (facts 32). */
function newLines(data: unknown, known: number): string[] {
  const rows = Array.isArray(data) ? data.filter(isRecord) : [];
  const placeholder = rows.length === 1 && /^(?:no content$|unable to open file - )/.test(String(rows[0]?.t));
  return placeholder ? [] : rows.filter(({ n }) => Number(n) > known).map(({ t }) => String(t));
}

function noUpid(upid: string): PveError {
  return new PveError({
    kind: "invalid",
    sentence: `${JSON.stringify(upid.slice(0, 80))} is no UPID.`,
    next: "A UPID looks like UPID:node:pid:pstart:starttime:type:id:user: and comes with the answer of the call that began the task.",
    sent: false,
  });
}

function stoppedWaiting(upid: string): PveError {
  return new PveError({
    kind: "cancelled",
    sentence: `The waiting was cancelled; the task goes on: ${upid}`,
    next: "Ask for the task's status with its UPID to see how it ends, or stop the task with it.",
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
