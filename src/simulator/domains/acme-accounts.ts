// ACME accounts, and the authorities that can be reached: the two of Let's Encrypt, or a test server beside the node.
import { ApiError, failure, invalid } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import { sectionFile } from "../engine/section-file.ts";
import type { ClusterState, Section } from "../engine/state.ts";
import type { Work, Worker } from "../engine/worker.ts";

interface Authority {
  directory: string;
  terms: string;
  /** Where accounts and orders are. */
  base: string;
  /** Reached even where nothing outside is. */
  beside?: true;
  /** Takes an update of an account that changes nothing. */
  refreshes: boolean;
}

const terms = "https://letsencrypt.org/documents/LE-SA-v1.6-August-18-2025.pdf";
const authorities: readonly Authority[] = [
  {
    directory: "https://acme-v02.api.letsencrypt.org/directory",
    terms,
    base: "https://acme-v02.api.letsencrypt.org/acme",
    refreshes: true,
  },
  {
    directory: "https://acme-staging-v02.api.letsencrypt.org/directory",
    terms,
    base: "https://acme-staging-v02.api.letsencrypt.org/acme",
    refreshes: true,
  },
  {
    directory: "https://localhost:14000/dir",
    terms: "data:text/plain,Do%20what%20thou%20wilt",
    base: "https://localhost:14000",
    beside: true,
    refreshes: false,
  },
];

const accounts = (state: ClusterState) => sectionFile(state, "acme/accounts");
const text = ({ options }: Section, name: string) => String(options[name] ?? "");
const directoryOf = ({ params }: Call) => params.text("directory") ?? authorities[0]?.directory ?? "";

/** Throws what PVE's own client says of a server that it can't connect to. */
function authorityAt(state: ClusterState, directory: string): Authority {
  const found = authorities.find((one) => one.directory === directory);
  if (found && (found.beside === true) === (state.isolated === true)) return found;
  const { hostname, port } = new URL(directory);
  const at = `${hostname}:${port === "" ? "443" : port}`;
  const why = hostname === "localhost" ? "Connection refused" : "Temporary failure in name resolution";
  const last = `${why} at /usr/share/perl5/LWP/Protocol/http.pm line 49.`;
  throw failure(`Error: GET to ${directory}\nCan't connect to ${at} (${why})\n\n${last}\n`);
}

const absent = (name: string) => `ACME account config file '${name}' does not exist.`;

/** The account of a name, or the words that it isn't there. */
export function accountNamed(state: ClusterState, name: string): Section {
  const account = accounts(state)[name];
  if (account === undefined) throw new Error(absent(name));
  return account;
}

/** Where an account's authority keeps its orders. */
export function baseOf(account: Section): string {
  return authorities.find(({ directory }) => directory === text(account, "directory"))?.base ?? "";
}

function found(call: Call): { name: string; account: Section } {
  const name = call.params.text("name") ?? "default";
  const account = accounts(call.cluster.state)[name];
  if (account === undefined) throw invalid({ name: absent(name) });
  return { name, account };
}

function create(call: Call): string {
  const { cluster, params } = call;
  const name = params.text("name") ?? "default";
  if (accounts(cluster.state)[name] !== undefined)
    throw invalid({ name: `ACME account config file '${name}' already exists.` });
  const id = cluster.random.hex(16);
  return cluster.fork(call.caller, call.node, "acmeregister", "", function* (worker) {
    worker.log("Generating ACME account key..");
    yield 800;
    worker.log("Registering ACME account..");
    yield 400;
    const authority = reached(call);
    const tos = params.text("tos_url");
    if (tos === undefined) throw new Error(`Registration failed: ${disagreed(authority)}`);
    const location = `${authority.base}/my-account/${id}`;
    accounts(cluster.state)[name] = {
      type: "account",
      options: { contact: params.list("contact"), directory: authority.directory, id, location, tos },
    };
    worker.log(`Registration successful, account URL: '${location}'`);
  });
}

function reached(call: Call): Authority {
  try {
    return authorityAt(call.cluster.state, directoryOf(call));
  } catch (problem) {
    throw problem instanceof ApiError ? new Error(`Registration failed: ${problem.message}`) : problem;
  }
}

function disagreed({ base }: Authority): string {
  const detail = "Provided account did not agree to the terms of service";
  return `Error: POST to ${base}/sign-me-up\n${refusal("agreementRequired", detail, 403)}\n`;
}

const refusal = (type: string, detail: string, status: number) =>
  `{\n   "type": "urn:ietf:params:acme:error:${type}",\n   "detail": "${detail}",\n   "status": ${status}\n}`;

function update(call: Call): string {
  const { account } = found(call);
  const contact = call.params.list("contact");
  const { cluster, caller, node } = call;
  if (contact.length > 0)
    return cluster.fork(caller, node, "acmeupdate", "", function* () {
      yield 400;
      account.options.contact = contact;
    });
  return cluster.fork(caller, node, "acmerefresh", "", function* () {
    yield 400;
    const authority = authorities.find(({ directory }) => directory === text(account, "directory"));
    const detail = "Use POST-as-GET to retrieve account data instead of doing an empty update";
    if (authority?.refreshes === false)
      throw new Error(`Error: POST to ${text(account, "location")}\n${refusal("malformed", detail, 400)}`);
  });
}

function* deactivate({ cluster }: Call, name: string, worker: Worker): Work {
  yield 400;
  const file = accounts(cluster.state);
  const count = Object.keys(file).filter((other) => other.startsWith(`_deactivated_${name}_`)).length;
  const account = accountNamed(cluster.state, name);
  delete file[name];
  file[`_deactivated_${name}_${count}`] = account;
  const path = "/etc/pve/priv/acme";
  worker.log(`Renaming account file from '${path}/${name}' to '${path}/_deactivated_${name}_${count}'`);
}

function shown(account: Section): Record<string, unknown> {
  const id = text(account, "id");
  return {
    account: {
      contact: [account.options.contact ?? []].flat().map((address) => `mailto:${address}`),
      key: { e: "AQAB", kty: "RSA", n: id, use: "sig" },
      orders: `${baseOf(account)}/list-orderz/${id}`,
      status: "valid",
    },
    directory: text(account, "directory"),
    location: text(account, "location"),
    tos: text(account, "tos"),
  };
}

export const acmeAccounts: Handlers = {
  "GET /cluster/acme/account": ({ cluster }) =>
    Object.keys(accounts(cluster.state))
      .filter((name) => !name.startsWith("_deactivated_"))
      .map((name) => ({ name })),
  "POST /cluster/acme/account": create,
  "GET /cluster/acme/account/{name}": (call) => shown(found(call).account),
  "PUT /cluster/acme/account/{name}": update,
  "DELETE /cluster/acme/account/{name}": (call) => {
    const { name } = found(call);
    return call.cluster.fork(call.caller, call.node, "acmedeactivate", "", (worker) => deactivate(call, name, worker));
  },
  "GET /cluster/acme/meta": (call) => {
    const authority = authorityAt(call.cluster.state, directoryOf(call));
    return { externalAccountRequired: false, termsOfService: authority.terms };
  },
  "GET /cluster/acme/tos": (call) => authorityAt(call.cluster.state, directoryOf(call)).terms,
};
