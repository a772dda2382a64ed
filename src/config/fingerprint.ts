// Owns how fingerprints are written in settings: of a TLS certificate and of an SSH host key.
import type { Kind, Reading } from "./kind.ts";

const sha1 = "that is a SHA-1 fingerprint; it has to be the SHA-256 one";

/** 64 hexadecimal digits in upper case, with the colons that stand between every two of them taken out. */
function hex(text: string): Reading<string> {
  const digits = text.replace(/^sha-?256(\s+fingerprint)?\s*[=:]\s*/i, "");
  const pairs = /^([0-9a-f]{2}:)*[0-9a-f]{2}$/i.test(digits) || /^([0-9a-f]{2})+$/i.test(digits);
  const bare = pairs ? digits.replaceAll(":", "").toUpperCase() : "";
  if (bare.length === 64) return { value: bare };
  return bare.length === 40 ? { cure: sha1 } : {};
}

const pairsOf = (bare: string): readonly string[] => bare.match(/../g) ?? [];

/** A certificate's SHA-256 fingerprint, as TLS sockets give it (`AA:BB:…`, upper case), and the host it belongs to if that was written. */
export interface Pin {
  readonly fingerprint: string;
  /** As it was written, in lower case: `pve1`, `pve1:8006`. */
  readonly host?: string;
}

/** One fingerprint, or one for each host: in the order of the hosts, or as `host=fingerprint`. */
export const certificatePins: Kind<readonly Pin[]> = {
  allowed:
    "the certificate's SHA-256 fingerprint: 64 hexadecimal digits, with or without colons; for several hosts host=fingerprint with commas between",
  read(text): Reading<readonly Pin[]> {
    const pins: Pin[] = [];
    for (const part of text.split(",").map((one) => one.trim())) {
      const whole = hex(part);
      const [, host = "", rest = ""] = /^([^\s=]+)\s*=\s*(.+)$/s.exec(part) ?? [];
      const bare = "value" in whole || host === "" ? whole : hex(rest);
      if (!("value" in bare)) return bare;
      const fingerprint = pairsOf(bare.value).join(":");
      pins.push("value" in whole ? { fingerprint } : { fingerprint, host: host.toLowerCase() });
    }
    return { value: pins };
  },
};

/** One host key or several, with commas between them. */
export const hostKeyFingerprints: Kind<readonly string[]> = {
  allowed:
    "the host key's SHA-256 fingerprint: SHA256: and 43 characters as ssh-keygen -lf prints it, or 64 hexadecimal digits; or several of them with commas between",
  read(text): Reading<readonly string[]> {
    const readings = text.split(",").map((part) => hostKeyFingerprint.read(part.trim()));
    const wrong = readings.find((reading) => !("value" in reading));
    if (wrong && !("value" in wrong)) return wrong;
    return { value: readings.flatMap((reading) => ("value" in reading ? [reading.value] : [])) };
  },
};

/** A host key's SHA-256 fingerprint, as OpenSSH prints it: `SHA256:` and 43 characters of base64. */
const hostKeyFingerprint: Kind<string> = {
  allowed:
    "the host key's SHA-256 fingerprint: SHA256: and 43 characters as ssh-keygen -lf prints it, or 64 hexadecimal digits",
  read(text) {
    const base64 = /^(?:sha256:)?([a-z0-9+/]{43})=?$/i.exec(text)?.[1];
    if (base64 !== undefined) return { value: `SHA256:${base64}` };
    if (/^(md5:)?([0-9a-f]{2}:){15}[0-9a-f]{2}$/i.test(text)) {
      return { cure: "that is an MD5 fingerprint; it has to be the SHA-256 one" };
    }
    const bare = hex(text);
    if (!("value" in bare)) return bare;
    const bytes = pairsOf(bare.value).map((pair) => Number.parseInt(pair, 16));
    return { value: `SHA256:${btoa(String.fromCharCode(...bytes)).replace(/=+$/, "")}` };
  },
};
