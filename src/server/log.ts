// Owns the log: a JSON line a call on stderr, written at once. pino comes in with the first line.
import type { Logger } from "pino";
import type { Answer } from "../toolkit/answer.ts";

/** PROXMOX_LOG_LEVEL */
export type LogLevel = "silent" | "fatal" | "error" | "warn" | "info" | "debug" | "trace";

export interface CallLog {
  /** One call and its end. Arguments never come in: they may hold secrets. */
  call(tool: string, given: Readonly<Record<string, unknown>>, answer: Answer, milliseconds: number): void;
  /** Something that is no call: a line on stdin that is no message, a bug. */
  problem(error: Error): void;
}

/** A log of that level to stderr; with `silent` nothing is loaded or written. */
export function createLog(level: LogLevel): CallLog {
  let logger: Promise<Logger> | undefined;
  const write = (line: (to: Logger) => void) => {
    if (level === "silent") return;
    logger ??= open(level);
    logger.then(line).catch(() => {});
  };
  return {
    call(tool, { action, node, vmid }, { outcome, kind, task }, milliseconds) {
      const said = Object.entries({ action, node, vmid, outcome, kind, task: task?.upid }).filter(([, value]) =>
        isShort(value),
      );
      const line = { tool, ...Object.fromEntries(said), ms: Math.round(milliseconds) };
      write((to) =>
        outcome === "ok" || outcome === "warnings" || outcome === "running" ? to.info(line) : to.warn(line),
      );
    },
    problem: (error) => write((to) => to.warn({ problem: error.message })),
  };
}

/** Names and numbers; what a model put in the place of one may be anything. */
const isShort = (value: unknown): boolean => ["string", "number"].includes(typeof value) && String(value).length <= 100;

async function open(level: LogLevel): Promise<Logger> {
  const { default: pino } = await import("pino");
  const stderr = pino.destination({ fd: 2, sync: true });
  // a host that closed stderr is no reason to stop serving
  stderr.on("error", () => {});
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stderr);
}
