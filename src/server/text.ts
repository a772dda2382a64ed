// Owns the text of an answer: the outcome in the seed's form, then a table or key: value lines.

import { escaped, quoted, quotedLines } from "../pve/quote.ts";
import type { Answer, Row } from "../toolkit/answer.ts";
import type { UnitName } from "../toolkit/unit.ts";
import { figure } from "./units.ts";

/** The answer for a reader; it holds what `structured` holds. `now`: milliseconds since 1970, for the age of a moment. */
export function textOf(answer: Answer, now: number): string {
  const show: Show = { now, units: answer.units ?? {} };
  const parts = [headOf(answer)];
  if (answer.rows && answer.rows.length > 0) parts.push(table(answer.rows, show));
  if (answer.record) parts.push(recordText(answer.record, show));
  if (answer.changes) parts.push(changesText(answer.changes, show));
  if (answer.lines && answer.lines.length > 0) parts.push(quotedLines(answer.lines));
  if (answer.task) parts.push(taskText(answer.task));
  if (answer.notes && answer.notes.length > 0) parts.push(answer.notes.map(escaped).join("\n"));
  return parts.filter((part) => part !== "").join("\n\n");
}

/**
 * The answer for a program: the same data with PVE's own values (MCP 2025-11-25, structuredContent). Hosts hand it to
 * models as well, so what hides or steers is escaped here too; a line break stays one.
 */
export function structured({ units: _units, newest: _newest, ...answer }: Answer): Record<string, unknown> {
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

/** How figures are shown: the moment of showing, and the units of this answer. */
interface Show {
  readonly now: number;
  readonly units: Readonly<Record<string, UnitName>>;
}

function table(rows: readonly Row[], show: Show): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) => columns.map((name) => valueText(name, row[name], show)).join(" | "));
  return [columns.join(" | "), ...lines].join("\n");
}

function recordText(record: Row, show: Show): string {
  return Object.entries(record)
    .map(([name, value]) => `${escaped(name)}: ${valueText(name, value, show)}`)
    .join("\n");
}

/** `key: old → new`, or what stood there before it was deleted. */
function changesText(changes: readonly Row[], show: Show): string {
  if (changes.length === 0) return "Nothing differs from what stood there before.";
  const gone = changes.every((change) => !("new" in change));
  const side = (key: string, value: unknown) => (value === undefined ? "(not set)" : valueText(key, value, show));
  const lines = changes.map(({ key, old, new: now }) => {
    const name = String(key);
    return `${escaped(name)}: ${side(name, old)}${gone ? "" : ` → ${side(name, now)}`}`;
  });
  return [gone ? "What stood there:" : "Changed:", ...lines].join("\n");
}

/** A value in a cell or behind its name; nested objects in braces, absent values as nothing. */
function valueText(name: string, value: unknown, show: Show): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number") return figure(show.units[name] ?? name, value, show.now);
  if (typeof value === "string") return numberText(name, value, show) ?? quoted(value);
  if (Array.isArray(value)) return `[${value.map((item) => valueText(name, item, show)).join(", ")}]`;
  if (typeof value !== "object") return String(value);
  const inner = Object.entries(value).map(([key, item]) => `${escaped(key)} ${valueText(key, item, show)}`);
  return `{${inner.join(", ")}}`;
}

/** PVE sends some numbers as text; under a unit of this answer they are numbers. */
function numberText(name: string, value: string, { units, now }: Show): string | undefined {
  const unit = units[name];
  return unit !== undefined && /^\d+(?:\.\d+)?$/.test(value) ? figure(unit, Number(value), now) : undefined;
}

function taskText({ upid, exitstatus, log = [] }: NonNullable<Answer["task"]>): string {
  const end = exitstatus === undefined ? "" : ` (${escaped(exitstatus)})`;
  return [`Task ${escaped(upid)}${end}`, ...(log.length > 0 ? [quotedLines(log)] : [])].join("\n");
}
