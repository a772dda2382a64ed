// Owns what is handed out of a build: which files an archive holds, and what it is called.

import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { version } from "../../package.json";
import type { Entry } from "./entry.ts";
import { tar } from "./tar.ts";
import type { Target } from "./targets.ts";
import { zip } from "./zip.ts";

const compressed = promisify(gzip);

/** Files beside the program, as they lie in the project; in the archive without their `dist/` or `dist/bin/`. */
const companions = [
  "LICENSE",
  "dist/bin/THIRD-PARTY.txt",
  "README.md",
  "dist/completions/proxmox-mcp.bash",
  "dist/completions/_proxmox-mcp",
  "dist/completions/proxmox-mcp.fish",
  "dist/man/proxmox-mcp.1",
  "dist/ssh/proxmox-mcp-pct",
];

/** The one folder that an archive holds, and its name without an ending. */
export function stem(target: Target): string {
  return `proxmox-mcp-${version}-${target.name}`;
}

/** File name of a target's archive. */
export function archiveName(target: Target): string {
  return `${stem(target)}${target.file.endsWith(".exe") ? ".zip" : ".tar.gz"}`;
}

/** The bytes of a target's archive, around the program at `path`. */
export async function archive(target: Target, path: string): Promise<Buffer> {
  const folder = stem(target);
  const program: Entry = { path: `${folder}/${target.file}`, bytes: await readFile(path), executable: true };
  const others = companions.map(async (name) => {
    return { path: `${folder}/${name.replace(/^dist\/(bin\/)?/, "")}`, bytes: await readFile(name) };
  });
  const entries = [program, ...(await Promise.all(others))];
  if (archiveName(target).endsWith(".zip")) return zip(entries);
  const bytes = await compressed(tar(entries), { level: 9 });
  bytes[9] = 255; // RFC 1952: made on no system in particular
  return bytes;
}
