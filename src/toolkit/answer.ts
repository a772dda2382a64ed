// Owns what a tool call can answer: one value that the server turns into text and structured content.
import type { PveErrorKind } from "../pve/errors.ts";
import type { UnitName } from "./unit.ts";

export type Outcome = "ok" | "warnings" | "running" | "failed" | "error" | "denied";

/** One row of a table or one record: PVE's names and values as PVE sent them. */
export type Row = Readonly<Record<string, unknown>>;

/** How a task stands (GET /nodes/{node}/tasks/{upid}/status), with the log lines that matter. */
export interface TaskReport {
  readonly upid: string;
  readonly exitstatus?: string;
  readonly log?: readonly string[];
}

export interface Answer {
  readonly outcome: Outcome;
  /** One line: what was done or found, or what went wrong. */
  readonly summary: string;
  /** Why it went wrong, a line each: PVE's own sentence first. */
  readonly reason?: readonly string[];
  /** At most one of these three holds the data. */
  readonly rows?: readonly Row[];
  readonly record?: Row;
  readonly lines?: readonly string[];
  /** What a change replaced: `key`, its `old` and its `new` value; without `new` what was deleted. */
  readonly changes?: readonly Row[];
  /** What was cut and how to narrow, how to go on, what else to know. */
  readonly notes?: readonly string[];
  readonly task?: TaskReport;
  /** How numbers read in text where their name doesn't say it. */
  readonly units?: Readonly<Record<string, UnitName>>;
  /** Where a list that is too long keeps its end. */
  readonly newest?: "last";
  /** The kind of an error. */
  readonly kind?: PveErrorKind | "arguments" | "settings" | "command";
}

/** Whether the host is told `isError`. */
export function isError(answer: Answer): boolean {
  return answer.outcome === "failed" || answer.outcome === "error" || answer.outcome === "denied";
}
