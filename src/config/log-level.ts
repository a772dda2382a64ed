// Owns how much is written to stderr, read apart from the rest: a log is wanted above all when other settings are wrong.
import { createReader, type Environment } from "./reader.ts";
import { settings } from "./settings.ts";

/** PROXMOX_LOG_LEVEL, or its default where it can't be read. */
export function readLogLevel(env: Environment) {
  return createReader(env, () => "").value(settings.logLevel) ?? "info";
}
