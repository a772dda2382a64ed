// A node's certificates: the cluster's own authority and what it signed, made when they are first looked at; and one of the operator's own.
import { X509Certificate } from "node:crypto";
import { failure, invalid } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import type { Node, StoredCertificate } from "../engine/state.ts";
import type { Certificate } from "../https/certificate.ts";

const day = 86_400_000;

/** The file of a certificate that isn't the cluster's own: what the API is served with while it is there. */
export const customFile = "pveproxy-ssl.pem";

function namesOf(node: Node): string[] {
  const search = node.dns.search === undefined ? [] : [`${node.name}.${node.dns.search}`];
  return ["127.0.0.1", "localhost", node.ip, node.name, ...search];
}

/** The authority and the node's certificate; the node is known by its fingerprint from then on. */
export async function certificatesOf({ cluster, node: name }: Call): Promise<StoredCertificate[]> {
  const node = cluster.node(name);
  if (node.certificates !== undefined) return node.certificates;
  const { createCertificate } = await import("../https/certificate.ts");
  const now = cluster.now();
  const span = { from: new Date(node.bootTime - day), to: new Date(now + 700 * day) };
  const authority = createCertificate({ subject: "Proxmox Virtual Environment", ca: true, ...span });
  const own = createCertificate({
    subject: namesOf(node).at(-1) ?? name,
    names: namesOf(node),
    issuer: authority,
    ...span,
  });
  const issuer = "/CN=Proxmox Virtual Environment";
  node.certificates = [
    row("pve-root-ca.pem", authority, { issuer, names: [], ...span }),
    row("pve-ssl.pem", own, { issuer, names: namesOf(node), ...span }),
  ];
  node.fingerprint = own.fingerprint;
  return node.certificates;
}

/** What is known of a certificate that was made here. */
export function row(
  filename: string,
  made: Certificate,
  { issuer, names, from, to }: { issuer: string; names: string[]; from: Date; to: Date },
): StoredCertificate {
  return {
    filename,
    fingerprint: made.fingerprint,
    issuer,
    notafter: Math.floor(to.getTime() / 1000),
    notbefore: Math.floor(from.getTime() / 1000),
    pem: made.certificate,
    "public-key-bits": 256,
    "public-key-type": "id-ecPublicKey",
    san: names,
    subject: `/CN=${made.subject}`,
  };
}

export function customOf({ certificates = [] }: Node): StoredCertificate | undefined {
  return certificates.find(({ filename }) => filename === customFile);
}

/** Takes the place of the one that was there, if any. */
export function setCustom(node: Node, made: StoredCertificate | undefined): void {
  const others = (node.certificates ?? []).filter(({ filename }) => filename !== customFile);
  node.certificates = made === undefined ? others : [...others, made];
}

/** What is known of a certificate from its text. */
function read(pem: string): StoredCertificate {
  const parsed = parse(pem);
  const { asymmetricKeyType: kind, asymmetricKeyDetails: details } = parsed.publicKey;
  const seconds = (text: string) => Math.floor(Date.parse(text) / 1000);
  const named = (text: string) => `/${text.split("\n").join("/")}`;
  return {
    filename: customFile,
    fingerprint: parsed.fingerprint256,
    issuer: named(parsed.issuer),
    notafter: seconds(parsed.validTo),
    notbefore: seconds(parsed.validFrom),
    pem,
    "public-key-bits": details?.modulusLength ?? 256,
    "public-key-type": kind === "rsa" ? "rsaEncryption" : "id-ecPublicKey",
    san: (parsed.subjectAltName ?? "")
      .split(/, ?/)
      .flatMap((name) => (name === "" ? [] : [name.replace(/^[^:]*:/, "")])),
    subject: named(parsed.subject),
  };
}

function parse(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw failure(`unable to parse certificate: ${customFile}`);
  }
}

async function upload(call: Call): Promise<StoredCertificate> {
  await certificatesOf(call);
  const node = call.cluster.node(call.node);
  const existing = customOf(node);
  if (existing !== undefined && !call.params.flag("force"))
    throw failure("Custom certificate file exists but force flag is not set.\n");
  if (existing === undefined && !call.params.has("key"))
    throw invalid({ key: "Attempted to upload custom certificate without (existing) key." });
  const made = read(call.params.need("certificates"));
  setCustom(node, made);
  return made;
}

export const nodeCertificates: Handlers = {
  "GET /nodes/{node}/certificates/info": certificatesOf,
  "POST /nodes/{node}/certificates/custom": upload,
  "DELETE /nodes/{node}/certificates/custom": (call) => {
    setCustom(call.cluster.node(call.node), undefined);
    return null;
  },
};
