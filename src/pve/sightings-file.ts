// Owns the file in which servers that were seen are remembered.
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { PveError } from "./errors.ts";
import type { Sighting, Sightings } from "./sight.ts";

/** Remembers in a JSON file, `{"host:port": {fingerprint, publicKey}}`, which nobody else can write; it is made when it is needed. */
export function createSightingsFile(path: string): Sightings {
  // One after the other, so that no writing undoes another.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = turn.then(work);
    turn = result.catch(() => {});
    return result;
  };
  return {
    recall: (host) => inTurn(async () => (await read(path)).get(host)),
    remember: (host, sighting) => inTurn(async () => write(path, (await read(path)).set(host, sighting))),
  };
}

async function read(path: string): Promise<Map<string, Sighting>> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "{}";
    throw unusable(path, "can't be read", error);
  });
  try {
    const value: unknown = JSON.parse(text);
    return new Map(Object.entries(value ?? {}).map(([host, sighting]) => [host, checked(sighting)]));
  } catch (error) {
    throw unusable(path, "isn't what this program wrote", error);
  }
}

function checked(value: unknown): Sighting {
  if (typeof value === "object" && value !== null && "fingerprint" in value && "publicKey" in value) {
    const { fingerprint, publicKey } = value;
    if (typeof fingerprint === "string" && typeof publicKey === "string") return { fingerprint, publicKey };
  }
  throw new TypeError("fingerprint and publicKey are missing");
}

async function write(path: string, sightings: Map<string, Sighting>): Promise<void> {
  const fresh = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(fresh, `${JSON.stringify(Object.fromEntries(sightings), null, 2)}\n`, { mode: 0o600 });
    await rename(fresh, path);
  } catch (error) {
    throw unusable(path, "can't be written", error);
  }
}

function unusable(path: string, what: string, cause: unknown): PveError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new PveError({
    kind: "tls",
    sentence: `The file that remembers servers' certificates, ${path}, ${what}: ${why}. Nothing was sent.`,
    next: "Mend the file or its folder, or set PROXMOX_SSL_FINGERPRINT or PROXMOX_SSL_CA_CERT: then it isn't needed.",
    sent: false,
    cause,
  });
}
