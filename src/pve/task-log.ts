// Owns the reading of a task's log while it is waited for, and what the host is told of it.
import type { PveClient, RequestOptions } from "./client.ts";
import type { Clock } from "./clock.ts";
import { PveError } from "./errors.ts";

/** Where a task is found. */
export interface TaskPath {
  [name: string]: string;
  node: string;
  upid: string;
}

/** A task's log, read in pieces. */
export interface TaskLog {
  /** Reads what is new and tells it. */
  follow(): Promise<void>;
  /** The last piece, if anybody listens. */
  finish(): Promise<void>;
  /** The last lines of what was read so far. */
  last(): string[];
  /** All lines; none where the log can't be read: the end of the task counts more than its log. */
  whole(): Promise<string[]>;
}

interface Listening extends RequestOptions {
  clock: Clock;
  onProgress?: (line: string, count: number) => void;
}

/** Lines of the log that an answer shows. */
export const LAST_LINES = 10;
/** How long a host that takes progress is left without any, in milliseconds. */
const SILENCE = 15_000;

export function createTaskLog(client: PveClient, path: TaskPath, options: Listening): TaskLog {
  const { clock, onProgress, signal } = options;
  const lines: string[] = [];
  const begin = clock.now();
  let told = 0;
  let toldAt = begin;
  const tell = (line: string) => {
    told++;
    toldAt = clock.now();
    onProgress?.(line, told);
  };
  const read = async (): Promise<void> => {
    const values = { ...path, start: lines.length, limit: 0 };
    try {
      const { data } = await client.request({ endpoint: "GET /nodes/{node}/tasks/{upid}/log", values }, options);
      for (const line of newLines(data, lines.length)) {
        lines.push(line);
        tell(line);
      }
    } catch (error) {
      if (signal?.aborted || !(error instanceof PveError)) throw error;
    }
  };
  return {
    async follow() {
      await read();
      if (clock.now() - toldAt >= SILENCE) tell(`running for ${Math.round((clock.now() - begin) / 1000)} s`);
    },
    finish: () => (onProgress ? read() : Promise.resolve()),
    last: () => lines.slice(-LAST_LINES),
    async whole() {
      await read();
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
