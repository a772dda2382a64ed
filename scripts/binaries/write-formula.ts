// Writes the Homebrew formula for the archives in dist/bin.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { env } from "node:process";
import { formula, readSums, releaseAddress } from "./formula.ts";

const path = "dist/homebrew/proxmox-mcp.rb";
const sums = readSums(await readFile("dist/bin/SHA256SUMS", "utf8").catch(() => ""));
await mkdir("dist/homebrew", { recursive: true });
await writeFile(path, formula(env.PROXMOX_MCP_BASE ?? releaseAddress, sums));
process.stdout.write(`formula: ${path}\n`);
