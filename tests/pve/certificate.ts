// Owns the certificates of the TLS tests: X.509 in DER, made with node:crypto alone.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";

export interface Certificate {
  /** PEM. */
  certificate: string;
  /** PEM, PKCS #8. */
  key: string;
  /** SHA-256, `AA:BB:…`. */
  fingerprint: string;
  subject: string;
  keyPair: { publicKey: KeyObject; privateKey: KeyObject };
}

export interface CertificateOptions {
  /** Common name. */
  subject: string;
  /** DNS names and IP addresses. */
  names?: readonly string[];
  /** Signed by itself without one. */
  issuer?: Certificate;
  ca?: boolean;
  from?: Date;
  to?: Date;
  /** Another certificate's key pair, as when one is renewed. */
  keyPair?: Certificate["keyPair"];
}

const DAY = 86_400_000;

export function createCertificate(options: CertificateOptions): Certificate {
  const { subject, names = [], issuer, ca = false } = options;
  const { from = new Date(Date.now() - DAY), to = new Date(Date.now() + 30 * DAY) } = options;
  const keyPair = options.keyPair ?? generateKeyPairSync("ec", { namedCurve: "P-256" });
  const content = sequence(
    tagged(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(8)])),
    ecdsaWithSha256(),
    name(issuer?.subject ?? subject),
    sequence(time(from), time(to)),
    name(subject),
    keyPair.publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(...extensions(ca, names))),
  );
  const signature = sign("sha256", content, issuer?.keyPair.privateKey ?? keyPair.privateKey);
  const der = sequence(content, ecdsaWithSha256(), bits(signature));
  return {
    certificate: pem("CERTIFICATE", der),
    key: keyPair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    fingerprint: (createHash("sha256").update(der).digest("hex").toUpperCase().match(/../g) ?? []).join(":"),
    subject,
    keyPair,
  };
}

function extensions(ca: boolean, names: readonly string[]): Buffer[] {
  const alternatives = names.map((text) =>
    isIP(text) === 0
      ? tagged(0x82, Buffer.from(text, "latin1"))
      : tagged(0x87, Buffer.from(text.split(".").map(Number))),
  );
  const constraints = sequence(...(ca ? [tagged(0x01, Buffer.of(0xff))] : []));
  return [
    sequence(oid("551d13"), tagged(0x01, Buffer.of(0xff)), octets(constraints)),
    ...(alternatives.length > 0 ? [sequence(oid("551d11"), octets(sequence(...alternatives)))] : []),
  ];
}

const tagged = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return Buffer.concat([Buffer.of(tag, ...length), content]);
};
const sequence = (...parts: readonly Uint8Array[]): Buffer => tagged(0x30, ...parts);
const integer = (bytes: Uint8Array): Buffer => tagged(0x02, bytes);
const octets = (bytes: Uint8Array): Buffer => tagged(0x04, bytes);
const bits = (bytes: Uint8Array): Buffer => tagged(0x03, Buffer.of(0), bytes);
const oid = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, "hex"));
const ecdsaWithSha256 = (): Buffer => sequence(oid("2a8648ce3d040302"));

const name = (common: string): Buffer =>
  sequence(tagged(0x31, sequence(oid("550403"), tagged(0x0c, Buffer.from(common)))));

/** UTCTime, good to 2049. */
const time = (date: Date): Buffer =>
  tagged(0x17, Buffer.from(`${date.toISOString().replace(/\D/g, "").slice(2, 14)}Z`));

const pem = (label: string, der: Buffer): string =>
  `-----BEGIN ${label}-----\n${(der.toString("base64").match(/.{1,64}/g) ?? []).join("\n")}\n-----END ${label}-----\n`;
