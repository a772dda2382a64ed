// The smallest environment that is right, and readers over it.
import { type Config, readConfig } from "../../src/config/config.ts";

export const enough: Readonly<Record<string, string>> = {
  PROXMOX_HOST: "pve.example.com",
  PROXMOX_TOKEN_NAME: "mcp",
  PROXMOX_TOKEN_VALUE: "3f1d2c4b-0000-4000-8000-00000000abcd",
};

export const certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

type Files = Readonly<Record<string, string>>;

function readFile(files: Files): (path: string) => string {
  return (path) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error(`no ${path}`), { code: "ENOENT" });
    return text;
  };
}

/** Reads `env` alone. */
export const read = (env: Readonly<Record<string, string | undefined>>, files: Files = {}) =>
  readConfig(env, readFile(files));

/** The Config of the smallest environment with `env` over it; throws when there are mistakes. */
export function config(env: Readonly<Record<string, string | undefined>> = {}, files: Files = {}): Config {
  const reading = read({ ...enough, ...env }, files);
  if ("mistakes" in reading) throw new Error(reading.mistakes.join("\n"));
  return reading.config;
}

/** The mistakes of the smallest environment with `env` over it. */
export function mistakes(env: Readonly<Record<string, string | undefined>>, files: Files = {}): readonly string[] {
  const reading = read({ ...enough, ...env }, files);
  return "mistakes" in reading ? reading.mistakes : [];
}
