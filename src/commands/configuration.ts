// Owns the door from a command to the settings: the environment and the disk, and nothing before they are asked for.
import type { ConfigReading, ServiceConfig } from "../config/config.ts";
import type { Context } from "./command.ts";

/** Reads the settings. Everything it needs is loaded by the call itself, so that a start without one pays nothing. */
export async function configuration(env: Context["env"]): Promise<ConfigReading> {
  const [{ readConfig }, { readFileSync }] = await Promise.all([import("../config/config.ts"), import("node:fs")]);
  return readConfig(env, (path) => readFileSync(path, "utf8"));
}

/** The same for a service, which may do without a token of its own. */
export async function serviceConfiguration(
  env: Context["env"],
): Promise<{ readonly config: ServiceConfig } | { readonly mistakes: string[] }> {
  const [{ readServiceConfig }, { readFileSync }] = await Promise.all([
    import("../config/config.ts"),
    import("node:fs"),
  ]);
  return readServiceConfig(env, (path) => readFileSync(path, "utf8"));
}
