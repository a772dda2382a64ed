// Prints what the program costs, beside references measured in the same run, and the limits it is to keep. Ends with 1
// when one isn't kept.

import { statSync } from "node:fs";
import { resolve } from "node:path";
import { commandOverhead } from "./command.ts";
import { overheads } from "./overhead.ts";
import { empty, reference } from "./references.ts";
import { type Measure, measure } from "./session.ts";
import { median, medianRatio } from "./statistics.ts";
import { tokens } from "./tokens.ts";

const quick = process.argv.includes("--quick");
const pairs = quick ? 9 : 41;
const program = resolve("dist/bin/proxmox-mcp");
const ours = [program, "serve"];
let kept = true;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function line(cells: readonly string[]): string {
  return cells.map((cell, index) => (index === 0 ? cell.padEnd(34) : cell.padStart(15))).join("");
}

/** A limit as it stands in the last column, and whether it is kept. */
function bound(value: number, limit: number, unit: string): string {
  if (value > limit) kept = false;
  return `${value > limit ? "NOT " : ""}≤ ${limit}${unit}`;
}

const { tools } = await measure(ours);
const floor = [await reference("floor", tools)];
const limit = [await reference("limit", tools)];
const programs = { ours, floor, again: floor, limit };
type Name = keyof typeof programs;
const names: Name[] = ["ours", "floor", "again", "limit"];

const runs: Record<Name, Measure[]> = { ours: [], floor: [], again: [], limit: [] };
for (const name of names) await measure(programs[name]); // the first start reads the file from the disk
say(`bench: ${pairs} rounds of ${names.length} programs, each in turn …\n`);
for (let round = 0; round < pairs; round++) {
  // Forwards and backwards by turns, so that no program always runs in another's wake.
  for (const name of round % 2 === 0 ? names : names.toReversed()) runs[name].push(await measure(programs[name]));
}

function row(what: string, unit: string, pick: (measure: Measure) => number, most: number): string {
  const values = (name: Name): number[] => runs[name].map(pick);
  const shown = (name: Name): string => `${median(values(name)).toFixed(1)} ${unit}`;
  const ratio = (a: Name, b: Name): number => medianRatio(values(a), values(b));
  const ratios = [ratio("ours", "floor"), ratio("again", "floor"), ratio("ours", "limit")];
  const cells = [what, shown("ours"), shown("floor"), shown("limit"), ...ratios.map((one) => one.toFixed(2))];
  return line([...cells, bound(ratio("ours", "floor"), most, " floor")]);
}

say(line(["", "proxmox-mcp", "floor", "limit", "to floor", "floor to floor", "to limit", "allowed"]));
say(row("start to tools/list", "ms", ({ start }) => start, 1.15));
say(row("idle memory", "MB", ({ memory }) => memory / 1e6, 1.2));

const sizes = [program, await empty()].map((path) => statSync(path).size);
const [whole = 0, nothing = 0] = sizes;
say(line(["\nsize of the program", "proxmox-mcp", "empty program", "", "to empty", "", "", "allowed"]));
const shown = sizes.map((size) => `${(size / 1e6).toFixed(1)} MB`);
const times = whole / nothing;
say(line(["", ...shown, "", times.toFixed(2), "", "", bound(times, 1.1, " empty")]));

say(line(["\na call, and the request that it makes", "call", "request", "", "over it", "", "", "allowed"]));
for (const { name, call, direct, over } of await overheads(quick ? 200 : 2000)) {
  const cells = [call, direct].map((time) => `${time.toFixed(3)} ms`);
  say(line([name, ...cells, "", `${over.toFixed(3)} ms`, "", "", bound(over, 0.4, " ms")]));
}

const command = await commandOverhead(quick ? 20 : 100);
if (command) {
  const { name, call, direct, over } = command;
  const times = [call, direct].map((time) => `${time.toFixed(1)} ms`);
  say(line(["\na command over a warm connection", "call", "ssh", "", "over it", "", "", "allowed"]));
  say(line([name, ...times, "", `${over.toFixed(1)} ms`, "", "", "aim: ≤ 20 ms"]));
} else say("\na command over a warm connection: not measured, for it takes root and openssh-server");

const counts = tokens(tools);
const sum = counts.reduce((total, { count }) => total + count, 0);
const most = 125 * counts.length; // 1,000 for eight
say(line(["\ntokens of tools/list, o200k", String(sum), "", "", "", "", "", bound(sum, most, "")]));
for (const { name, count } of counts) say(line([`  ${name}`, String(count)]));
process.exit(kept ? 0 : 1);
