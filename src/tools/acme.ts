// Certificates by ACME: a node's orders, the accounts at the authorities, challenge plugins.
import { PveError } from "../pve/errors.ts";
import type { Row } from "../toolkit/answer.ts";
import { destroy, type Ground, type Perform, type Present, read, write } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { changesBetween } from "../toolkit/replaced.ts";
import { tool } from "../toolkit/tool.ts";
import { customOf, shownCertificate } from "./certificates.ts";
import { rowIn, rowsIn } from "./rows.ts";

const order = "/nodes/{node}/certificates/acme/certificate";
const account = "GET /cluster/acme/account/{name}";
const plugins = "GET /cluster/acme/plugins";

/** What the node serves after the task. */
const certificateNow: Present = async (_, ground) => {
  const row = await customOf(ground);
  if (row) return { record: row };
  return { notes: [`Node ${ground.values.node} has no certificate but the cluster's own now (pve-ssl.pem).`] };
};

const acmeSettings: Present = (data, { values: { node } }) => {
  const settings = Object.entries(rowIn(data)).filter(([name]) => name.startsWith("acme"));
  const summary = settings.length > 0 ? `ACME settings of node ${node}` : `Node ${node} has no ACME settings`;
  return { record: Object.fromEntries(settings), summary };
};

/** An account by what people look for; its public key says nothing to them. */
const flat = (data: unknown, name: unknown): Row => {
  const { account: inner, ...rest } = rowIn(data);
  const { key: _key, orders: _orders, ...known } = rowIn(inner);
  return { name, ...known, ...rest };
};

/** PVE lists names alone, and tells root@pam alone more. */
const accounts: Present = async (data, { read: ask }) => {
  const names = rowsIn(data).map(({ name }) => String(name));
  try {
    const rows = await Promise.all(names.map(async (name) => flat((await ask(account, { name })).data, name)));
    return { rows };
  } catch (error) {
    if (!(error instanceof PveError) || error.kind !== "forbidden") throw error;
    return { rows: rowsIn(data), notes: [`More than the names PVE doesn't tell: ${error.sentence}`] };
  }
};

/** Whoever registers accepts the authority's terms: that is the user's to say, so the terms are named and not accepted here. */
async function agreed({ values, read: ask }: Ground): Promise<Row> {
  if (values.tos_url !== undefined) return {};
  const asked = values.directory === undefined ? {} : { directory: values.directory };
  const meta = await ask("GET /cluster/acme/meta", asked).catch((error: unknown) => {
    if (error instanceof PveError) return { data: {} };
    throw error;
  });
  const { termsOfService: terms } = rowIn(meta.data);
  if (terms === undefined) return {};
  throw new Refusal(
    `tos_url is missing: an account accepts the terms of service at ${terms}; give this address once the user accepts them`,
  );
}

const accountNow: Present = async (_, { values: { name = "default" }, read: ask }) => ({
  record: flat((await ask(account, { name })).data, name),
});

/** The account before, for what the task changes of it. */
const changeAccount: Perform = async (acting, values) => {
  const { name = "default" } = values;
  const before = flat((await acting.read(account, { name })).data, name);
  const { data } = await acting.send("PUT /cluster/acme/account/{name}", { ...values, name });
  const end = await acting.finish(String(data));
  const after = flat((await acting.read(account, { name })).data, name);
  return { data: { before, after, exitstatus: end.exitstatus, state: end.state } };
};

const changedAccount: Present = (data, { values: { name = "default" } }) => {
  const { before, after, exitstatus, state } = rowIn(data);
  const told = { record: rowIn(after), changes: changesBetween(rowIn(before), rowIn(after)) };
  if (state === "failed")
    return {
      ...told,
      outcome: "failed",
      kind: "task-failed",
      summary: `ACME account ${name} was not changed`,
      reason: [String(exitstatus)],
    };
  const how = state === "running" ? "is being changed" : "stands at its authority as told here";
  return { ...told, summary: `ACME account ${name} ${how}` };
};

/** What a plugin signs in with (`CF_Token=…`): its names for all, its values for the elevated. */
const plugin: Present = (data, { elevated }) => {
  const row = rowIn(data);
  if (row.data === undefined || elevated) return { record: row };
  const names = String(row.data)
    .split("\n")
    .flatMap((line) => /^\s*([^=\s]+)\s*=/.exec(line)?.[1] ?? []);
  return { record: { ...row, data: `(not shown) ${names.join(" ")}`.trim() } };
};

const named = { fields: "name status contact directory location tos" } as const;

export const acmeTools = [
  tool("proxmox_acme_cert", "ACME certificates of nodes", {
    order: write(`POST ${order}`, {
      ...shownCertificate,
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
  tool("proxmox_acme_account", "ACME accounts (PVE: root@pam alone, no token)", {
    list: read("GET /cluster/acme/account", { ...named, present: accounts, done: "{count} ACME accounts" }),
    get: read(account, {
      ...named,
      present: (data, { values }) => ({ record: flat(data, values.name) }),
      done: "ACME account {name}",
    }),
    create: write("POST /cluster/acme/account", {
      show: ["name", "tos_url", "directory"],
      hints: { tos_url: "terms the user accepts" },
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
  tool("proxmox_acme_info", "ACME plugins and directories", {
    list_plugins: read(plugins, {
      fields: "plugin type api nodes validation-delay disable",
      done: "{count} ACME plugins",
    }),
    get_plugin: read(`${plugins}/{id}`, { present: plugin, done: "ACME plugin {id}" }),
    directories: read("GET /cluster/acme/directories", { fields: "name url", done: "{count} ACME directories" }),
  }),
];
