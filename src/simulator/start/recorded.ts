// The cluster of the recordings just after it was made: three nodes, storage local, the users that were asked as.
import type { Random } from "../engine/random.ts";
import type { ClusterState, Node, Storage, User, Volume } from "../engine/state.ts";
import { builtInRoles, giveToken, grant, type Secrets } from "./access.ts";

const fingerprints: readonly string[] = [
  "1C:BE:03:A3:A8:22:60:30:8A:26:BC:C1:D4:DE:B1:9E:1F:FB:80:C9:EC:BA:C1:97:F1:A3:B5:53:7B:40:2B:98",
  "3C:80:D2:66:6F:AA:2F:3C:F6:B1:7B:3B:3C:C7:E3:AD:D1:98:7D:27:10:13:51:23:7D:5A:D2:11:3D:BF:37:73",
  "EA:D5:12:A5:D7:4C:D6:24:78:2E:F8:BB:D3:B4:FF:58:43:32:E4:E5:77:54:60:A4:96:14:F0:C4:19:95:EA:E2",
];

/** Bytes: the one disk of each host, and what lies on it. */
const disk = 270_553_174_016;
const used = 31_571_206_144;

const port = (priority: string, active: boolean): Record<string, string> => ({
  ...(active ? { active: "1" } : {}),
  method: "manual",
  method6: "manual",
  priority,
  type: "eth",
});

function node(id: number, now: number): Node {
  const ip = `192.0.2.${10 + id}`;
  const bridge = { active: "1", autostart: "1", bridge_fd: "0", bridge_ports: "nic0", bridge_stp: "off" };
  const address = { address: ip, cidr: `${ip}/24`, gateway: "192.0.2.1", netmask: "24", method: "static" };
  return {
    name: `pve${id}`,
    id,
    ip,
    online: true,
    bootTime: now - 2520_000,
    repositories: [],
    cpus: 2,
    withoutKvm: true,
    legacyBios: true,
    cgroupV1: true,
    sockets: 1,
    cpuModel: "AMD EPYC",
    memory: 25_276_514_304,
    disk,
    fingerprint: fingerprints[id - 1] ?? "",
    dns: { dns1: "192.0.2.1", search: "example.test" },
    network: {
      nic0: port("3", true),
      nic1: port("4", false),
      vmbr0: { ...bridge, ...address, method6: "manual", priority: "5", type: "bridge" },
    },
    timezone: "Etc/UTC",
  };
}

const local: Storage = {
  storage: "local",
  type: "dir",
  options: {
    content: "iso,vztmpl,rootdir,snippets,backup,images",
    path: "/var/lib/vz",
    "prune-backups": "keep-all=1",
  },
  total: disk,
  base: used,
};

/** What lies in /mnt/shared before it becomes the storage `shared`. */
function onShared(now: number): Volume[] {
  const file = (content: string, name: string, size: number, format: string): Volume => ({
    volid: `shared:${content}/${name}`,
    storage: "shared",
    content,
    format,
    size,
    ctime: Math.floor(now / 1000) - 450,
  });
  return [
    file("vztmpl", "alpine-3.20-default_20240908_amd64.tar.xz", 907_228, "txz"),
    file("iso", "tiny.iso", 18_151_424, "iso"),
  ];
}

/** @param now milliseconds since 1970; the hosts have been up for 42 minutes. */
export function recordedStart(now: number, random: Random): { state: ClusterState; secrets: Secrets } {
  const users: Record<string, User> = {
    "root@pam": { enable: true, expire: 0, password: "pve-root-pw", options: { email: "root@localhost" }, tokens: {} },
    "ro@pve": { enable: true, expire: 0, options: {}, tokens: {} },
    "op@pve": { enable: true, expire: 0, options: {}, tokens: {} },
  };
  const secrets: Secrets = {
    root: giveToken(users, "root@pam", "mcp", false, random),
    auditor: giveToken(users, "ro@pve", "tok", false, random),
    operator: giveToken(users, "op@pve", "tok", false, random),
    powerless: giveToken(users, "root@pam", "sep", true, random),
  };
  const nodes = [1, 2, 3].map((id) => node(id, now));
  const state: ClusterState = {
    name: "testcl",
    release: "9.2",
    configVersion: 3,
    nodes: Object.fromEntries(nodes.map((entry) => [entry.name, entry])),
    guests: {},
    storages: { local: structuredClone(local) },
    volumes: onShared(now),
    pools: {},
    access: {
      users,
      groups: {},
      roles: builtInRoles(),
      acl: [grant("/", "ro@pve", "PVEAuditor"), grant("/vms/100", "op@pve", "PVEVMUser")],
    },
    tasks: [],
    receivers: ["127.0.0.1:8099", "127.0.0.1"],
    volumeGroups: [],
    replicating: ["zfspool", "btrfs"],
    isolated: true,
    files: {},
    paths: ["/mnt/shared"],
    firewall: {},
    unformatted: ["/mnt/btr"],
    web: {
      "http://127.0.0.1:8098/tiny.iso": {
        size: 18_151_424,
        sums: { sha256: "31d48b7b42c2646306d9ad6198187758d3d30d654a024ca84f1dd8532bd63500" },
      },
    },
    options: { mac_prefix: "BC:24:11" },
  };
  return { state, secrets };
}
