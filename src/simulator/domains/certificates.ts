// A node's certificates: the cluster's own authority and what it signed, made when they are first looked at.
import type { Call, Handlers } from "../engine/handler.ts";
import type { Node, StoredCertificate } from "../engine/state.ts";

const day = 86_400_000;

function namesOf(node: Node): string[] {
  const search = node.dns.search === undefined ? [] : [`${node.name}.${node.dns.search}`];
  return ["127.0.0.1", "localhost", node.ip, node.name, ...search];
}

/** The authority and the node's certificate; the node is known by its fingerprint from then on. */
async function certificates({ cluster, node: name }: Call): Promise<StoredCertificate[]> {
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
  const row = (filename: string, made: typeof own, san: string[], subject: string): StoredCertificate => ({
    filename,
    fingerprint: made.fingerprint,
    issuer: "/CN=Proxmox Virtual Environment",
    notafter: Math.floor(span.to.getTime() / 1000),
    notbefore: Math.floor(span.from.getTime() / 1000),
    pem: made.certificate,
    "public-key-bits": 256,
    "public-key-type": "id-ecPublicKey",
    san,
    subject,
  });
  node.certificates = [
    row("pve-root-ca.pem", authority, [], "/CN=Proxmox Virtual Environment"),
    row("pve-ssl.pem", own, namesOf(node), `/CN=${own.subject}`),
  ];
  node.fingerprint = own.fingerprint;
  return node.certificates;
}

export const nodeCertificates: Handlers = {
  "GET /nodes/{node}/certificates/info": certificates,
};
