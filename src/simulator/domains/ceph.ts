// Ceph, which isn't installed: what PVE answers then (facts 4), and the releases that it could install.
import type { EndpointKey } from "../../schema/endpoints.gen.ts";
import { failure } from "../engine/error.ts";
import type { Handler, Handlers } from "../engine/handler.ts";

const refused: Handler = () => {
  throw failure("binary not installed: /usr/bin/ceph-mon");
};

const keys: readonly EndpointKey[] = [
  "GET /cluster/ceph/flags",
  "PUT /cluster/ceph/flags",
  "GET /cluster/ceph/flags/{flag}",
  "PUT /cluster/ceph/flags/{flag}",
  "GET /cluster/ceph/metadata",
  "GET /cluster/ceph/status",
  "GET /nodes/{node}/ceph/cfg/db",
  "GET /nodes/{node}/ceph/cfg/raw",
  "GET /nodes/{node}/ceph/cfg/value",
  "GET /nodes/{node}/ceph/cmd-safety",
  "GET /nodes/{node}/ceph/crush",
  "GET /nodes/{node}/ceph/fs",
  "POST /nodes/{node}/ceph/fs/{name}",
  "DELETE /nodes/{node}/ceph/fs/{name}",
  "POST /nodes/{node}/ceph/init",
  "GET /nodes/{node}/ceph/log",
  "GET /nodes/{node}/ceph/mds",
  "POST /nodes/{node}/ceph/mds/{name}",
  "DELETE /nodes/{node}/ceph/mds/{name}",
  "GET /nodes/{node}/ceph/mgr",
  "POST /nodes/{node}/ceph/mgr/{id}",
  "DELETE /nodes/{node}/ceph/mgr/{id}",
  "GET /nodes/{node}/ceph/mon",
  "POST /nodes/{node}/ceph/mon/{monid}",
  "DELETE /nodes/{node}/ceph/mon/{monid}",
  "GET /nodes/{node}/ceph/osd",
  "GET /nodes/{node}/ceph/osd/{osdid}",
  "GET /nodes/{node}/ceph/osd/{osdid}/lv-info",
  "GET /nodes/{node}/ceph/osd/{osdid}/metadata",
  "POST /nodes/{node}/ceph/osd/{osdid}/in",
  "POST /nodes/{node}/ceph/osd/{osdid}/out",
  "POST /nodes/{node}/ceph/osd/{osdid}/scrub",
  "GET /nodes/{node}/ceph/pool",
  "POST /nodes/{node}/ceph/pool",
  "GET /nodes/{node}/ceph/pool/{name}",
  "PUT /nodes/{node}/ceph/pool/{name}",
  "DELETE /nodes/{node}/ceph/pool/{name}",
  "GET /nodes/{node}/ceph/pool/{name}/status",
  "POST /nodes/{node}/ceph/restart",
  "GET /nodes/{node}/ceph/rules",
  "POST /nodes/{node}/ceph/start",
  "GET /nodes/{node}/ceph/status",
  "POST /nodes/{node}/ceph/stop",
];

const releases: readonly [name: string, version: string, available: 0 | 1][] = [
  ["octopus", "15.2", 0],
  ["pacific", "16.2", 0],
  ["quincy", "17.2", 0],
  ["reef", "18.2", 0],
  ["squid", "19.2", 1],
  ["tentacle", "20.2", 1],
];

export const ceph: Handlers = {
  ...Object.fromEntries(keys.map((key) => [key, refused])),
  "GET /nodes/{node}/ceph/releases": () =>
    releases.map(([release, version, available]) => ({
      available,
      "is-default": release === "tentacle" ? 1 : 0,
      release,
      unsupported: 0,
      version,
    })),
};
