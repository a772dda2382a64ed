// Owns package.json as it is packed: the program is one bundled file, so what it is made of isn't installed again.
// `npm pack` runs this as `packed` before it reads the file, and as `restored` behind it.

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

const manifest = "package.json";
const kept = "dist/bin/.package.json";

/** The oldest Node that the bundled file runs on; setting up needs less. */
export const oldestVersion = "22.15";

/** What can't be bundled, and is installed beside the file. */
const beside: readonly string[] = [];

function packed(): void {
  restored(); // of one that was broken off
  const text = readFileSync(manifest, "utf8");
  const {
    dependencies,
    devDependencies: _dev,
    scripts: _scripts,
    packageManager: _manager,
    ...rest
  } = JSON.parse(text);
  const needed = Object.entries(dependencies).filter(([name]) => beside.includes(name));
  const published = { ...rest, engines: { node: `>=${oldestVersion}` }, dependencies: Object.fromEntries(needed) };
  writeFileSync(kept, text);
  writeFileSync(manifest, `${JSON.stringify(published, null, 2)}\n`);
}

function restored(): void {
  if (existsSync(kept)) renameSync(kept, manifest);
}

if (import.meta.main) process.argv[2] === "packed" ? packed() : restored();
