// Owns the putting together of a cluster: client, look-ups and clock over the network or over the embedded one.
import type { Config, Door, Ssh } from "../config/config.ts";
import type { Credentials } from "../config/credentials.ts";
import { pinSetting } from "../config/doors.ts";
import type { Limits } from "../config/limits.ts";
import type { PolicySettings } from "../config/policy.ts";
import { createClient, type Fetch } from "../pve/client.ts";
import { systemClock } from "../pve/clock.ts";
import { createGuests } from "../pve/guests.ts";
import { createRate } from "../pve/rate.ts";
import type { TransportOptions } from "../pve/transport.ts";
import type { Cluster } from "../toolkit/call.ts";
import type { ContainerShell } from "../toolkit/shell.ts";
import { createUploadFolder } from "../toolkit/upload-folder.ts";

/** Where a PVE host keeps the root of its own certificates. */
const hostRoot = "/etc/pve/pve-root-ca.pem";

/** The cluster of the settings. Nothing is sent before the first request. */
export async function connected(config: Config): Promise<Cluster> {
  const { base, authorization, policy, limits, folder, ssh, allowUnsafeCommands } = config;
  const bounds = { policy, limits, folder, unsafeCommands: allowUnsafeCommands, ssh };
  return clusterOver(await doorsOf(config), base, authorization.reveal(), bounds);
}

/**
 * The cluster of the settings for a caller with a token of their own: connections, look-ups and limits of its own, and
 * nothing that is the service's, such as its SSH key and its folder.
 */
export async function connectedAs(authorization: string, config: Reachable): Promise<Cluster> {
  const { base, policy, limits, allowUnsafeCommands } = config;
  return clusterOver(await doorsOf(config), base, authorization, {
    policy,
    limits,
    unsafeCommands: allowUnsafeCommands,
  });
}

/** Whether PVE answers; asked what it tells everybody, without any token. */
export async function answers(config: Reachable): Promise<boolean> {
  const fetch = await doorsOf(config);
  const request = new Request(`${config.base}/api2/json/access/domains`, { signal: AbortSignal.timeout(5_000) });
  return fetch(request).then(
    async (response) => {
      await response.text();
      return response.status < 500;
    },
    () => false,
  );
}

/** A cluster's settings without a token. */
type Reachable = Omit<Config, keyof Credentials>;

/** The embedded cluster, with its own administrator's token. */
export async function connectedDemo(bounds: Bounds): Promise<Cluster> {
  const { createSimulator } = await import("../simulator/simulator.ts");
  const simulator = createSimulator();
  const fetch: Fetch = (request) => simulator.fetch(request);
  return clusterOver(fetch, "https://demo:8006", `PVEAPIToken=${simulator.tokens.root}`, bounds);
}

/** One way to the cluster: the only node's, or the first that answers of several, each with its own trust. */
export async function doorsOf(config: Reachable): Promise<Fetch> {
  const [{ createTransport }, { createDoors }, trust] = await Promise.all([
    import("../pve/transport.ts"),
    import("../pve/doors.ts"),
    trustOf(config),
  ]);
  const ways = config.doors.map((door) => ({ base: door.base, fetch: createTransport(trust(door)) }));
  const [only, another] = ways;
  return only && !another ? only.fetch : createDoors(ways, systemClock);
}

/** How the certificate of each door is judged. */
export async function trustOf({ doors, tls, state }: Reachable): Promise<(door: Door) => TransportOptions> {
  const [{ createSightingsFile }, hostCa] = await Promise.all([import("../pve/sightings-file.ts"), rootOfThisHost()]);
  const { fingerprint: _first, ...trust } = tls;
  const sightings = state === undefined ? {} : { sightings: createSightingsFile(`${state}/certificates.json`) };
  return (door) => ({
    ...trust,
    ...(door.fingerprint !== undefined && { fingerprint: door.fingerprint }),
    pinSetting: (fingerprint) => pinSetting(doors, door, fingerprint),
    hostCa,
    ...sightings,
  });
}

/** What a cluster's tools may do, how much of it, and with which files. */
interface Bounds {
  readonly policy: PolicySettings;
  readonly limits: Limits;
  readonly folder?: string | undefined;
  /** PROXMOX_ALLOW_UNSAFE_COMMANDS */
  readonly unsafeCommands?: boolean;
  /** Absent where SSH is not enabled. */
  readonly ssh?: Ssh | undefined;
}

function clusterOver(fetch: Fetch, base: string, authorization: string, bounds: Bounds): Cluster {
  const { policy, limits, folder, ssh, unsafeCommands = false } = bounds;
  const { maxConcurrency, rateLimit } = limits;
  const client = createClient({ fetch, base, authorization, clock: systemClock, maxConcurrency });
  const rate = createRate(rateLimit, systemClock);
  const { stopFile } = policy;
  const optional = {
    ...(stopFile !== undefined && { halted: () => existing(stopFile) }),
    ...(folder !== undefined && { folder: createUploadFolder(folder) }),
    ...(ssh && { shell: lazyShell(ssh) }),
  };
  return {
    client,
    guests: createGuests(client, systemClock),
    clock: systemClock,
    policy,
    rate,
    unsafeCommands,
    ...optional,
  };
}

/** Commands in containers; what they need is loaded with the first one. */
function lazyShell(ssh: Ssh): ContainerShell {
  let shell: Promise<ContainerShell> | undefined;
  return {
    run: async (command, told) => {
      shell ??= import("../ssh/shell.ts").then(({ createShell }) => createShell(ssh));
      return (await shell).run(command, told);
    },
  };
}

/** The file, unless it certainly isn't there: one that may not be looked at stops as well. */
async function existing(file: string): Promise<string | undefined> {
  const { stat } = await import("node:fs/promises");
  const isMissing = (error: unknown) =>
    error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
  return stat(file).then(
    () => file,
    (error) => (isMissing(error) ? undefined : file),
  );
}

async function rootOfThisHost(): Promise<string[]> {
  const { readFile } = await import("node:fs/promises");
  return readFile(hostRoot, "utf8").then(
    (pem) => [pem],
    () => [],
  );
}
