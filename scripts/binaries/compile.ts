// Owns the compiler's command line: how a TypeScript entry becomes one executable file.

import { mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { run } from "../packages/run.ts";

/**
 * Flags of everything that is built from src. Native add-ons would be the build machine's own, and are looked for in vain
 * at run time, beside the program alone; a whole package left out would be looked for where the program is started, and
 * run. `__dirname` of a bundled package is a path of the build machine.
 */
export const shared = [
  "--minify",
  "--format=esm",
  "--external=*.node",
  '--define=__dirname="/"',
  '--define=__filename="/x"',
];

// What is loaded later lies apart, so that the start doesn't pay for it: a tenth of its time, a tenth of its memory.
// `.env` and `bunfig.toml` of the folder where the program is started are not its business: by default a compiled
// program reads the one and runs what the other names.
const flags = [
  ...shared,
  "--compile",
  "--bytecode",
  "--splitting",
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
];

/** Another system than this one: Bun's name for it, and the path of Bun's executable for it. */
export interface Foreign {
  readonly bun: string;
  readonly executable: string;
}

/**
 * Compiles `entry` into `outfile`. The file appears at once and whole, so that two builds, or a build and a running
 * program, don't meet. Its name is part of its bytes, the folder is not.
 *
 * @throws Error with the compiler's own words
 */
export async function compile(entry: string, outfile: string, foreign?: Foreign): Promise<void> {
  const folder = join(dirname(outfile), `.build-${process.pid}-${basename(outfile)}`);
  const built = join(folder, basename(outfile));
  // bytecode makes macOS's program, whose Bun is the smallest, larger by more than a tenth
  const wanted = flags.filter((flag) => flag !== "--bytecode" || !foreign?.bun.includes("darwin"));
  const target = foreign ? [`--target=${foreign.bun}`, `--compile-executable-path=${foreign.executable}`] : [];
  await mkdir(folder, { recursive: true });
  try {
    await run([process.execPath, "build", ...wanted, ...target, entry, `--outfile=${built}`]);
    await rename(built, outfile);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
