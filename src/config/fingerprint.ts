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

/** A certificate's SHA-256 fingerprint, as TLS sockets give it: `AA:BB:…`, upper case. */
export const certificateFingerprint: Kind<string> = {
  allowed: "the certificate's SHA-256 fingerprint: 64 hexadecimal digits, with or without colons",
  read(text) {
    const bare = hex(text);
    return "value" in bare ? { value: pairsOf(bare.value).join(":") } : bare;
  },
};

/** A host key's SHA-256 fingerprint, as OpenSSH prints it: `SHA256:` and 43 characters of base64. */
export const hostKeyFingerprint: Kind<string> = {
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
