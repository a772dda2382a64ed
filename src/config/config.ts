// Owns the way from the environment to a Config, or to the whole list of what is wrong.
import { type Credentials, namesToken, readCredentials } from "./credentials.ts";
import { type Door, readDoors } from "./doors.ts";
import { folderIn } from "./folder.ts";
import { type Limits, limitsIn } from "./limits.ts";
import { misspelt } from "./misspelt.ts";
import { sentence } from "./mistake.ts";
import { type PolicySettings, policyIn } from "./policy.ts";
import { createReader, type Environment, type Reader, type ReadFile } from "./reader.ts";
import { settings } from "./settings.ts";
import { readSsh, type Ssh } from "./ssh.ts";
import { stateFolder } from "./state.ts";

export type { Door } from "./doors.ts";
export type { Limits } from "./limits.ts";
export type { Ssh } from "./ssh.ts";

export type SslMode = "strict" | "verify" | "insecure";
export type LogLevel = "silent" | "fatal" | "error" | "warn" | "info" | "debug" | "trace";

/** How the server's certificate is judged. `ca` is PEM text; `fingerprint` is SHA-256 as `AA:BB:…`. */
export interface Tls {
  readonly mode: SslMode;
  readonly ca?: string;
  /** That of the first door. */
  readonly fingerprint?: string;
}

/** What the environment asks for. It can be logged: the token is in a Secret. */
export interface Config extends Credentials, Omit<Door, "fingerprint"> {
  /** Every node that may be asked; the first is also `host`, `port` and `base`. */
  readonly doors: readonly Door[];
  readonly tls: Tls;
  readonly limits: Limits;
  /** Folder for what is remembered; absent where there is no home. */
  readonly state?: string;
  /** The folder of files to upload and to restore to; absent where none is set. */
  readonly folder?: string;
  readonly policy: PolicySettings;
  readonly logLevel: LogLevel;
  readonly allowUnsafeCommands: boolean;
  /** Absent when SSH isn't enabled. */
  readonly ssh?: Ssh;
}

export type ConfigReading = { readonly config: Config } | { readonly mistakes: string[] };

/** The settings of a service whose callers may each bring a token of their own: then it needs none. */
export type ServiceConfig = Omit<Config, keyof Credentials> & { readonly credentials?: Credentials };

/** Reads all settings. Files that they name are read through `readFile` (node:fs' readFileSync with "utf8" will do). */
export function readConfig(env: Environment, readFile: ReadFile): ConfigReading {
  const reading = readSettings(createReader(env, readFile), env, true);
  if ("mistakes" in reading) return reading;
  const { credentials, ...config } = reading.config;
  if (!credentials) throw new Error("a token is required, and its lack was no mistake");
  return { config: { ...config, ...credentials } };
}

/** The same for a service; that nothing of a token is told is no mistake there. */
export function readServiceConfig(
  env: Environment,
  readFile: ReadFile,
): { readonly config: ServiceConfig } | { readonly mistakes: string[] } {
  const reader = createReader(env, readFile);
  return readSettings(reader, env, namesToken(reader));
}

function readSettings(
  reader: Reader,
  env: Environment,
  needsToken: boolean,
): { readonly config: ServiceConfig } | { readonly mistakes: string[] } {
  const doors = readDoors(reader);
  const [first] = doors;
  const credentials = needsToken ? readCredentials(reader) : undefined;
  const tls = readTls(reader, first);
  const policy = policyIn(reader, false);
  const logLevel = reader.value(settings.logLevel) ?? "info";
  const limits = limitsIn(reader);
  const allowUnsafeCommands = reader.value(settings.allowUnsafeCommands) ?? false;
  const folder = folderIn(reader);
  const ssh = readSsh(reader, first?.host);
  const mistakes = [...reader.mistakes, ...misspelt(env)];
  if (mistakes.length > 0 || first === undefined || (needsToken && !credentials)) {
    return { mistakes: mistakes.map((mistake) => sentence(mistake, reader.secrets)) };
  }
  const { host, port, base } = first;
  const state = stateFolder(env);
  const optional = {
    ...(state !== undefined && { state }),
    ...(folder !== undefined && { folder }),
    ...(ssh && { ssh }),
    ...(credentials && { credentials }),
  };
  const parts = { doors, tls, limits, policy, logLevel, allowUnsafeCommands };
  return { config: { host, port, base, ...parts, ...optional } };
}

function readTls(reader: Reader, door: Door | undefined): Tls {
  const mode = reader.value(settings.sslMode) ?? "strict";
  const ca = reader.file(settings.sslCaCert);
  if (ca !== undefined && !ca.includes("-----BEGIN CERTIFICATE-----")) {
    reader.mistake(settings.sslCaCert, "there is no certificate in PEM form in that file");
  }
  const fingerprint = door?.fingerprint;
  return { mode, ...(ca !== undefined && { ca }), ...(fingerprint !== undefined && { fingerprint }) };
}
