// Runs every step to its end, a line each, whatever fails on the way; then counts.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type Step, steps } from "./steps.ts";
import { count, type Tally } from "./tally.ts";

const logs = "dist/bin/.logs";
const stepLimit = 600_000; // ms; a step that hangs must not keep the others from running

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function run(step: Step): Promise<Tally> {
  const name = step.name.replaceAll(/[^a-z0-9]+/gi, "-").toLowerCase();
  const report = `${logs}/${name}.xml`;
  const extra = step.counted ? ["--reporter=junit", `--reporter-outfile=${report}`] : [];
  const started = performance.now();
  const child = Bun.spawn([...step.command, ...extra], {
    env: { ...process.env, ...step.env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: stepLimit,
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const log = `${logs}/${name}.log`;
  writeFileSync(log, out + err);
  const tally = count(step.counted ? readReport(report) : undefined, code === 0);
  const tests = step.counted ? `, ${tally.passed + tally.failed - 1} tests` : "";
  say(`${code === 0 ? "ok    " : "FAILED"}  ${step.name}${tests}, ${seconds} s`);
  if (code !== 0) say(indent([...excerpt(out + err), `(all of it: ${log})`]));
  return tally;
}

/** What a reader needs of a failed step's output: how it begins, and which tests failed. */
function excerpt(output: string): string[] {
  const lines = output.trim().split("\n");
  const failed = [...new Set(lines.filter((text) => text.startsWith("(fail)")))];
  return lines.length <= 50 ? lines : [...lines.slice(0, 40), "…", ...failed.slice(0, 40)];
}

function indent(lines: readonly string[]): string {
  return lines.map((text) => `        ${text}`).join("\n");
}

function readReport(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

const unknown = process.argv.slice(2).filter((argument) => argument !== "--all");
if (unknown.length > 0) {
  process.stderr.write(`test: ${unknown.join(" ")}: unknown; the one option is --all.\n`);
  process.exit(2);
}
const all = process.argv.includes("--all");
rmSync(logs, { recursive: true, force: true });
mkdirSync(logs, { recursive: true });
const total = { passed: 0, failed: 0 };
for (const step of steps) {
  if (step.slow && !all) continue;
  const { passed, failed } = await run(step);
  total.passed += passed;
  total.failed += failed;
}
say(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 ? 1 : 0);
