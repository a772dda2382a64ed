// What the run knows of the operations on certificates, ACME and notifications.
import { createCertificate } from "../../../src/simulator/https/certificate.ts";
import type { Case, Cases } from "../case.ts";

const own = createCertificate({ subject: "pve1.demo.test", names: ["pve1.demo.test"] });
/** An account, which root@pam alone can make, and a domain to order for. */
const acme = [
  "root POST /cluster/acme/account name=default contact=ops@demo.test tos_url=https://acme.test/tos",
  "PUT /nodes/pve1/config acme=domains=pve1.demo.test",
];
const ordered = "GET /nodes/{node}/certificates/info has filename=pveproxy-ssl.pem";

const target = (type: string, more: Case): Case => ({
  ...more,
  given: { name: "parity", ...more.given },
  before: more.before ?? [],
  effect: more.effect ?? [`GET /cluster/notifications/targets has name=parity type=${type}`],
});
const targets = {
  smtp: "server=mail.demo.test from-address=pve@demo.test mailto=ops@demo.test",
  gotify: "server=https://gotify.demo.test token=parity-secret",
  sendmail: "mailto=ops@demo.test",
} as const;
const made = (type: keyof typeof targets) =>
  `POST /cluster/notifications/endpoints/${type} name=parity ${targets[type]}`;
const mail = { mailto: "ops@demo.test", "mailto-user": "root@pam", author: "PVE" };
const smtp = {
  server: "mail.demo.test",
  port: 587,
  mode: "starttls",
  username: "ops",
  password: "parity-secret",
  from: "pve@demo.test",
};

export const certificateCases: Cases = {
  "proxmox_certificate action=list": { says: /pve-ssl\.pem/ },
  "proxmox_certificate action=upload": {
    given: { certificates: own.certificate, key: own.key, restart: 1 },
    needs: { key: own.key },
    effect: ["GET /nodes/{node}/certificates/info has filename=pveproxy-ssl.pem"],
  },
  "proxmox_certificate action=delete": {
    before: [
      `POST /nodes/pve1/certificates/custom certificates=${encodeURIComponent(own.certificate)} key=${encodeURIComponent(own.key)}`,
    ],
    effect: ["GET /nodes/{node}/certificates/info lacks filename=pveproxy-ssl.pem"],
  },
  "proxmox_acme_cert action=order": { before: acme, effect: [ordered] },
  "proxmox_acme_cert action=renew": {
    before: [...acme, "POST /nodes/pve1/certificates/acme/certificate"],
    given: { force: 1 },
    with: { force: 1 },
    endings: { bare: /does not expire/ },
    effect: [ordered, "GET /nodes/{node}/tasks source=all has type=acmerenew"],
  },
  "proxmox_acme_cert action=revoke": {
    before: [...acme, "POST /nodes/pve1/certificates/acme/certificate"],
    effect: ["GET /nodes/{node}/certificates/info lacks filename=pveproxy-ssl.pem"],
  },
  "proxmox_acme_cert action=config": { before: acme, says: /pve1\.demo\.test/ },
  "proxmox_acme_account action=list": { before: acme, says: /default/ },
  "proxmox_acme_account action=get": { before: acme, given: { name: "default" }, ends: /root@pam/ },
  "proxmox_acme_account action=create": {
    given: {
      name: "default",
      contact: "ops@demo.test",
      tos_url: "https://acme.test/tos",
      directory: "https://acme.test/directory",
    },
    needs: { tos_url: "https://acme.test/tos" },
    ends: /root@pam/,
  },
  "proxmox_acme_account action=update": {
    before: acme,
    given: { name: "default", contact: "ops@demo.test" },
    reaches: {
      endpoints: ["GET /cluster/acme/account/{name}"],
      because: "what is changed is read before, and that is root@pam's alone already",
    },
    ends: /root@pam/,
  },
  "proxmox_acme_account action=delete": {
    before: acme,
    given: { name: "default" },
    ends: /root@pam/,
  },
  "proxmox_acme_info action=list_plugins": { says: /standalone/ },
  "proxmox_acme_info action=get_plugin": {
    before: ["POST /cluster/acme/plugins id=dns1 type=dns api=cf data=Q0ZfVG9rZW49cGFyaXR5"],
    given: { id: "dns1" },
    says: /cf/,
  },
  "proxmox_acme_info action=directories": { says: /Let's Encrypt/ },
  "proxmox_notification action=list": { says: /mail-to-root/ },
  "proxmox_notification action=get,target_type=smtp": {
    before: [made("smtp")],
    given: { name: "parity" },
    says: /mail\.demo\.test/,
  },
  "proxmox_notification action=get,target_type=gotify": {
    before: [made("gotify")],
    given: { name: "parity" },
    says: /gotify\.demo\.test/,
  },
  "proxmox_notification action=get,target_type=sendmail": { given: { name: "mail-to-root" }, says: /root@pam/ },
  "proxmox_notification action=create,target_type=smtp": target("smtp", {
    given: { ...smtp, ...mail, token: "parity-secret" },
    needs: { server: smtp.server, from: smtp.from, mailto: mail.mailto },
    refused: ["token"],
  }),
  "proxmox_notification action=create,target_type=gotify": target("gotify", {
    given: { ...smtp, ...mail, server: "https://gotify.demo.test", token: "parity-secret" },
    needs: { server: "https://gotify.demo.test", token: "parity-secret" },
    refused: ["port", "username", "password", "mode", "mailto", "mailto-user", "from", "author"],
  }),
  "proxmox_notification action=create,target_type=sendmail": target("sendmail", {
    given: { ...smtp, ...mail, token: "parity-secret" },
    needs: { mailto: mail.mailto },
    refused: ["server", "port", "username", "password", "mode", "token"],
  }),
  ...Object.fromEntries(
    (["smtp", "gotify", "sendmail"] as const).map((type): [string, Case] => [
      `proxmox_notification action=delete,target_type=${type}`,
      {
        before: [made(type)],
        given: { name: "parity" },
        effect: ["GET /cluster/notifications/targets lacks name=parity"],
      },
    ]),
  ),
  "proxmox_notification action=test": {
    given: { name: "mail-to-root" },
    traceless: "the mail is all there is of it",
  },
};
