// Owns which kind of error an answer of PVE is, from its status and its text.
import type { PveErrorKind } from "./errors.ts";

/** PVE answers nearly everything with 500 (facts 4, 34, 36, 49, 55 to 57); the first row that matches decides. */
const SENTENCES: readonly (readonly [RegExp, PveErrorKind])[] = [
  [/no quorum|cluster not ready|'\/etc\/pve\/.* - Permission denied/, "no-quorum"],
  [
    /\bonly root\b|limiting to root user|permission denied - |'[^']+![^']+' does not look like a valid user name/i,
    "forbidden",
  ],
  [/(^|: )400 |property is missing|property is not defined in schema/, "invalid"],
  [/is locked \(|can't lock file|got lock request timeout|unable to (?:get|acquire|aquire).*\block\b/, "locked"],
  [/already (?:exists|defined|used)|config file already|: File exists/, "exists"],
  [/checksum mismatch \(file change|detected modified configuration/, "conflict"],
  [/^hostname lookup '.*Temporary failure in name resolution/, "node-down"],
  [/^hostname lookup '/, "missing"],
  [/not installed|executable not found|exec of .* failed|failed to exec /, "unsupported"],
  [/QEMU guest agent|guest-[a-z-]+ has been disabled/, "conflict"],
  [/already running|is running\b|not running|(?:still |already |is )in use\b|is used by|is not empty/, "conflict"],
  [/protection mode enabled|used in HA resources|Cannot delete myself|still busy/, "conflict"],
  [
    /does not exist|do(?:es)? not exist|no such |not found\b|unknown node|unable to find |is not a known host/i,
    "missing",
  ],
  [/no rule at position|is not a valid local disk|not a valid block device|no (?:spice|serial) /i, "missing"],
  [/got timeout|timed? ?out\b/i, "timeout"],
  [/not implemented|not supported|does not support|is not available|have been migrated/, "unsupported"],
  [
    /you need ifupdown2|missing replicate feature|No replicatable volumes|unable to shrink|can't migrate/,
    "unsupported",
  ],
  [/Can't (?:use|locate|call) .* at \/usr|malformed JSON|Not a HASH reference|got HASH/, "bug"],
  [/no options specified|format error|unable to parse|is too (?:long|short)|does not look like/, "invalid"],
  [/^invalid (?!server response)|^value |missing value for required|must not be identical|must be set!/, "invalid"],
];

/** The kind of an answer with an error status. `text` is PVE's sentence, the parameters' lines included. */
export function kindOf(status: number, text: string): PveErrorKind {
  if (status === 400) return /no such task/.test(text) ? "missing" : "invalid";
  if (status === 401) return "unauthorised";
  if (status === 403) return "forbidden";
  if (status === 404) return "missing";
  if (status === 424) return "unsupported";
  if (status === 501)
    return /too large/.test(text) ? "invalid" : /Unexpected content/.test(text) ? "bug" : "unsupported";
  if (status === 506) return "bug";
  if (status === 503 || status === 502 || status === 504) return "unreachable";
  if (status >= 595 && status <= 599) return "node-down";
  if (status < 500) return "refused";
  return SENTENCES.find(([pattern]) => pattern.test(text))?.[1] ?? "refused";
}

/**
 * Whether it is certain that nothing was carried out, though an error status came.
 * 595 is a connection that was never made; 596 breaks somewhere in between, and only in the TLS handshake was nothing sent (facts 8, 48).
 */
export function neverArrived(status: number, text: string): boolean {
  return status === 595 || (status === 596 && /certificate verify failed|SSL routines/.test(text));
}
