// Owns what the tests of requests have to know of firewalls and SDN.
import type { Sent } from "../../toolkit/stand-in.ts";
import type { Cases } from "./cases.ts";

const upid = "UPID:pve1:0000ABCD:0000ABCD:6B05B3B8:reloadnetworkall::root@pam!t:";

/** The first reading after a deletion finds another digest: what it finds is not what was deleted. */
let isDeleted = false;
const digest = () => {
  const found = isDeleted ? "2" : "1";
  isDeleted = false;
  return found.repeat(40);
};

const known: readonly [RegExp, () => unknown][] = [
  [/\/firewall\/(?:rules|groups\/\w+)$/, () => [{ pos: 0, type: "in", action: "ACCEPT", enable: 1, digest: digest() }]],
  [/\/firewall\/(?:rules|groups\/\w+)\/\d+$/, () => ({ pos: "0", type: "in", action: "ACCEPT", digest: digest() })],
  [/^\/cluster\/firewall\/groups$/, () => [{ group: "web", digest: digest() }]],
  [/^\/cluster\/firewall\/aliases$/, () => [{ name: "lan", cidr: "192.0.2.0/24", digest: digest() }]],
  [/^\/cluster\/firewall\/ipset$/, () => [{ name: "lan", digest: digest() }]],
  [/^\/cluster\/sdn\/vnets$/, () => [{ vnet: "v1", zone: "z1", type: "vnet" }]],
  [
    /\/subnets$/,
    () => [{ subnet: "z1-192.0.2.0-24", cidr: "192.0.2.0/24", vnet: "v1", zone: "z1", gateway: "192.0.2.1" }],
  ],
  [/reloadnetworkall.*\/log$/, () => [{ n: 1, t: "pve1: reloading network config" }]],
];

function answer({ method, path }: Sent): unknown {
  if (method === "PUT" && path === "/cluster/sdn") return upid;
  if (method === "DELETE") isDeleted = true;
  if (method !== "GET") return undefined;
  return known.find(([pattern]) => pattern.test(decodeURIComponent(path)))?.[1]();
}

const group = "proxmox_cluster_firewall_group";
const dhcp = "start-address=192.0.2.10,end-address=192.0.2.20";

const ruleTools = ["proxmox_cluster_firewall_rule", group, "proxmox_guest_firewall_rule"];

export const cases: Cases = {
  answer,
  companions: Object.fromEntries(
    ruleTools.flatMap((tool) => ["dport", "sport"].map((name) => [`${tool} ${name}`, { proto: "tcp" }])),
  ),
  values: {
    [`${group} group`]: "web",
    ...Object.fromEntries(ruleTools.map((tool) => [`${tool} rule_action`, "ACCEPT"])),
    "proxmox_cluster_firewall_alias name": "lan",
    "proxmox_cluster_firewall_ipset name": "lan",
    "proxmox_sdn_vnet vnet": "v1",
    "proxmox_sdn_vnet zone": "z1",
    "proxmox_sdn_zone zone": "z1",
    "proxmox_sdn_subnet vnet": "v1",
    "proxmox_sdn_subnet subnet": "192.0.2.0/24",
    "proxmox_sdn_subnet dhcp": dhcp,
    "proxmox_sdn_controller isis-net": "49.0001.1921.6800.1001.00",
    "proxmox_sdn_zone rt-import": "65000:100",
    "proxmox_cluster_firewall_alias cidr": "192.0.2.0/24",
    "proxmox_cluster_firewall_ipset_entry cidr": "192.0.2.1",
  },
};
