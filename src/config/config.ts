// Owns the way from the environment to a Config, or to the whole list of what is wrong.
import { type Credentials, readCredentials } from "./credentials.ts";
import { type Address, authority } from "./host.ts";
import { misspelt } from "./misspelt.ts";
import { sentence } from "./mistake.ts";
import { type PolicySettings, policyIn } from "./policy.ts";
import { createReader, type Environment, type Reader, type ReadFile } from "./reader.ts";
import { type Setting, settings } from "./settings.ts";

export type SslMode = "strict" | "verify" | "insecure";
export type LogLevel = "silent" | "fatal" | "error" | "warn" | "info" | "debug" | "trace";

/** How the server's certificate is judged. `ca` is PEM text; `fingerprint` is SHA-256 as `AA:BB:…`. */
export interface Tls {
  readonly mode: SslMode;
  readonly ca?: string;
  readonly fingerprint?: string;
}

/** How a node is reached over SSH. `hostKeyFingerprint` is as OpenSSH prints it, `SHA256:…`. */
export interface Ssh {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly keyPath: string;
  readonly node?: string;
  readonly hostKeyFingerprint?: string;
}

/** What the environment asks for. It can be logged: the token is in a Secret. */
export interface Config extends Credentials {
  /** Without brackets where it is an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** `https://host:port`, without a slash at its end. */
  readonly base: string;
  readonly tls: Tls;
  readonly policy: PolicySettings;
  readonly logLevel: LogLevel;
  readonly allowUnsafeCommands: boolean;
  /** Absent when SSH isn't enabled. */
  readonly ssh?: Ssh;
}

export type ConfigReading = { readonly config: Config } | { readonly mistakes: string[] };

/** Reads all settings. Files that they name are read through `readFile` (node:fs' readFileSync with "utf8" will do). */
export function readConfig(env: Environment, readFile: ReadFile): ConfigReading {
  const reader = createReader(env, readFile);
  if (reader.raw(settings.host) === undefined) reader.mistake(settings.host);
  const { host, port } = readDoor(reader, settings.host, settings.port);
  const credentials = readCredentials(reader);
  const tls = readTls(reader);
  const policy = policyIn(reader, false);
  const logLevel = reader.value(settings.logLevel) ?? "info";
  const allowUnsafeCommands = reader.value(settings.allowUnsafeCommands) ?? false;
  const ssh = readSsh(reader, host);
  const mistakes = [...reader.mistakes, ...misspelt(env)];
  if (mistakes.length > 0 || host === undefined || port === undefined || credentials === undefined) {
    return { mistakes: mistakes.map((mistake) => sentence(mistake, reader.secrets)) };
  }
  const base = `https://${authority(host, port)}`;
  const door = { host, port, base };
  return { config: { ...door, ...credentials, tls, policy, logLevel, allowUnsafeCommands, ...(ssh && { ssh }) } };
}

interface Door {
  readonly host?: string;
  readonly port?: number;
}

/** Host and port of one side: the port may stand in either setting, but not twice and differently. */
function readDoor(reader: Reader, host: Setting<Address>, port: Setting<number>): Door {
  const address = reader.given(host);
  const number = reader.value(port);
  const asked = reader.raw(port) !== undefined;
  if (asked && address?.port !== undefined && number !== undefined && address.port !== number) {
    reader.mistake(port, `${host.name} has port ${address.port}: keep one of the two`);
  }
  const chosen = address?.port ?? number;
  return { ...(address && { host: address.host }), ...(chosen !== undefined && { port: chosen }) };
}

function readTls(reader: Reader): Tls {
  const mode = reader.value(settings.sslMode) ?? "strict";
  const ca = reader.file(settings.sslCaCert);
  if (ca !== undefined && !ca.includes("-----BEGIN CERTIFICATE-----")) {
    reader.mistake(settings.sslCaCert, "there is no certificate in PEM form in that file");
  }
  const fingerprint = reader.given(settings.sslFingerprint);
  return { mode, ...(ca !== undefined && { ca }), ...(fingerprint !== undefined && { fingerprint }) };
}

/** All of it is checked, enabled or not; the key is missed only when SSH is enabled. */
function readSsh(reader: Reader, apiHost: string | undefined): Ssh | undefined {
  const enabled = reader.value(settings.sshEnabled) ?? false;
  const { host = apiHost, port = 22 } = readDoor(reader, settings.sshHost, settings.sshPort);
  const user = reader.value(settings.sshUser) ?? "root";
  const keyPath = reader.path(settings.sshKeyPath);
  const node = reader.given(settings.sshNode);
  const hostKeyFingerprint = reader.given(settings.sshHostKeyFingerprint);
  if (enabled && reader.raw(settings.sshKeyPath) === undefined) reader.mistake(settings.sshKeyPath);
  if (!enabled || host === undefined || keyPath === undefined) return undefined;
  return { host, port, user, keyPath, ...(node && { node }), ...(hostKeyFingerprint && { hostKeyFingerprint }) };
}
