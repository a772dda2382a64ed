// Owns the putting together of a cluster: client, look-ups and clock over the network or over the embedded one.
import type { Config } from "../config/config.ts";
import { createClient, type Fetch } from "../pve/client.ts";
import { systemClock } from "../pve/clock.ts";
import { createGuests } from "../pve/guests.ts";
import type { Cluster } from "../toolkit/call.ts";
import type { Policy } from "../toolkit/gate.ts";

/** Where a PVE host keeps the root of its own certificates. */
const hostRoot = "/etc/pve/pve-root-ca.pem";

/** The cluster of the settings. Nothing is sent before the first request. */
export async function connected(config: Config): Promise<Cluster> {
  const { createTransport } = await import("../pve/transport.ts");
  const { ca, ...tls } = config.tls;
  const issuers = [...(ca === undefined ? [] : [ca]), ...(await rootOfThisHost())];
  const fetch = createTransport({ ...tls, ca: issuers });
  return clusterOver(fetch, config.base, config.authorization.reveal(), config.policy);
}

/** The embedded cluster, with its own administrator's token. */
export async function connectedDemo(policy: Policy): Promise<Cluster> {
  const { createSimulator } = await import("../simulator/simulator.ts");
  const simulator = createSimulator();
  return clusterOver(
    (request) => simulator.fetch(request),
    "https://demo:8006",
    `PVEAPIToken=${simulator.tokens.root}`,
    policy,
  );
}

function clusterOver(fetch: Fetch, base: string, authorization: string, policy: Policy): Cluster {
  const client = createClient({ fetch, base, authorization, clock: systemClock });
  return { client, guests: createGuests(client, systemClock), clock: systemClock, policy };
}

async function rootOfThisHost(): Promise<string[]> {
  const { readFile } = await import("node:fs/promises");
  return readFile(hostRoot, "utf8").then(
    (pem) => [pem],
    () => [],
  );
}
