// Owns the building of the benchmark's references: programs compiled as ours is, which serve the same listing.

import { mkdir, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { compile } from "../binaries/compile.ts";
import type { Tool } from "./session.ts";

export const folder = resolve("dist/bin/.bench");

/** Compiles `scripts/benchmark/<name>.ts`, to serve `tools`; gives the path of the program. */
export async function reference(name: "floor" | "limit", tools: readonly Tool[]): Promise<string> {
  const source = resolve(import.meta.dirname, `${name}.ts`);
  const entry = `import { serve } from ${JSON.stringify(source)};\nserve(${JSON.stringify(tools)});\n`;
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/${name}.ts`, entry);
  await compile(`${folder}/${name}.ts`, `${folder}/${name}`);
  return `${folder}/${name}`;
}

/** Compiles a program that does nothing; gives its path. */
export async function empty(): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/empty.ts`, "");
  await compile(`${folder}/empty.ts`, `${folder}/proxmox-mcp`);
  return `${folder}/proxmox-mcp`;
}
