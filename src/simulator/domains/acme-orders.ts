// A node's certificate from an ACME authority: ordered, renewed, revoked. The embedded authority finds every domain valid.
import { failure, invalid } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import type { Section, StoredCertificate } from "../engine/state.ts";
import type { Work, Worker } from "../engine/worker.ts";
import { accountNamed, baseOf } from "./acme-accounts.ts";
import { certificatesOf, customFile, customOf, row, setCustom } from "./certificates.ts";

const day = 86_400_000;
const issuer = "Embedded Test CA";

/** `acme` and `acmedomain0` to `acmedomain5` of a node's configuration. */
function orderOf({ cluster, node }: Call): { account: string; domains: string[] } {
  const { config = {} } = cluster.node(node);
  const further = Object.keys(config).filter((name) => name.startsWith("acmedomain"));
  if (config.acme === undefined && further.length === 0)
    throw failure("Can't use an undefined value as a HASH reference at /usr/share/perl5/PVE/API2/ACME.pm line 195.");
  const keys = new Map((config.acme ?? "").split(",").map((part) => part.split("=") as [string, string]));
  const domains = [
    ...(keys.get("domains") ?? "").split(";"),
    ...further.map((name) => /^(?:domain=)?([^,]*)/.exec(config[name] ?? "")?.[1] ?? ""),
  ].filter((domain) => domain !== "");
  if (domains.length === 0) throw failure("ACME domain list in node configuration is missing!");
  return { account: keys.get("account") ?? "default", domains };
}

/** Ninety days, for all of the domains. */
async function issued(call: Call, domains: string[]): Promise<StoredCertificate> {
  await certificatesOf(call);
  const { createCertificate } = await import("../https/certificate.ts");
  const now = call.cluster.now();
  const span = { from: new Date(now), to: new Date(now + 90 * day) };
  const authority = createCertificate({ subject: issuer, ca: true, ...span });
  const made = createCertificate({ subject: domains[0] ?? "", names: domains, issuer: authority, ...span });
  return row(customFile, made, { issuer: `/CN=${issuer}`, names: domains, ...span });
}

function* place(call: Call, worker: Worker, domains: string[], known: boolean): Work {
  const { random, state } = call.cluster;
  const account: Section = accountNamed(state, orderOf(call).account);
  const base = baseOf(account);
  worker.log("Loading ACME account details", "Placing ACME order");
  yield 500;
  worker.log(`Order URL: ${base}/my-order/${random.hex(32)}`, "");
  for (const domain of domains) {
    worker.log(`Getting authorization details from '${base}/authZ/${random.hex(32)}'`);
    if (known) worker.log(`${domain} is already validated!`, "");
    else {
      worker.log(`The validation for ${domain} is pending!`, "Setting up webserver", "Triggering validation");
      worker.log("Sleeping for 5 seconds");
      yield 5000;
      worker.log(`Status is 'valid', domain '${domain}' OK!`, "");
    }
  }
  worker.log("All domains validated!", "", "Creating CSR", "Checking order status");
  yield 500;
  worker.log("Order is ready, finalizing order", "valid!", "", "Downloading certificate");
  yield 500;
  worker.log("Setting pveproxy certificate and key", "Restarting pveproxy");
}

async function order(call: Call): Promise<string> {
  const { cluster, caller, node } = call;
  const { domains } = orderOf(call);
  if (customOf(cluster.node(node)) !== undefined && !call.params.flag("force"))
    throw invalid({ force: "Custom certificate exists but 'force' is not set." });
  const made = await issued(call, domains);
  return cluster.fork(caller, node, "acmenewcert", "", function* (worker) {
    yield* place(call, worker, domains, false);
    setCustom(cluster.node(node), made);
  });
}

async function renew(call: Call): Promise<string> {
  const { cluster, caller, node } = call;
  const now = customOf(cluster.node(node));
  if (now === undefined) throw failure("No current (custom) certificate found, please order a new certificate!");
  const soon = now.notafter * 1000 < cluster.now() + 30 * day;
  if (!soon && !call.params.flag("force"))
    throw invalid({ force: "Certificate does not expire within the next 30 days, and 'force' is not set." });
  const { domains } = orderOf(call);
  const made = await issued(call, domains);
  return cluster.fork(caller, node, "acmerenew", "", function* (worker) {
    yield* place(call, worker, domains, true);
    setCustom(cluster.node(node), made);
    worker.log("Revoking old certificate");
  });
}

function revoke(call: Call): string {
  const { cluster, caller, node } = call;
  if (customOf(cluster.node(node)) === undefined)
    throw failure(`can't open '/etc/pve/nodes/${node}/${customFile}' - No such file or directory`);
  return cluster.fork(caller, node, "acmerevoke", "", function* (worker) {
    worker.log("Loading ACME account details");
    accountNamed(cluster.state, orderOf(call).account);
    yield 400;
    worker.log("Revoking old certificate", "Deleting certificate files");
    yield 400;
    setCustom(cluster.node(node), undefined);
    worker.log("Restarting pveproxy to revert to self-signed certificates");
  });
}

export const acmeOrders: Handlers = {
  "POST /nodes/{node}/certificates/acme/certificate": order,
  "PUT /nodes/{node}/certificates/acme/certificate": renew,
  "DELETE /nodes/{node}/certificates/acme/certificate": revoke,
};
