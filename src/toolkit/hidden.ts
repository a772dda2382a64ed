// Owns that no answer repeats a secret that came with the call, whoever repeats it: PVE, a task's log, or we.
import { inEveryForm, redact, secretsIn } from "../pve/redact.ts";
import type { Answer } from "./answer.ts";
import type { Caller } from "./call.ts";

/** The answer without the values of the call's secret arguments. What PVE itself made and has to show stays. */
export function withoutSecrets(answer: Answer, given: Readonly<Record<string, unknown>>): Answer {
  const secrets = inEveryForm(secretsIn(given));
  if (secrets.length === 0) return answer;
  const text = (value: string) => redact(value, secrets);
  const texts = (values: readonly string[]) => values.map(text);
  const { summary, reason, notes, lines, record, rows, changes, task } = answer;
  return {
    ...answer,
    summary: text(summary),
    ...(reason && { reason: texts(reason) }),
    ...(notes && { notes: texts(notes) }),
    ...(lines && { lines: texts(lines) }),
    ...(record && { record: inside(record, text) }),
    ...(rows && { rows: rows.map((row) => inside(row, text)) }),
    ...(changes && { changes: changes.map((row) => inside(row, text)) }),
    ...(task && { task: inside(task, text) }),
  };
}

/** A caller who is told no secret of the call either, while it goes on. */
export function discreet(caller: Caller, given: Readonly<Record<string, unknown>>): Caller {
  const { onProgress } = caller;
  const secrets = inEveryForm(secretsIn(given));
  if (!onProgress || secrets.length === 0) return caller;
  return { ...caller, onProgress: (line, count) => onProgress(redact(line, secrets), count) };
}

/** The same value with every text in it changed. */
function inside<Value>(value: Value, change: (text: string) => string): Value;
function inside(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => inside(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inside(item, change)]));
}
