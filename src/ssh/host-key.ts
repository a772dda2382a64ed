// Owns which host keys are accepted: pinned fingerprints, or the lines of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT).
import { createHash, createHmac } from "node:crypto";

/** What makes a host known: at most one of the two is asked, the fingerprints first. */
export interface Trust {
  readonly fingerprints: readonly string[];
  /** The text of a known_hosts file. */
  readonly knownHosts?: string;
}

/** Whether a key may be a host's. `unknown`: nothing is known of that host; `other`: another key is. */
export type Verdict = "known" | "unknown" | "other" | "revoked";

/** `SHA256:…` as OpenSSH prints it. */
export function fingerprintOf(key: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

export function judge({ fingerprints, knownHosts }: Trust, host: string, port: number, key: Uint8Array): Verdict {
  if (fingerprints.length > 0) return fingerprints.includes(fingerprintOf(key)) ? "known" : "other";
  const lines = linesFor(knownHosts ?? "", host, port);
  const given = Buffer.from(key).toString("base64");
  const same = lines.filter((line) => line.key === given);
  if (same.some(({ marker }) => marker === "@revoked")) return "revoked";
  if (same.some(({ marker }) => marker === undefined)) return "known";
  return lines.some(({ marker }) => marker === undefined) ? "other" : "unknown";
}

/** Kinds of host keys, the better first; a server shows one of those that it is asked for. */
const families: readonly (readonly string[])[] = [
  ["ssh-ed25519"],
  ["ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"],
  ["rsa-sha2-512", "rsa-sha2-256"],
];

/**
 * The kinds of keys to ask a host for, one attempt after the other: those that are known of it alone, or with pinned
 * fingerprints, which don't tell their kind, all of them.
 */
export function kindsToAsk(
  { fingerprints, knownHosts }: Trust,
  host: string,
  port: number,
): readonly (readonly string[])[] {
  if (fingerprints.length > 0) return families;
  const known = linesFor(knownHosts ?? "", host, port).filter(({ marker }) => marker === undefined);
  const types = known.map(({ type }) => (type === "ssh-rsa" ? "rsa-sha2-512" : type));
  const asked = families.filter((family) => family.some((type) => types.includes(type))).flat();
  return asked.length > 0 ? [asked] : [families.flat()];
}

interface Line {
  readonly marker?: string;
  readonly type: string;
  /** In base64. */
  readonly key: string;
}

/** The lines of known_hosts that are about this host at this port; another port than 22 stands behind the bracketed name. */
function linesFor(text: string, host: string, port: number): Line[] {
  const name = port === 22 ? host : `[${host}]:${port}`;
  return text.split("\n").flatMap((line) => {
    const words = line.trim().split(/\s+/);
    const marker = words[0]?.startsWith("@") ? words.shift() : undefined;
    const [hosts = "", type = "", key = ""] = words;
    if (hosts === "" || hosts.startsWith("#") || key === "" || !isFor(hosts, name)) return [];
    return [{ ...(marker === undefined ? {} : { marker }), type, key }];
  });
}

function isFor(hosts: string, name: string): boolean {
  const [, salt, hash] = /^\|1\|([^|]+)\|(.+)$/.exec(hosts) ?? [];
  if (salt !== undefined) {
    return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
  }
  const patterns = hosts.split(",");
  const fits = (pattern: string) => patternOf(pattern).test(name);
  if (patterns.some((pattern) => pattern.startsWith("!") && fits(pattern.slice(1)))) return false;
  return patterns.some((pattern) => !pattern.startsWith("!") && fits(pattern));
}

function patternOf(pattern: string): RegExp {
  const escaped = pattern.toLowerCase().replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\*+/g, ".*").replaceAll("?", ".")}$`, "i");
}
