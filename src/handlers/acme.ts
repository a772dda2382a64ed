// Owns what ACME's operations look up and tell: the node's domains and certificate, an account without its key, terms that are the user's to accept.
import { PveError } from "../pve/errors.ts";
import type { Row } from "../toolkit/answer.ts";
import type { Ground, Perform, Present } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { changesBetween } from "../toolkit/replaced.ts";
import { customOf } from "./certificates.ts";
import { rowIn, rowsIn } from "./rows.ts";

const account = "GET /cluster/acme/account/{name}";

/** What the node serves after the task. */
export const certificateNow: Present = async (_, ground) => {
  const row = await customOf(ground);
  if (row) return { record: row };
  return { notes: [`Node ${ground.values.node} has no certificate but the cluster's own now (pve-ssl.pem).`] };
};

const settingsIn = (data: unknown) => Object.entries(rowIn(data)).filter(([name]) => name.startsWith("acme"));

/** PVE stumbles over a node without ACME settings; where they may not be read, it is left to say so. */
export async function withDomains({ values: { node = "" }, read: ask }: Ground): Promise<Row> {
  const { data } = await ask("GET /nodes/{node}/config", { node }).catch((error: unknown) => {
    if (error instanceof PveError) return { data: { acme: "unknown" } };
    throw error;
  });
  if (settingsIn(data).length > 0) return { node };
  throw new Refusal(
    `node ${node} has no ACME settings: its configuration needs acmedomain0 (a domain) and acme (account=NAME)`,
  );
}

export const acmeSettings: Present = (data, { values: { node } }) => {
  const settings = settingsIn(data);
  const summary = settings.length > 0 ? `ACME settings of node ${node}` : `Node ${node} has no ACME settings`;
  return { record: Object.fromEntries(settings), summary };
};

/** An account by what people look for; its public key says nothing to them. */
export const flat = (data: unknown, name: unknown): Row => {
  const { account: inner, ...rest } = rowIn(data);
  const { key: _key, orders: _orders, ...known } = rowIn(inner);
  return { name, ...known, ...rest };
};

/** PVE lists names alone, and tells root@pam alone more. */
export const accounts: Present = async (data, { read: ask }) => {
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
export async function agreed({ values, read: ask }: Ground): Promise<Row> {
  if (values.tos_url !== undefined) return {};
  const asked = values.directory === undefined ? {} : { directory: values.directory };
  const meta = await ask("GET /cluster/acme/meta", asked).catch((error: unknown) => {
    if (error instanceof PveError) return { data: {} };
    throw error;
  });
  const { termsOfService: terms } = rowIn(meta.data);
  if (terms === undefined) return {};
  const wanted = `tos_url is missing: an account accepts the terms of service at ${terms}; give this address once the user accepts them`;
  // nobody is asked for an agreement in vain
  const refused = await ask(account, { name: values.name ?? "default" }).then(
    () => [],
    (error: unknown) => (error instanceof PveError && error.kind === "forbidden" ? [error.sentence, error.next] : []),
  );
  throw new Refusal(wanted, ...refused);
}

export const accountNow: Present = async (_, { values: { name = "default" }, read: ask }) => ({
  record: flat((await ask(account, { name })).data, name),
});

/** The account before, for what the task changes of it. */
export const changeAccount: Perform = async (acting, values) => {
  const { name = "default" } = values;
  const before = flat((await acting.read(account, { name })).data, name);
  const { data } = await acting.send("PUT /cluster/acme/account/{name}", { ...values, name });
  const end = await acting.finish(String(data));
  const after = flat((await acting.read(account, { name })).data, name);
  return { data: { before, after, exitstatus: end.exitstatus, state: end.state } };
};

export const changedAccount: Present = (data, { values: { name = "default" } }) => {
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
export const plugin: Present = (data, { elevated }) => {
  const row = rowIn(data);
  if (row.data === undefined || elevated) return { record: row };
  const names = String(row.data)
    .split("\n")
    .flatMap((line) => /^\s*([^=\s]+)\s*=/.exec(line)?.[1] ?? []);
  return { record: { ...row, data: `(not shown) ${names.join(" ")}`.trim() } };
};
