// Owns which program the end-to-end tests drive: the compiled binary, or the same program in another form or under
// another runtime. E2E_PROGRAM names it; without it, it is the binary that scripts/build made.

import { resolve } from "node:path";
import { env } from "node:process";
import { oldestNode } from "../../scripts/packages/node.ts";

export const root = resolve(import.meta.dirname, "../..");

/** The least that Deno must grant for `serve --demo`: its settings. README shows the same. */
export const denoPermissions = ["--allow-env=PROXMOX_*"];

const bin = `${root}/node_modules/.bin`;

const deno = [`${bin}/deno`, "run", "--no-lock", "--no-prompt", ...denoPermissions];
const npm = `${root}/dist/bin/proxmox-mcp.js`; // the npm package's one file

const programs: Readonly<Record<string, readonly string[]>> = {
  binary: [`${root}/dist/bin/proxmox-mcp`],
  deno: [...deno, `${root}/src/main.ts`],
  "npm-node": [`${oldestNode}/node`, npm],
  "npm-bun": [`${bin}/bun`, "--no-env-file", "--config=/dev/null", "--tsconfig-override=/dev/null", npm], // Bun would read these
  "npm-deno": [...deno, npm],
  arm64: ["qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu", `${root}/dist/bin/linux-arm64/proxmox-mcp`],
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
