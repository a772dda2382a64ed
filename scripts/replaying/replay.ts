// Prints the agreement of the embedded cluster with the recordings, and writes down what disagrees.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Exchange } from "./exchange.ts";
import type { Step } from "./history.ts";
import { type Judged, judgeFaults, judgePermissions } from "./judge.ts";
import { reasonOf } from "./reasons.ts";
import { runHistory } from "./run-history.ts";
import { judgeSnapshot, namesNoObject } from "./snapshot.ts";

const file = "scripts/replaying/differences.gen.tsv";
const folder = resolve(process.argv[2] ?? "../shared/pve-recorded");
if (!existsSync(folder)) {
  process.stderr.write(`replay: there are no recordings in ${folder}\n`);
  process.exit(1);
}

function read<T>(name: string): T[] {
  const lines = readFileSync(`${folder}/${name}.jsonl`, "utf8").trim().split("\n");
  return lines.map((line): T => JSON.parse(line));
}

interface Table {
  name: string;
  what: string;
  goal: number;
  rows: readonly (Judged & { n?: number })[];
}

const gets = read<Exchange & { template: string | null }>("snapshot").filter(({ template }) => namesNoObject(template));
const history = await runHistory(read<Step>("history"));
const fields = await judgeSnapshot(history.simulator, history.tokens, gets);
const faults = await judgeFaults(read<Exchange>("fuzz"));
const permissions = await judgePermissions(read<Exchange>("permissions"));
const tables: Table[] = [
  { name: "fuzz", what: "faulty requests: status, names of errors", goal: 97, rows: faults },
  { name: "permissions", what: "asked by three tokens: 403 and its text", goal: 97, rows: permissions },
  { name: "history", what: "steps: status, text, UPID, the task's end", goal: 85, rows: history.judged },
  { name: "snapshot", what: "GETs: JSON type of every field", goal: 95, rows: fields },
];

const lines: string[] = ["recording\tstep\trequest\tdifference\treason"];
for (const { name, what, goal, rows } of tables) {
  const same = rows.filter((row) => row.same).length;
  const percent = rows.length === 0 ? 100 : (100 * same) / rows.length;
  const figures = `${percent.toFixed(2).padStart(6)} %  ${String(same).padStart(5)} of ${String(rows.length).padEnd(5)}`;
  process.stdout.write(`${name.padEnd(12)} ${figures} ${what} (goal ${goal} %)\n`);
  const reasons = new Map<string, number>();
  for (const { exchange, n, why } of rows.filter((row) => !row.same)) {
    const request = `${exchange.method} ${exchange.path.replace("/api2/json", "")}`;
    const flat = why.replaceAll(/\s+/g, " ").slice(0, 400);
    const reason = reasonOf(`${request}: ${flat}`);
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    lines.push([name, n ?? "", request, flat, reason].join("\t"));
  }
  for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1])) {
    process.stdout.write(`             ${String(count).padStart(5)}  ${reason}\n`);
  }
}
writeFileSync(file, `${lines.join("\n")}\n`);
process.stdout.write(`What disagrees: ${file}\n`);
