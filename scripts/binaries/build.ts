// Builds dist/bin/proxmox-mcp for this machine. With --all, for every system, and what is handed out of it; with --npm,
// the npm package's one file alone.

import { stat } from "node:fs/promises";
import { bundle } from "./bundle.ts";
import { compile } from "./compile.ts";
import { release } from "./release.ts";

const started = performance.now();

function say(line: string): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stderr.write(`build: ${line}, at ${seconds} s\n`); // npm pack prints the archive's name on stdout
}

async function told(path: string): Promise<void> {
  const { size } = await stat(path);
  say(`${path}, ${(size / 1e6).toFixed(1)} MB`);
}

const [option, ...more] = process.argv.slice(2);
if (more.length > 0 || (option !== undefined && option !== "--all" && option !== "--npm")) {
  process.stderr.write("build: the options are --all and --npm, one at a time.\n");
  process.exit(2);
}
if (option !== "--npm") {
  const outfile = "dist/bin/proxmox-mcp";
  await compile("src/main.ts", outfile);
  await told(outfile);
}
if (option !== undefined) await told(await bundle());
if (option === "--all") await release(say);
