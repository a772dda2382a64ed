// Builds dist/bin/proxmox-mcp for this machine.

import { stat } from "node:fs/promises";
import { compile } from "./compile.ts";

const outfile = "dist/bin/proxmox-mcp";
const started = performance.now();
await compile("src/main.ts", outfile);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
const { size } = await stat(outfile);
process.stdout.write(`build: ${outfile}, ${(size / 1e6).toFixed(1)} MB, in ${seconds} s\n`);
