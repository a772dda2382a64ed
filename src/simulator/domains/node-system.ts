// A node's own system: hosts file, clock, notes, hardware, its guests' traffic.
import { failure, invalid } from "../engine/error.ts";
import { assertDigest, digestOf, staleDigest } from "../engine/guest-config.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import type { Node } from "../engine/state.ts";
import { guestFigures } from "../guests/figures.ts";
import { fetchFile } from "../guests/web.ts";
import { typed } from "./firewall-scope.ts";

type Row = Record<string, unknown>;

const nodeOf = ({ cluster, node }: Call): Node => cluster.node(node);

/** Names the nodes as /etc/hosts of a fresh cluster does. */
function hostsText(call: Call): string {
  const node = nodeOf(call);
  if (node.hosts !== undefined) return node.hosts;
  const search = node.dns.search === undefined ? "" : `.${node.dns.search}`;
  const lines = Object.values(call.cluster.state.nodes).map(({ ip, name }) => `${ip} ${name}${search} ${name}`);
  return ["127.0.0.1 localhost.localdomain localhost", ...lines, ""].join("\n");
}

function writeHosts(call: Call): null {
  assertDigest(digestOf(hostsText(call)), call.params.text("digest"), staleDigest.other);
  nodeOf(call).hosts = call.params.need("data");
  return null;
}

/** A description always ends with a line break. */
function config(call: Call): Row {
  const { config: values = {} } = nodeOf(call);
  const { description, ...rest } = values;
  const digest = digestOf(JSON.stringify(values));
  const shown = typed("PUT /nodes/{node}/config", rest);
  if (Object.keys(values).length === 0) return {};
  return { ...shown, ...(description === undefined ? {} : { description: `${description.trimEnd()}\n` }), digest };
}

function updateConfig(call: Call): null {
  const node = nodeOf(call);
  const { params } = call;
  node.config ??= {};
  assertDigest(digestOf(JSON.stringify(node.config)), params.text("digest"), staleDigest.other);
  for (const name of params.list("delete")) delete node.config[name];
  Object.assign(node.config, params.rest("node", "delete", "digest"));
  return null;
}

function setTime(call: Call): null {
  const timezone = call.params.need("timezone");
  if (!isZone(timezone)) throw invalid({ timezone: "No such timezone" });
  nodeOf(call).timezone = timezone;
  return null;
}

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** What the server of a URL tells of a file. */
function urlMetadata({ cluster, params }: Call): Row {
  const url = params.need("url");
  const found = fetchFile(cluster.state, url);
  if ("refused" in found) throw failure("500 Can't connect");
  if (found.size === undefined) throw failure("invalid server response: '404 File not found'");
  const filename = new URL(url).pathname.split("/").pop() ?? "";
  const iso = filename.endsWith(".iso");
  return { filename, mimetype: iso ? "application/x-iso9660-image" : "application/octet-stream", size: found.size };
}

/** The balloon and the disk of a virtual host, or what a server has. */
const pciDevices: readonly Row[] = [
  {
    class: "0x018000",
    device: "0x1042",
    device_name: "Virtio 1.0 block device",
    id: "0000:00:02.0",
    iommugroup: -1,
    subsystem_device: "0x1042",
    subsystem_vendor: "0x1af4",
    subsystem_vendor_name: "Red Hat, Inc.",
    vendor: "0x1af4",
    vendor_name: "Red Hat, Inc.",
  },
  {
    class: "0x020000",
    device: "0x1041",
    device_name: "Virtio 1.0 network device",
    id: "0000:00:03.0",
    iommugroup: -1,
    subsystem_device: "0x1041",
    subsystem_vendor: "0x1af4",
    subsystem_vendor_name: "Red Hat, Inc.",
    vendor: "0x1af4",
    vendor_name: "Red Hat, Inc.",
  },
];

function netstat(call: Call): Row[] {
  const running = call.cluster.guests().filter((guest) => guest.node === call.node && guest.process !== undefined);
  return running.flatMap((guest) =>
    Object.keys(guest.config.values)
      .filter((name) => /^net\d+$/.test(name))
      .map((dev) => {
        const { netin, netout } = guestFigures(call.cluster, guest);
        return { dev, in: String(Math.floor(netin)), out: String(Math.floor(netout)), vmid: String(guest.vmid) };
      }),
  );
}

export const nodeSystem: Handlers = {
  "GET /nodes/{node}/hosts": (call) => ({ data: hostsText(call), digest: digestOf(hostsText(call)) }),
  "POST /nodes/{node}/hosts": writeHosts,
  "GET /nodes/{node}/config": config,
  "PUT /nodes/{node}/config": updateConfig,
  "PUT /nodes/{node}/time": setTime,
  "GET /nodes/{node}/query-url-metadata": urlMetadata,
  "GET /nodes/{node}/hardware/pci": () => pciDevices,
  "GET /nodes/{node}/hardware/usb": () => [],
  "GET /nodes/{node}/netstat": netstat,
};
