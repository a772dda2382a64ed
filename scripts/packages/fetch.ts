// Owns the fetching of npm packages that are needed as files and not as modules, such as Bun's executable for another
// system. Each is held against the integrity that is kept in this project, whatever the registry says today.

import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import { run } from "./run.ts";

/** A package as it is pinned: the integrity has the form of package-lock.json, `sha512-…`. */
export interface Pinned {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}

/**
 * Puts the files of a package into `into`, as `into/package/…`. The archive is kept in the user's cache folder (XDG_CACHE_HOME or
 * ~/.cache), or in the system's folder for scratch files where there is no home, and checked each time it is used.
 *
 * @throws Error when npm can't get it, or when it is another than the pinned one
 */
export async function unpack(pinned: Pinned, into: string): Promise<void> {
  const archive = await fetched(pinned);
  await mkdir(into, { recursive: true });
  await run(["tar", "-xzf", archive, "-C", into]);
}

async function fetched(pinned: Pinned): Promise<string> {
  const cache = await cacheFolder();
  const kept = join(cache, `${pinned.name.replaceAll(/[@/]+/g, "-").replace(/^-/, "")}-${pinned.version}.tgz`);
  if (await isPinned(kept, pinned)) return kept;
  const scratch = await mkdtemp(join(cache, ".fetch-"));
  try {
    const quiet = ["--silent", "--ignore-scripts", "--pack-destination", scratch];
    const names = await run(["npm", "pack", ...quiet, `${pinned.name}@${pinned.version}`], { cwd: scratch });
    const archive = join(scratch, names.trim());
    if (!(await isPinned(archive, pinned))) {
      throw new Error(`${pinned.name}@${pinned.version} from the registry is not what is pinned: ${pinned.integrity}`);
    }
    await rename(archive, kept);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return kept;
}

async function isPinned(archive: string, { integrity }: Pinned): Promise<boolean> {
  const bytes = await readFile(archive).catch(() => undefined);
  return bytes !== undefined && `sha512-${createHash("sha512").update(bytes).digest("base64")}` === integrity;
}

async function cacheFolder(): Promise<string> {
  const home = env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  for (const parent of [home, tmpdir()]) {
    const folder = join(parent, "proxmox-mcp-packages");
    const usable = await mkdir(folder, { recursive: true })
      .then(() => access(folder, 2))
      .then(
        () => true,
        () => false,
      );
    if (usable) return folder;
  }
  throw new Error(`neither ${home} nor ${tmpdir()} can be written`);
}
