// Certificates by ACME: a node's orders, the accounts at the authorities, challenge plugins.
import {
  accountNow,
  accounts,
  acmeSettings,
  agreed,
  certificateNow,
  changeAccount,
  changedAccount,
  flat,
  plugin,
  withDomains,
} from "../handlers/acme.ts";
import { destroy, read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";
import { shownCertificate } from "./certificates.ts";

const order = "/nodes/{node}/certificates/acme/certificate";
const account = "GET /cluster/acme/account/{name}";
const plugins = "GET /cluster/acme/plugins";

const named = { fields: "name status contact directory location tos" } as const;

export const acmeTools = [
  tool("proxmox_acme_cert", "ACME certificates", {
    order: write(`POST ${order}`, {
      ...shownCertificate,
      compose: withDomains,
      show: ["force"],
      present: certificateNow,
      done: "Node {node} has a new certificate",
    }),
    renew: write(`PUT ${order}`, {
      ...shownCertificate,
      show: ["force"],
      present: certificateNow,
      done: "The certificate of node {node} was renewed",
    }),
    revoke: destroy(`DELETE ${order}`, { present: certificateNow, done: "The certificate of node {node} was revoked" }),
    config: read("GET /nodes/{node}/config", { takes: [], present: acmeSettings }),
  }),
  tool("proxmox_acme_account", "ACME accounts: root@pam's alone", {
    list: read("GET /cluster/acme/account", { ...named, present: accounts, done: "{count} ACME accounts" }),
    get: read(account, {
      ...named,
      present: (data, { values }) => ({ record: flat(data, values.name) }),
      done: "ACME account {name}",
    }),
    create: write("POST /cluster/acme/account", {
      show: ["tos_url"],
      compose: agreed,
      present: accountNow,
      done: "ACME account registered",
    }),
    update: write("PUT /cluster/acme/account/{name}", {
      show: ["contact"],
      perform: changeAccount,
      present: changedAccount,
    }),
    delete: destroy("DELETE /cluster/acme/account/{name}", { done: "ACME account {name} was deactivated" }),
  }),
  tool("proxmox_acme_info", "ACME plugins", {
    list_plugins: read(plugins, {
      fields: "plugin type api nodes validation-delay disable",
      done: "{count} ACME plugins",
    }),
    get_plugin: read(`${plugins}/{id}`, { present: plugin, done: "ACME plugin {id}" }),
    directories: read("GET /cluster/acme/directories", { fields: "name url", done: "{count} ACME directories" }),
  }),
];
