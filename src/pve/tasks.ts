// Owns the waiting for a task: how it is polled, what its end means, and what its log tells on the way.
import type { PveClient, RequestOptions } from "./client.ts";
import type { Clock } from "./clock.ts";
import { PveError } from "./errors.ts";
import { createTaskLog, LAST_LINES, type TaskLog, type TaskPath } from "./task-log.ts";
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

export interface WaitOptions extends RequestOptions {
  /** Budget in seconds; 0 asks nothing and returns at once. */
  seconds: number;
  clock: Clock;
  /**
   * Each line of the log once, in order, with its number. Given, the log is read while the task runs; where that says
   * nothing for a while, a line of our own keeps the host's patience up, and counts as well.
   */
  onProgress?: (line: string, count: number) => void;
}

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 2_000;
/** How long a UPID may be unknown: the worker may not have written its file when its id is handed out (facts 32). */
const UNKNOWN_FOR = 5_000;

/**
 * Waits for the end of a task. A task that failed is a value and no exception.
 * Throws PveError: "cancelled" when the signal is aborted (the task goes on), or what kept us from reading its state to the end of the budget.
 */
export async function waitForTask(client: PveClient, upid: string, options: WaitOptions): Promise<TaskEnd> {
  const { seconds, signal, clock } = options;
  const node = parseUpid(upid)?.node;
  if (node === undefined) throw noUpid(upid);
  if (seconds <= 0) return { upid, state: "running", log: [] };
  const log = createTaskLog(client, { node, upid }, options);
  const until = clock.now() + seconds * 1000;
  let seen = clock.now();
  try {
    for (let wait = FIRST_PAUSE; ; wait = Math.min(wait * 1.5, LONGEST_PAUSE)) {
      const state = await readState(client, { node, upid }, options);
      const now = clock.now();
      if (state instanceof PveError) {
        if (!mayPass(state, now - seen) || now >= until) throw state;
      } else if (state.status === "stopped") {
        return await ended(upid, state.exitstatus, log);
      } else {
        seen = now;
        if (options.onProgress) await log.follow();
      }
      if (clock.now() >= until) return { upid, state: "running", log: log.last() };
      await clock.sleep(Math.min(wait, until - clock.now()), signal);
    }
  } catch (error) {
    throw signal?.aborted ? stoppedWaiting(upid) : error;
  }
}

interface TaskState {
  status: string;
  exitstatus: string;
}

async function readState(client: PveClient, path: TaskPath, options: RequestOptions): Promise<TaskState | PveError> {
  try {
    const { data } = await client.request({ endpoint: "GET /nodes/{node}/tasks/{upid}/status", values: path }, options);
    const { status, exitstatus } = isRecord(data) ? data : {};
    return { status: String(status), exitstatus: typeof exitstatus === "string" ? exitstatus : "unexpected status" };
  } catch (error) {
    if (error instanceof PveError && !options.signal?.aborted) return error;
    throw error;
  }
}

/**
 * Whether a failed look at the task may be followed by another: a fresh UPID, a node that forgets for a moment whom it
 * trusts, or a connection that may come back. `since`: milliseconds since the last look that succeeded.
 */
function mayPass(error: PveError, since: number): boolean {
  if (error.kind === "missing" || error.kind === "unauthorised" || error.kind === "bug") return since < UNKNOWN_FOR;
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
    next: "proxmox_node_task tells with its UPID how it ends (action=get), or stops it (action=stop).",
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
