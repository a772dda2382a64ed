// Owns the door from a command to the settings: the environment and the disk, and nothing before they are asked for.
import type { ConfigReading } from "../config/config.ts";
import type { Policy } from "../toolkit/gate.ts";
import type { Context } from "./command.ts";

/** Reads the settings. Everything it needs is loaded by the call itself, so that a start without one pays nothing. */
export async function configuration(env: Context["env"]): Promise<ConfigReading> {
  const [{ readConfig }, { readFileSync }] = await Promise.all([import("../config/config.ts"), import("node:fs")]);
  return readConfig(env, (path) => readFileSync(path, "utf8"));
}

/** The gate's settings alone, for a cluster that needs no others, or to list tools in spite of mistakes elsewhere. */
export async function policySettings(
  env: Context["env"],
  fallback: Context["env"] = {},
): Promise<{ readonly policy: Policy } | { readonly mistakes: string[] }> {
  const { readPermissions } = await import("../config/config.ts");
  const read = readPermissions(env, fallback);
  if ("mistakes" in read) return read;
  return { policy: { elevated: read.allowElevated, readOnly: read.readOnly, deny: read.deny } };
}
