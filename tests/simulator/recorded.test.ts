import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { ask, type Exchange, recordedCluster } from "../../scripts/replaying/exchange.ts";
import type { Step } from "../../scripts/replaying/history.ts";
import { type Judged, judgeFaults, judgePermissions } from "../../scripts/replaying/judge.ts";
import { runHistory } from "../../scripts/replaying/run-history.ts";
import { type Selected, selection } from "./exchanges.ts";

const folder = resolve(import.meta.dir, "../../../shared/pve-recorded");
const kept = resolve(import.meta.dir, "exchanges.gen.jsonl");

function read<T>(file: string): T[] {
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

const recordings = (name: string): Exchange[] => (existsSync(folder) ? read<Exchange>(`${folder}/${name}.jsonl`) : []);
if (!existsSync(folder)) process.stderr.write(`no recordings at ${folder}: only the kept selection is replayed\n`);

function expectAgreement(name: string, judged: readonly Judged[], least: number): void {
  const different = judged.filter(({ same }) => !same);
  const percent = judged.length === 0 ? 100 : (1 - different.length / judged.length) * 100;
  process.stderr.write(`${name}: ${percent.toFixed(2)} % of ${judged.length} agree\n`);
  const lines = different.map(({ exchange, why }) => `${exchange.method} ${exchange.path}: ${why}`);
  expect(percent, lines.join("\n")).toBeGreaterThanOrEqual(least);
}

describe("genuine exchanges", () => {
  test("that the project keeps are refused alike: status, names and texts", async () => {
    const { simulator, tokens } = recordedCluster();
    const different: string[] = [];
    for (const { auth, status, message, errors, ...request } of read<Selected>(kept)) {
      const got = await ask(simulator, { ...request, auth, status, body: null }, tokens[auth]);
      const same = got.status === status && got.message.trim() === message && Bun.deepEquals(got.errors, errors);
      if (!same) different.push(`${auth} ${request.method} ${request.path}: ${JSON.stringify(got)}`);
    }
    expect(different).toEqual([]);
  });

  test("that the project keeps are those of the recordings", () => {
    const rows = [...recordings("fuzz"), ...recordings("permissions")];
    if (rows.length === 0) return;
    const lines = selection(rows).map((row) => `${JSON.stringify(row)}\n`);
    expect(lines.join("")).toBe(readFileSync(kept, "utf8"));
  });

  test("with faults in their parameters agree in status and names of errors (97 % at least)", async () => {
    expectAgreement("fuzz", await judgeFaults(recordings("fuzz")), 97);
  });

  test("of three kinds of token agree in what is forbidden and in its text (97 % at least)", async () => {
    expectAgreement("permissions", await judgePermissions(recordings("permissions")), 97);
  });

  test("of a cluster's life, in their order, agree in status, text, UPID and the task's end (85 % at least)", async () => {
    const steps = existsSync(folder) ? read<Step>(`${folder}/history.jsonl`) : [];
    expectAgreement("history", (await runHistory(steps)).judged, 85);
  }, 60_000);
});
