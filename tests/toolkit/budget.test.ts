// No default answer is longer than its budget, whatever PVE sends.
import { expect, test } from "bun:test";
import type { Answer } from "../../src/toolkit/answer.ts";
import { answerBudget, withinBudget } from "../../src/toolkit/budget.ts";

const long = "x".repeat(1_000_000);
const head = { outcome: "ok", summary: "done" } as const;
const all: readonly [string, Answer][] = [
  ["one line of a log", { ...head, lines: [long] }],
  ["a log whose last line is long", { ...head, lines: ["a", long], newest: "last" }],
  ["one row", { ...head, rows: [{ name: "a", comment: long }] }],
  ["a text of a record", { ...head, record: { name: "a", description: long } }],
  [
    "many changed values",
    { ...head, changes: Array.from({ length: 10_000 }, (_, key) => ({ key: `k${key}`, old: "a", new: "b" })) },
  ],
];

test.each(all)("%s is cut, and the answer says so", (_, answer) => {
  const short = withinBudget(answer);
  expect(JSON.stringify(short).length).toBeLessThan(answerBudget + 1_000);
  expect(JSON.stringify(short)).toMatch(/Cut: |characters cut/);
});

test("what fits is left as it is", () => {
  const answer: Answer = { ...head, rows: [{ name: "a" }], changes: [{ key: "a", old: 1, new: 2 }] };
  expect(withinBudget(answer)).toEqual(answer);
});
