// A node's own system: services, hosts file, clock, notes, packages, subscription, hardware.
import { failure } from "../engine/error.ts";
import { assertDigest, digestOf, staleDigest } from "../engine/guest-config.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";
import type { Node } from "../engine/state.ts";
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

function wakeOnLan(call: Call): string {
  const name = call.params.need("node");
  const node = call.cluster.state.nodes[name];
  if (node === undefined) throw failure(`no such cluster node '${name}'`);
  const mac = /(?:mac=)?([0-9a-f:]{17})/i.exec(node.config?.wakeonlan ?? "")?.[1];
  if (mac === undefined) throw failure(`No wake on LAN MAC address defined for '${name}'!`);
  return mac;
}

function setTime(call: Call): null {
  nodeOf(call).timezone = call.params.need("timezone");
  return null;
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

const subscriptionUrl = "https://www.proxmox.com/en/proxmox-virtual-environment/pricing";

function subscription(call: Call): Row {
  const node = nodeOf(call);
  const serverid = digestOf(`server ${node.fingerprint}`).slice(0, 32).toUpperCase();
  const mayAll = call.caller.can(`/nodes/${call.node}`, ["Sys.Audit"]);
  return {
    message: "There is no subscription key",
    ...(mayAll ? { serverid } : {}),
    status: "notfound",
    url: subscriptionUrl,
  };
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

function disks(call: Call): Row[] {
  const { disk } = nodeOf(call);
  return [
    {
      devpath: "/dev/vda",
      gpt: 0,
      health: "UNKNOWN",
      model: "unknown",
      mounted: 1,
      osdid: -1,
      "osdid-list": null,
      rpm: -1,
      serial: "unknown",
      size: disk,
      type: "unknown",
      used: "mounted",
      vendor: "0x1af4",
      wearout: "N/A",
      wwn: "unknown",
    },
  ];
}

/** The thin pools and volume groups that the storages of this node lie in. */
function lvm(call: Call): Row {
  const groups = Object.values(call.cluster.state.storages).filter(({ type }) => type === "lvmthin" || type === "lvm");
  const children = groups.map(({ options, total }) => ({
    children: [{ free: 0, leaf: 1, name: "/dev/vda3", size: total }],
    free: 0,
    leaf: 0,
    lvcount: 1,
    name: options.vgname,
    size: total,
  }));
  return { children, leaf: 0 };
}

function lvmThin(call: Call): Row[] {
  return Object.values(call.cluster.state.storages).flatMap(({ type, options, total }) =>
    type === "lvmthin"
      ? [
          {
            lv: options.thinpool,
            lv_size: total,
            metadata_size: 16_777_216,
            metadata_used: 1_048_576,
            used: 0,
            vg: options.vgname,
          },
        ]
      : [],
  );
}

function netstat(call: Call): Row[] {
  const running = call.cluster.guests().filter((guest) => guest.node === call.node && guest.process !== undefined);
  return running.flatMap((guest) =>
    Object.keys(guest.config.values)
      .filter((name) => /^net\d+$/.test(name))
      .map((dev) => ({ dev, in: "0", out: "0", vmid: String(guest.vmid) })),
  );
}

const smart: Handler = () => ({ health: "UNKNOWN" });

export const nodeSystem: Handlers = {
  "GET /nodes/{node}/hosts": (call) => ({ data: hostsText(call), digest: digestOf(hostsText(call)) }),
  "POST /nodes/{node}/hosts": writeHosts,
  "GET /nodes/{node}/config": config,
  "PUT /nodes/{node}/config": updateConfig,
  "POST /nodes/{node}/wakeonlan": wakeOnLan,
  "PUT /nodes/{node}/time": setTime,
  "GET /nodes/{node}/query-url-metadata": urlMetadata,
  "GET /nodes/{node}/subscription": subscription,
  "POST /nodes/{node}/subscription": () => null,
  "DELETE /nodes/{node}/subscription": () => null,
  "GET /nodes/{node}/hardware/pci": () => pciDevices,
  "GET /nodes/{node}/hardware/usb": () => [],
  "GET /nodes/{node}/disks/list": disks,
  "GET /nodes/{node}/disks/smart": smart,
  "GET /nodes/{node}/disks/directory": () => [],
  "GET /nodes/{node}/disks/lvm": lvm,
  "GET /nodes/{node}/disks/lvmthin": lvmThin,
  "GET /nodes/{node}/disks/zfs": () => {
    throw failure("zfsutils-linux not installed");
  },
  "GET /nodes/{node}/netstat": netstat,
};
