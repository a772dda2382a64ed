// Writes the files that follow from the tools: the listing that is served, the tables of README. `--check` only compares.
import { readFileSync, writeFileSync } from "node:fs";
import { generatedFiles } from "./generated.ts";

const check = process.argv.includes("--check");
let stale = 0;
for (const { path, text } of generatedFiles()) {
  const before = readOr(path, "");
  if (before === text) continue;
  stale += 1;
  process.stdout.write(`${check ? "stale" : "written"}: ${path}\n`);
  if (!check) writeFileSync(path, text);
}
process.exit(check && stale > 0 ? 1 : 0);

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return otherwise;
  }
}
