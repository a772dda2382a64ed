// Owns how much a default answer may hold, and where a longer one is cut: text and structured content alike.
import type { Answer, Row } from "./answer.ts";

/** Characters of JSON that the data of one answer may take: about 8,000 tokens of figures and short names. */
export const answerBudget = 18_000;

/** Characters that one line of words may take: a summary, a reason, a note. */
const longestWords = 2_000;

/** Cuts rows, lines and long texts at the budget, and says in a note what was cut and how to narrow. */
export function withinBudget(answer: Answer, narrowing: readonly string[] = [], budget = answerBudget): Answer {
  return shortened(cutChanges(cut(answer, narrowing, budget), budget / 3));
}

/** Words that hold what somebody gave or wrote end where they get too long, in the middle so that both ends stay. */
function shortened(answer: Answer): Answer {
  const { summary, reason, notes, task } = answer;
  const words = [summary, ...(reason ?? []), ...(notes ?? []), ...(task?.log ?? [])];
  if (!words.some(({ length }) => length > longestWords)) return answer;
  return {
    ...answer,
    summary: ends(summary),
    ...(reason ? { reason: reason.map(ends) } : {}),
    ...(notes ? { notes: notes.map(ends) } : {}),
    ...(task?.log ? { task: { ...task, log: task.log.map(ends) } } : {}),
  };
}

/** A long text without its middle. */
export function ends(text: string): string {
  if (text.length <= longestWords) return text;
  const half = longestWords / 2;
  return `${text.slice(0, half)} … (${text.length - longestWords} characters cut) … ${text.slice(-half)}`;
}

function cut(answer: Answer, narrowing: readonly string[], budget: number): Answer {
  if (answer.rows) return cutList(answer, "rows", answer.rows, narrowing, budget);
  if (answer.lines) return cutList(answer, "lines", answer.lines, narrowing, budget);
  if (answer.record) return cutRecord(answer, answer.record, budget);
  return answer;
}

function cutList<Name extends "rows" | "lines">(
  answer: Answer,
  name: Name,
  items: readonly (Row | string)[],
  narrowing: readonly string[],
  budget: number,
): Answer {
  let spent = 0;
  const ordered = answer.newest === "last" ? items.toReversed() : items;
  const end = ordered.findIndex((item) => {
    spent += JSON.stringify(item).length + 1;
    return spent > budget;
  });
  if (end < 0) return answer;
  const kept = Math.max(end, 1);
  const some = answer.newest === "last" ? items.slice(-kept) : items.slice(0, kept);
  const shown = end === 0 ? some.map(shortest) : some;
  const how = narrowing.length > 0 ? ` Narrow it with ${narrowing.join(", ")}.` : "";
  const which = answer.newest === "last" ? "the last " : "";
  const note = `Cut: ${which}${kept} of ${items.length} ${name} are shown.${how}`;
  return { ...answer, [name]: shown, notes: [...(answer.notes ?? []), note] };
}

/** One that is too long by itself, without the middle of its texts. */
function shortest(item: Row | string): Row | string {
  if (typeof item === "string") return ends(item);
  const texts = Object.entries(item).map(([name, value]) => [name, typeof value === "string" ? ends(value) : value]);
  return Object.fromEntries(texts);
}

/** What a change replaced stands beside the data, and is cut by itself. */
function cutChanges(answer: Answer, budget: number): Answer {
  const { changes = [] } = answer;
  let spent = 0;
  const end = changes.findIndex((change) => {
    spent += JSON.stringify(change).length + 1;
    return spent > budget;
  });
  if (end < 0) return answer;
  const kept = Math.max(end, 1);
  const note = `Cut: ${kept} of ${changes.length} changed values are told.`;
  return { ...answer, changes: changes.slice(0, kept), notes: [...(answer.notes ?? []), note] };
}

function cutRecord(answer: Answer, record: Row, budget: number): Answer {
  let spent = 0;
  const kept: Record<string, unknown> = {};
  const cut: string[] = [];
  for (const [name, value] of Object.entries(record)) {
    spent += name.length + (JSON.stringify(value)?.length ?? 0) + 4;
    if (spent > budget) cut.push(name);
    else kept[name] = value;
  }
  if (cut.length === 0) return answer;
  return { ...answer, record: kept, notes: [...(answer.notes ?? []), `Cut: too long to show: ${cut.join(", ")}.`] };
}
