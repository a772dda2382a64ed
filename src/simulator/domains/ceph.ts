// Ceph: what PVE answers where it isn't installed, how it is set up, and the tables of what it has then.
import { cephOptions, emptyCeph } from "../engine/ceph.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import { cephDaemons } from "./ceph-daemons.ts";
import { cephOsds } from "./ceph-osds.ts";
import { cephPools } from "./ceph-pools.ts";
import { cephStatus } from "./ceph-status.ts";

const releases: readonly [name: string, version: string, available: 0 | 1][] = [
  ["octopus", "15.2", 0],
  ["pacific", "16.2", 0],
  ["quincy", "17.2", 0],
  ["reef", "18.2", 0],
  ["squid", "19.2", 1],
  ["tentacle", "20.2", 1],
];

/** Writes ceph.conf; what it says already stays. It needs no more than the client, which every node has. */
function init({ cluster, params }: Call): null {
  const ceph = cluster.state.ceph ?? emptyCeph([]);
  cluster.state.ceph = ceph;
  const network = params.text("network") ?? "192.0.2.0/24";
  ceph.options ??= cephOptions(cluster.random.uuid(), network, params.number("size"), params.number("min_size"));
  return null;
}

export const ceph: Handlers = {
  ...cephStatus,
  ...cephDaemons,
  ...cephOsds,
  ...cephPools,
  "POST /nodes/{node}/ceph/init": init,
  "GET /nodes/{node}/ceph/releases": () =>
    releases.map(([release, version, available]) => ({
      available,
      "is-default": release === "tentacle" ? 1 : 0,
      release,
      unsupported: 0,
      version,
    })),
};
