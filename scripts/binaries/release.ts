// Owns the building for every system: programs, archives, checksums, and the formula that names them.

import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unpack } from "../packages/fetch.ts";
import { locked } from "../packages/lock.ts";
import { archive, archiveName } from "./archive.ts";
import { compile } from "./compile.ts";
import { formula, releaseAddress } from "./formula.ts";
import { signed } from "./signature.ts";
import { type Target, targets } from "./targets.ts";

const out = "dist/bin";

/** Builds all targets, two at a time, and tells each one's size. */
export async function release(say: (line: string) => void): Promise<void> {
  await clear();
  const waiting = [...targets];
  const sums = new Map<string, string>();
  const worker = async (): Promise<void> => {
    for (let target = waiting.shift(); target; target = waiting.shift()) {
      const program = await build(target);
      const bytes = await archive(target, program);
      const name = archiveName(target);
      await writeFile(join(out, name), bytes);
      sums.set(name, createHash("sha256").update(bytes).digest("hex"));
      say(`${name}, ${(bytes.length / 1e6).toFixed(1)} MB`);
    }
  };
  await Promise.all([worker(), worker()]);
  const lines = targets.map((target) => `${sums.get(archiveName(target))}  ${archiveName(target)}\n`);
  await writeFile(join(out, "SHA256SUMS"), lines.join(""));
  await mkdir("dist/homebrew", { recursive: true });
  await writeFile("dist/homebrew/proxmox-mcp.rb", formula(releaseAddress, sums));
}

/** Takes away what an earlier build of another version left. */
async function clear(): Promise<void> {
  await mkdir(out, { recursive: true });
  const stale = (await readdir(out)).filter((name) => /^(SHA256SUMS|proxmox-mcp-.*\.(tar\.gz|zip))$/.test(name));
  await Promise.all(stale.map((name) => rm(join(out, name))));
}

/** The path of the target's program. */
async function build(target: Target): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), "proxmox-mcp-runtime-"));
  const program = join(out, target.name, target.file);
  try {
    await unpack(locked(target.runtime), scratch);
    const executable = join(scratch, "package/bin", target.file.endsWith(".exe") ? "bun.exe" : "bun");
    await mkdir(join(out, target.name), { recursive: true });
    await compile("src/main.ts", program, { bun: target.bun, executable });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  if (target.name === "darwin-x64") {
    await writeFile(program, signed(await readFile(program), "proxmox-mcp"));
  }
  return program;
}
