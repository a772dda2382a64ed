// Prints what the program costs, beside references measured in the same run, and the limits it is to keep.

import { resolve } from "node:path";
import { reference } from "./references.ts";
import { type Measure, measure } from "./session.ts";
import { median, medianRatio } from "./statistics.ts";
import { tokens } from "./tokens.ts";

const quick = process.argv.includes("--quick");
const pairs = quick ? 9 : 41;
const ours = [resolve("dist/bin/proxmox-mcp"), "serve"];

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

const { tools } = await measure(ours);
const floor = [await reference("floor", tools)];
const limit = [await reference("limit", tools)];
const programs = { ours, floor, again: floor, limit };
type Name = keyof typeof programs;
const names: Name[] = ["ours", "floor", "again", "limit"];

const runs: Record<Name, Measure[]> = { ours: [], floor: [], again: [], limit: [] };
for (const name of names) await measure(programs[name]); // the first start reads the file from the disk
say(`bench: ${pairs} rounds of ${names.length} programs, each in turn …`);
for (let round = 0; round < pairs; round++) {
  // Forwards and backwards by turns, so that no program always runs in another's wake.
  for (const name of round % 2 === 0 ? names : names.toReversed()) runs[name].push(await measure(programs[name]));
}

function row(what: string, unit: string, pick: (measure: Measure) => number, bound: string): string {
  const values = (name: Name): number[] => runs[name].map(pick);
  const shown = (name: Name): string => `${median(values(name)).toFixed(1)} ${unit}`;
  const ratio = (a: Name, b: Name): string => medianRatio(values(a), values(b)).toFixed(2);
  const cells = [what, shown("ours"), shown("floor"), shown("limit")];
  return line([...cells, ratio("ours", "floor"), ratio("again", "floor"), ratio("ours", "limit"), bound]);
}

function line(cells: readonly string[]): string {
  return cells.map((cell, index) => (index === 0 ? cell.padEnd(22) : cell.padStart(14))).join("");
}

say(line(["", "proxmox-mcp", "floor", "limit", "to floor", "floor to floor", "to limit", "allowed"]));
say(row("start to tools/list", "ms", ({ start }) => start, "≤ 1.15 floor"));
say(row("idle memory", "MB", ({ memory }) => memory / 1e6, "≤ 1.20 floor"));

const counts = tokens(tools);
const sum = counts.reduce((total, { count }) => total + count, 0);
say(`\ntokens of tools/list (o200k; ≤ 1,000 for eight tools): ${sum} for ${counts.length}`);
for (const { name, count } of counts) say(`  ${name.padEnd(28)}${String(count).padStart(5)}`);
