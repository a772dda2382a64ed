// Builds dist/bin/proxmox-mcp for this machine; with --all, for every system, and what is handed out of it.

import { stat } from "node:fs/promises";
import { compile } from "./compile.ts";
import { release } from "./release.ts";

const started = performance.now();

function say(line: string): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`build: ${line}, at ${seconds} s\n`);
}

const unknown = process.argv.slice(2).filter((argument) => argument !== "--all");
if (unknown.length > 0) {
  process.stderr.write(`build: ${unknown.join(" ")}: unknown; the one option is --all.\n`);
  process.exit(2);
}
const outfile = "dist/bin/proxmox-mcp";
await compile("src/main.ts", outfile);
const { size } = await stat(outfile);
say(`${outfile}, ${(size / 1e6).toFixed(1)} MB`);
if (process.argv.includes("--all")) await release(say);
