// Owns the look-up of a package in package-lock.json: which version the project is bound to, and what its archive hashes to.

import lock from "../../package-lock.json";
import type { Pinned } from "./fetch.ts";

/** The package as package-lock.json has it. @throws Error when it doesn't */
export function locked(name: string): Pinned {
  const packages: Readonly<Record<string, { version?: string; integrity?: string }>> = lock.packages;
  const { version, integrity } = packages[`node_modules/${name}`] ?? {};
  if (version === undefined || integrity === undefined) throw new Error(`${name} is not in package-lock.json`);
  return { name, version, integrity };
}
