// Owns whether a certificate that a server presents is good enough, and how a refusal is explained.
import { PveError } from "./errors.ts";

/** What the operator set: PROXMOX_SSL_MODE, PROXMOX_SSL_CA_CERT, PROXMOX_SSL_FINGERPRINT. */
export interface TlsOptions {
  /**
   * strict: an issuer that is known, and the right name; a fingerprint, if one is set, has to fit as well.
   * verify: as strict; or with a fingerprint that one certificate, whatever its issuer and its name.
   * insecure: anything.
   */
  readonly mode: "strict" | "verify" | "insecure";
  /** Issuers to trust beside the system's, as PEM text. */
  readonly ca?: string | readonly string[];
  /** Issuers that this machine trusts although nobody set them: on a PVE host, the text of its /etc/pve/pve-root-ca.pem. */
  readonly hostCa?: string | readonly string[];
  /** SHA-256 of the certificate, `AA:BB:…`. */
  readonly fingerprint?: string;
  /** The setting that would pin a fingerprint for this server; `PROXMOX_SSL_FINGERPRINT=…` unless told. */
  readonly pinSetting?: (fingerprint: string) => string;
}

/** A certificate as it was presented, and what the chain and the name came to. */
export interface Presented {
  fingerprint: string;
  subject: string;
  issuer: string;
  validFrom: string;
  validTo: string;
  /** OpenSSL's code, such as UNABLE_TO_VERIFY_LEAF_SIGNATURE; absent when the chain is good. */
  chainError?: string;
  /** Absent when the certificate is made out to the host that was asked. */
  nameError?: string;
  /** Whether it has expired or isn't valid yet; of two faults of a chain OpenSSL names one. */
  outOfDate: boolean;
  /** SHA-256 of the public key, as hexadecimal digits. */
  publicKey(): string;
}

/** Whether the issuer plays a part at all: it doesn't with a fingerprint of its own, nor when nothing is checked. */
export function needsIssuers({ mode, fingerprint }: TlsOptions): boolean {
  return mode === "strict" || (mode === "verify" && fingerprint === undefined);
}

/** Whether other issuers could mend it. */
export function isIssuerError(chainError: string | undefined): boolean {
  return chainError !== undefined && /ISSUER|LEAF|SELF_SIGNED/.test(chainError);
}

/** Why the connection may not be used; undefined when it may. `host` is `name:port`. */
export function distrust(options: TlsOptions, presented: Presented, host: string): PveError | undefined {
  const { mode, fingerprint } = options;
  if (mode === "insecure") return undefined;
  if (fingerprint !== undefined && !sameFingerprint(fingerprint, presented.fingerprint)) {
    const why = `it isn't the one of PROXMOX_SSL_FINGERPRINT=${fingerprint}: it was renewed, or something stands between`;
    return refused(host, why, presented, pinning(options, presented));
  }
  if (!needsIssuers(options)) return undefined;
  const why = presented.chainError
    ? chainWords(presented.chainError)
    : fingerprint === undefined
      ? presented.nameError
      : undefined;
  if (why === undefined) return undefined;
  const setting = pinning(options, presented);
  return refused(host, why, presented, mode === "strict" ? `PROXMOX_SSL_MODE=verify and ${setting}` : setting);
}

/** The setting that would accept this certificate. */
export function pinning({ pinSetting }: TlsOptions, { fingerprint }: Pick<Presented, "fingerprint">): string {
  return pinSetting?.(fingerprint) ?? `PROXMOX_SSL_FINGERPRINT=${fingerprint}`;
}

/** A refusal that shows the certificate and the setting that would accept it. */
export function refused(host: string, why: string, shown: Presented, setting: string): PveError {
  const lines = [
    `The certificate of ${host} is not accepted: ${why}. Nothing was sent.`,
    `fingerprint (SHA-256): ${shown.fingerprint}`,
    `subject: ${shown.subject}`,
    `issuer: ${shown.issuer}`,
    `valid: ${shown.validFrom} to ${shown.validTo}`,
  ];
  const ca = isIssuerError(shown.chainError)
    ? " (or name its issuer's file in PROXMOX_SSL_CA_CERT; a PVE cluster's own is /etc/pve/pve-root-ca.pem)"
    : "";
  const next = `If \`pvenode cert info\` on the node shows the same fingerprint, ${setting} accepts it${ca}.`;
  return new PveError({ kind: "tls", sentence: lines.join("\n"), next, sent: false });
}

/** The operator's issuers are no certificates. */
export function unreadableIssuers(cause: unknown): PveError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new PveError({
    kind: "tls",
    sentence: `The certificates of PROXMOX_SSL_CA_CERT can't be read: ${why}. Nothing was sent.`,
    next: "Give a file of CA certificates in PEM form; a PVE cluster's own is /etc/pve/pve-root-ca.pem.",
    sent: false,
    cause,
  });
}

const CHAIN: Readonly<Record<string, string>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its issuer is unknown",
  UNABLE_TO_GET_ISSUER_CERT: "its issuer is unknown",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its issuer is unknown",
  SELF_SIGNED_CERT_IN_CHAIN: "its issuer is unknown",
  DEPTH_ZERO_SELF_SIGNED_CERT: "it is signed by itself",
  CERT_HAS_EXPIRED: "it has expired",
  CERT_NOT_YET_VALID: "it isn't valid yet (or this machine's clock is wrong)",
};

const chainWords = (code: string): string => CHAIN[code] ?? code.toLowerCase().replaceAll("_", " ");

const bare = (text: string): string => text.replaceAll(":", "").toUpperCase();

const sameFingerprint = (one: string, other: string): boolean => bare(one) === bare(other);
