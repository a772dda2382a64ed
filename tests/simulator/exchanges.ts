// The selection of genuine refusals that the project keeps as data (exchanges.gen.jsonl): a few of each text, no secrets.
// Run by itself (bun tests/simulator/exchanges.ts) it writes them anew from the recordings beside the project.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Exchange, readAnswer } from "../../scripts/replaying/exchange.ts";

export interface Selected {
  auth: string;
  method: string;
  path: string;
  params: Record<string, unknown>;
  status: number;
  message: string;
  errors: Record<string, string>;
}

/** Order of keys inside PVE's answers is random. */
function sorted(record: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What is the same in two refusals of one kind: names and numbers left out. */
function kindOf(row: Selected): string {
  const texts = Object.values(row.errors).map((text) => text.replaceAll(/'[^']*'|\d+/g, "_"));
  return `${row.status} ${row.message.replaceAll(/'[^']*'|\/[^,]*|\d+/g, "_")} ${[...new Set(texts)].sort().join("|")}`;
}

/** Up to three refusals of each kind; multi-line texts come in random order and are left out. */
export function selection(rows: readonly Exchange[]): Selected[] {
  const counts = new Map<string, number>();
  const kept: Selected[] = [];
  for (const { auth, method, path, params, status, body } of rows) {
    if (status === 200 || status === 404 || auth === null || typeof params !== "object" || Array.isArray(params))
      continue;
    const { message, errors } = readAnswer(status, body);
    const row: Selected = {
      auth,
      method,
      path,
      params: params ?? {},
      status,
      message: message.trim(),
      errors: sorted(errors),
    };
    const plain = !/existiert|does not exist|got timeout|^Error|such|unable to (?:parse dir|resolve|open)/.test(
      message,
    );
    const single = Object.values(errors).every((text) => !text.trim().includes("\n") && !text.includes("resolve"));
    const state = status === 500 && !message.startsWith("hostname") && !message.startsWith("user name");
    const stateful = Object.values(errors).some((text) => /^No such|^no such|does not exist|already/.test(text));
    const seen = counts.get(kindOf(row)) ?? 0;
    if (!plain || !single || state || stateful || seen >= 3 || message === "" || JSON.stringify(row).length > 900)
      continue;
    counts.set(kindOf(row), seen + 1);
    kept.push(row);
  }
  return kept;
}

if (import.meta.main) {
  const folder = resolve(import.meta.dir, "../../../shared/pve-recorded");
  const read = (name: string): Exchange[] =>
    readFileSync(`${folder}/${name}.jsonl`, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  const lines = selection([...read("fuzz"), ...read("permissions")]).map((row) => `${JSON.stringify(row)}\n`);
  writeFileSync(resolve(import.meta.dir, "exchanges.gen.jsonl"), lines.join(""));
}
