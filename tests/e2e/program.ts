// Owns which program the end-to-end tests drive: the compiled binary, or the same program under another runtime.
// E2E_PROGRAM names it; without it, it is the binary that scripts/build made.

import { resolve } from "node:path";
import { env } from "node:process";

export const root = resolve(import.meta.dirname, "../..");

/** The least that Deno must grant for `serve --demo`; README shows the same. */
export const denoPermissions = ["--allow-env", "--allow-read"];

const bin = `${root}/node_modules/.bin`;

const programs: Readonly<Record<string, readonly string[]>> = {
  binary: [`${root}/dist/bin/proxmox-mcp`],
  deno: [`${bin}/deno`, "run", "--no-lock", ...denoPermissions, `${root}/src/main.ts`],
};

function chosen(): { name: string; command: readonly string[] } {
  const name = env.E2E_PROGRAM ?? "binary";
  const command = programs[name];
  if (!command) throw new Error(`E2E_PROGRAM=${name}: one of ${Object.keys(programs).join(", ")}`);
  return { name, command };
}

/** The program under test: what to run, with the program's own arguments to be added. */
export const program = chosen();

/** All that a child inherits: none of the tester's own settings reach it. */
export const environment: Readonly<Record<string, string>> = {
  PATH: env.PATH ?? "/usr/bin:/bin",
  HOME: "/nonexistent",
  DENO_DIR: `${root}/node_modules/.cache/deno`,
  DENO_NO_UPDATE_CHECK: "1",
};
