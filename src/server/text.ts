// Owns the text of an answer: the outcome in the seed's form, then a table or key: value lines.

import { escaped, quoted, quotedLines } from "../pve/quote.ts";
import type { Answer, Row } from "../toolkit/answer.ts";
import { figure } from "./units.ts";

/** The answer for a reader; it holds what `structured` holds. */
export function textOf(answer: Answer): string {
  const parts = [headOf(answer)];
  if (answer.rows && answer.rows.length > 0) parts.push(table(answer.rows));
  if (answer.record) parts.push(recordText(answer.record));
  if (answer.lines && answer.lines.length > 0) parts.push(quotedLines(answer.lines));
  if (answer.task) parts.push(taskText(answer.task));
  if (answer.notes && answer.notes.length > 0) parts.push(answer.notes.map(escaped).join("\n"));
  return parts.filter((part) => part !== "").join("\n\n");
}

/**
 * The answer for a program: the same data with PVE's own values (MCP 2025-11-25, structuredContent). Hosts hand it to
 * models as well, so what hides or steers is escaped here too; a line break stays one.
 */
export function structured(answer: Answer): Record<string, unknown> {
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, visible(value)]));
}

function visible(value: unknown): unknown {
  if (typeof value === "string") return value.split("\n").map(escaped).join("\n");
  if (Array.isArray(value)) return value.map(visible);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [escaped(name), visible(inner)]));
}

function headOf({ outcome, summary, reason = [] }: Answer): string {
  const why = reason.map((text) => text.split("\n").map(escaped).join("\n"));
  if (outcome === "denied") return [`🚫 Permission Denied: ${escaped(summary)}`, why.join("\n")].join("\n\n");
  if (outcome !== "error" && outcome !== "failed") return `✅ ${escaped(summary)}`;
  const reasons = why.length > 1 ? why.map((line) => `\n${line}`).join("") : ` ${why.join("")}`;
  return `❌ Error: ${escaped(summary)}${why.length > 0 ? `\n\nReason:${reasons}` : ""}`;
}

function table(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) => columns.map((name) => valueText(name, row[name])).join(" | "));
  return [columns.join(" | "), ...lines].join("\n");
}

function recordText(record: Row): string {
  return Object.entries(record)
    .map(([name, value]) => `${escaped(name)}: ${valueText(name, value)}`)
    .join("\n");
}

/** A value in a cell or behind its name; nested objects in braces, absent values as nothing. */
function valueText(name: string, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return figure(name, value);
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map((item) => valueText(name, item)).join(", ")}]`;
  if (typeof value !== "object") return String(value);
  const inner = Object.entries(value).map(([key, item]) => `${escaped(key)} ${valueText(key, item)}`);
  return `{${inner.join(", ")}}`;
}

function taskText({ upid, exitstatus, log = [] }: NonNullable<Answer["task"]>): string {
  const end = exitstatus === undefined ? "" : ` (${escaped(exitstatus)})`;
  return [`Task ${escaped(upid)}${end}`, ...(log.length > 0 ? [quotedLines(log)] : [])].join("\n");
}
