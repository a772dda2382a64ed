// Owns certificates made at run time: X.509 in DER, written with node:crypto alone.
import { Buffer } from "node:buffer";
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
  /** Since yesterday, unless told. */
  from?: Date;
  /** Thirty days from now, unless told. */
  to?: Date;
  /** Another certificate's key pair, as when one is renewed. */
  keyPair?: Certificate["keyPair"];
}

const DAY = 86_400_000;

/** Takes about a millisecond: P-256, signed with SHA-256. Source: RFC 5280. */
export function createCertificate(options: CertificateOptions): Certificate {
  const { subject, issuer } = options;
  const { from = new Date(Date.now() - DAY), to = new Date(Date.now() + 30 * DAY) } = options;
  const keyPair = options.keyPair ?? generateKeyPairSync("ec", { namedCurve: "P-256" });
  const signer = issuer?.keyPair ?? keyPair;
  const content = sequence(
    tagged(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(8)])),
    ecdsaWithSha256(),
    name(issuer?.subject ?? subject),
    sequence(time(from), time(to)),
    name(subject),
    publicKey(keyPair),
    tagged(0xa3, sequence(...extensions(options, keyPair, signer))),
  );
  const der = sequence(content, ecdsaWithSha256(), bits(sign("sha256", content, signer.privateKey)));
  return {
    certificate: pem("CERTIFICATE", der),
    key: keyPair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    fingerprint: (createHash("sha256").update(der).digest("hex").toUpperCase().match(/../g) ?? []).join(":"),
    subject,
    keyPair,
  };
}

type KeyPair = Certificate["keyPair"];

/** What strict clients look for: whose key, whose signature, and what the certificate is for. */
function extensions({ ca = false, names = [] }: CertificateOptions, own: KeyPair, signer: KeyPair): Buffer[] {
  const critical = tagged(0x01, Buffer.of(0xff));
  const constraints = sequence(...(ca ? [tagged(0x01, Buffer.of(0xff))] : []));
  const certSign = Buffer.from("03020106", "hex");
  const digitalSignature = Buffer.from("03020780", "hex");
  return [
    sequence(oid("551d13"), critical, octets(constraints)),
    sequence(oid("551d0f"), critical, octets(ca ? certSign : digitalSignature)),
    sequence(oid("551d0e"), octets(octets(keyId(own)))),
    sequence(oid("551d23"), octets(sequence(tagged(0x80, keyId(signer))))),
    ...(ca ? [] : [sequence(oid("551d25"), octets(sequence(oid("2b06010505070301"))))]),
    ...(names.length > 0 ? [sequence(oid("551d11"), octets(sequence(...names.map(alternative))))] : []),
  ];
}

function alternative(text: string): Buffer {
  const version = isIP(text);
  if (version === 0) return tagged(0x82, Buffer.from(text, "latin1"));
  return tagged(0x87, version === 4 ? Buffer.from(text.split(".").map(Number)) : sixteenBytes(text));
}

/** An IPv6 address; the two halves around `::` grow to eight groups. */
function sixteenBytes(text: string): Buffer {
  const [before = "", after] = text.split("::");
  const groups = (part: string) => part.split(":").filter((group) => group !== "");
  const [head, tail] = [groups(before), groups(after ?? "")];
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  return Buffer.from([...head, ...zeros, ...tail].map((group) => group.padStart(4, "0")).join(""), "hex");
}

const publicKey = ({ publicKey: key }: KeyPair): Buffer => key.export({ type: "spki", format: "der" });
const keyId = (pair: KeyPair): Buffer => createHash("sha1").update(publicKey(pair)).digest();

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
