// Owns the npm package's one file: the whole program as JavaScript for Node 22.15 or later, Bun and Deno; and beside it
// the licences of the packages in it, which are the same in every form of the program.

import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { oldestVersion } from "../packages/manifest.ts";
import { run } from "../packages/run.ts";
import { shared } from "./compile.ts";
import { thirdParty } from "./third-party.ts";

const outfile = "dist/bin/proxmox-mcp.js";
const licences = "dist/bin/THIRD-PARTY.txt";

/** Writes the bundle, executable, with the runtime to start it named in its first line, and the licences of what it holds. */
export async function bundle(): Promise<string> {
  await mkdir(dirname(outfile), { recursive: true });
  const scratch = await mkdtemp(join(dirname(outfile), ".bundle-"));
  const built = join(scratch, "proxmox-mcp.js");
  try {
    const meta = join(scratch, "meta.json");
    const options = ["--target=node", `--metafile=${meta}`, `--outfile=${built}`];
    await run([process.execPath, "build", ...shared, ...options, "src/main.ts"]);
    const { inputs } = JSON.parse(await readFile(meta, "utf8"));
    await writeFile(licences, await thirdParty(Object.keys(inputs)));
    await writeFile(built, `${head()}${await Bun.file(built).text()}`);
    await chmod(built, 0o755);
    await rename(built, outfile);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return outfile;
}

/** An older Node would break off somewhere on the way; this tells what to do. Bun and Deno say what Node they equal. */
function head(): string {
  const [major = "", minor = ""] = oldestVersion.split(".");
  return `#!/usr/bin/env node
{
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < ${major} || (major === ${major} && minor < ${minor})) {
    process.stderr.write(\`proxmox-mcp needs Node.js ${major}.${minor} or later; this is \${process.versions.node}.\\n\`);
    process.exit(1);
  }
}
`;
}
