// Owns the trust at first sight: what is remembered of a server's certificate, and what is taken because of it.
import { PveError } from "./errors.ts";
import { isIssuerError, type Presented, pinning, refused, type TlsOptions } from "./trust.ts";

/** What is remembered of a server. `publicKey`: SHA-256 of it, as hexadecimal digits; it outlives a renewal. */
export interface Sighting {
  fingerprint: string;
  publicKey: string;
}

/** The memory of servers by `host:port`. Rejects with PveError "tls" where it can't be read or written. */
export interface Sightings {
  recall(host: string): Promise<Sighting | undefined>;
  remember(host: string, sighting: Sighting): Promise<void>;
}

/**
 * The verdict where servers are remembered: `wrong` is what issuer and name came to.
 * Only in mode verify, with neither a fingerprint nor issuers of its own: there an unknown issuer is taken at first sight,
 * the same key is taken again, and anything else is refused.
 */
export async function atSight(
  options: TlsOptions & { readonly sightings?: Sightings },
  presented: Presented,
  host: string,
  wrong: PveError | undefined,
): Promise<PveError | undefined> {
  const { mode, ca = [], fingerprint, sightings } = options;
  if (!sightings || mode !== "verify" || fingerprint !== undefined || ca.length > 0) return wrong;
  const seen = { fingerprint: presented.fingerprint, publicKey: presented.publicKey() };
  try {
    const known = await sightings.recall(host);
    const verdict = wrong && compare(known, seen, presented, host, wrong, pinning(options, seen));
    // A certificate with a good chain is remembered too: what comes after it mustn't pass as a first sight.
    if (!verdict && known?.fingerprint !== seen.fingerprint) await sightings.remember(host, seen);
    return verdict;
  } catch (error) {
    if (!(error instanceof PveError)) throw error;
    // A good chain doesn't hang on the memory.
    return wrong && error;
  }
}

function compare(
  known: Sighting | undefined,
  seen: Sighting,
  presented: Presented,
  host: string,
  wrong: PveError,
  setting: string,
): PveError | undefined {
  if (known?.publicKey === seen.publicKey) return undefined;
  if (known) {
    const why = `it has another key than the one that was seen before (${known.fingerprint}): it was replaced, or something stands between`;
    return refused(host, why, presented, setting);
  }
  if (isIssuerError(presented.chainError))
    return presented.outOfDate ? refused(host, "it isn't valid today", presented, setting) : undefined;
  return wrong;
}
