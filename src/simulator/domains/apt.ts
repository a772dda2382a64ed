// A node's packages and repositories, as a fresh installation has them.
import { createHash } from "node:crypto";
import { failure } from "../engine/error.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";

type Row = Record<string, unknown>;

/** The packages whose versions PVE reports. */
const packages: readonly [name: string, version: string, section: string][] = [
  ["proxmox-ve", "9.2.0", "admin"],
  ["pve-manager", "9.2.11", "admin"],
  ["qemu-server", "9.2.6", "admin"],
  ["pve-container", "6.1.10", "perl"],
  ["pve-ha-manager", "5.2.0", "perl"],
  ["pve-firewall", "6.0.4", "admin"],
  ["libpve-storage-perl", "9.1.7", "perl"],
  ["libpve-http-server-perl", "6.0.5", "perl"],
  ["pve-qemu-kvm", "10.2.2-1", "otherosfs"],
  ["corosync", "3.1.9-pve2", "admin"],
  ["lxc-pve", "6.0.5-3", "admin"],
  ["ifupdown2", "3.3.0-1+pmx12", "admin"],
];

/** What is newer in the repositories is known once their lists were fetched. */
const newerOf = ({ cluster, node: name }: Call): Readonly<Record<string, string>> => {
  const { upgrades = {}, listsFetched } = cluster.node(name);
  return listsFetched === undefined ? {} : upgrades;
};

function about([Package, version, Section]: (typeof packages)[number], newer: string | undefined): Row {
  return {
    Arch: "amd64",
    Description: Package,
    OldVersion: version,
    Origin: "Proxmox",
    Package,
    Priority: "optional",
    Section,
    Title: Package,
    Version: newer ?? version,
  };
}

const versions: Handler = (call) =>
  packages.map((one) => ({ ...about(one, newerOf(call)[one[0]]), CurrentState: "Installed" }));

const upgradable: Handler = (call) =>
  packages.filter(([name]) => newerOf(call)[name] !== undefined).map((one) => about(one, newerOf(call)[one[0]]));

const bytesOf = (text: string) => [...createHash("sha256").update(text).digest()];

const proxmoxFile = "/etc/apt/sources.list.d/proxmox.sources";
const keyring = "/usr/share/keyrings/proxmox-archive-keyring.gpg";

/** The two files of sources: Debian's and Proxmox's. */
function repositories({ cluster, node }: Call): Row {
  const off = cluster.node(node).disabledRepositories ?? [];
  const debian = ["trixie", "trixie-updates", "trixie-security"].map((suite, index) => ({
    Components: ["main", "contrib"],
    Enabled: off.includes(`/etc/apt/sources.list:${index}`) ? 0 : 1,
    FileType: "list",
    Suites: [suite],
    Types: ["deb"],
    URIs: [suite.endsWith("security") ? "http://security.debian.org/debian-security" : "http://deb.debian.org/debian"],
  }));
  const added = cluster.node(node).repositories;
  const proxmox = (handle: string): Row => ({
    Components: [`pve-${handle}`],
    Enabled: off.includes(`${proxmoxFile}:0`) ? 0 : 1,
    FileType: "sources",
    Options: [{ Key: "Signed-By", Values: [keyring] }],
    Suites: ["trixie"],
    Types: ["deb"],
    URIs: ["http://download.proxmox.com/debian/pve"],
  });
  const files = [
    { "file-type": "list", path: "/etc/apt/sources.list", repositories: debian },
    ...(added.length === 0
      ? []
      : [{ "file-type": "sources", path: proxmoxFile, repositories: added.map((handle) => proxmox(handle)) }]),
  ];
  const infos = files.flatMap(({ path, repositories: entries }) =>
    entries.map((_, index) => ({
      index,
      kind: "origin",
      message: path.endsWith(".list") ? "Debian" : "Proxmox",
      path,
    })),
  );
  return {
    digest: createHash("sha256").update(JSON.stringify(files)).digest("hex"),
    errors: [],
    files: files.map((file) => ({ ...file, digest: bytesOf(JSON.stringify(file)) })),
    infos,
    "standard-repos": standard(added),
  };
}

const handles: readonly [string, string][] = [
  ["enterprise", "Enterprise"],
  ["no-subscription", "No-Subscription"],
  ["test", "Test"],
  ["ceph-squid-enterprise", "Ceph Squid Enterprise"],
  ["ceph-squid-no-subscription", "Ceph Squid No-Subscription"],
  ["ceph-squid-test", "Ceph Squid Test"],
];

function standard(added: readonly string[]): Row[] {
  return handles.map(([handle, name]) => ({
    description: name,
    handle,
    name,
    ...(added.includes(handle) ? { status: 1 } : {}),
  }));
}

function addRepository({ cluster, node, params }: Call): null {
  const handle = params.need("handle");
  if (!handles.some(([known]) => known === handle)) {
    const names = handles.map(([known]) => `\`${known}\``).join(", ");
    throw failure(`error: unknown variant \`${handle}\`, expected one of ${names}`);
  }
  const { repositories: added } = cluster.node(node);
  if (!added.includes(handle)) added.push(handle);
  return null;
}

function switchRepository({ cluster, node: name, params }: Call): null {
  const node = cluster.node(name);
  const path = params.need("path");
  if (path !== "/etc/apt/sources.list" && path !== proxmoxFile) throw failure(`invalid path - ${path}`);
  const place = `${path}:${params.need("index")}`;
  const others = (node.disabledRepositories ?? []).filter((other) => other !== place);
  node.disabledRepositories = params.has("enabled") && !params.flag("enabled") ? [...others, place] : others;
  return null;
}

const update: Handler = ({ cluster, caller, node }) =>
  cluster.fork(caller, node, "aptupdate", "", function* (worker) {
    worker.log("starting apt-get update");
    yield 1500;
    cluster.node(node).listsFetched = cluster.seconds();
  });

export const apt: Handlers = {
  "GET /nodes/{node}/apt/versions": versions,
  "GET /nodes/{node}/apt/update": upgradable,
  "POST /nodes/{node}/apt/update": update,
  "GET /nodes/{node}/apt/repositories": repositories,
  "POST /nodes/{node}/apt/repositories": switchRepository,
  "PUT /nodes/{node}/apt/repositories": addRepository,
};
