// What the run knows of the operations on firewalls and SDN.
import type { Case, Cases } from "../case.ts";

/** Rules at one place: `at` its path, the first rule open to SSH. */
function rules(at: string, label: string): Cases {
  const before = [
    `POST ${at} action=ACCEPT type=in proto=tcp dport=80 enable=1`,
    `POST ${at} action=ACCEPT type=in proto=tcp dport=22 enable=1 comment=old`,
  ];
  const digest = `@GET ${at}/0 digest`;
  const list = label.includes("guest") ? { type: "vm" } : {};
  const of = (action: string, more: Case): [string, Case] => [label.replace("*", action), { given: list, ...more }];
  const named = { dport: "8443", proto: "tcp", digest };
  const macro = { macro: "HTTPS", dport: undefined, sport: undefined, proto: undefined };
  return Object.fromEntries([
    of("list", { before, says: /22/ }),
    of("get", { before, says: /22/ }),
    of("create", {
      given: { ...named, type: label.includes("guest") ? undefined : "in" },
      apart: { macro, iface: { iface: label.includes("guest") ? "net0" : "vmbr0" } },
      effect: [`GET ${at}/0 has action=ACCEPT type=in`],
      effects: {
        every: [`GET ${at}/0 has dport=8443 enable=1 comment=parity`],
        macro: [`GET ${at} has macro=HTTPS`],
      },
    }),
    of("update", {
      before,
      given: { ...named, rule_action: "DROP", type: label.includes("guest") ? undefined : "in" },
      with: { comment: "new" },
      apart: {
        macro: { ...macro, delete: "dport,proto" },
        iface: { iface: label.includes("guest") ? "net0" : "vmbr0" },
        moveto: { moveto: 2, comment: undefined },
        delete: { delete: "comment", comment: undefined },
      },
      effects: {
        required: [`GET ${at} has pos=0 dport=22 comment=new`],
        every: [`GET ${at} has pos=0 dport=8443 comment=parity action=DROP`],
        moveto: [`GET ${at} has pos=1 dport=22`],
        delete: [`GET ${at} has pos=0 dport=22 comment=`],
      },
    }),
    of("delete", { before, given: { digest }, effect: [`GET ${at} lacks dport=22`, `GET ${at} has pos=0 dport=80`] }),
  ]);
}

const alias = "POST /cluster/firewall/aliases name=parity cidr=192.0.2.0/24 comment=old";
const set = "POST /cluster/firewall/ipset name=parity";
const entry = [set, "POST /cluster/firewall/ipset/parity cidr=192.0.2.7 comment=old"];
const group = "POST /cluster/firewall/groups group=parity comment=old";
const zone = "POST /cluster/sdn/zones zone=parity type=simple";
const vlanZone = "POST /cluster/sdn/zones zone=pvlan type=vlan bridge=vmbr0";
const vnet = [zone, "POST /cluster/sdn/vnets vnet=pvnet zone=parity alias=old"];
const subnet = [...vnet, "POST /cluster/sdn/vnets/pvnet/subnets subnet=192.0.2.0/24 type=subnet gateway=192.0.2.1"];
const controller = "POST /cluster/sdn/controllers controller=parity type=evpn asn=65000 peers=192.0.2.12";
/** Arguments of the seed's that are no parameters of any SDN object. */
const foreign = { comment: "parity", mtu: 1450, vlan: 5, vxlan: 5, mac: "BC:24:11:00:00:09", ipam: "pve" };

export const firewallCases: Cases = {
  ...rules("/cluster/firewall/rules", "proxmox_cluster_firewall_rule action=*"),
  ...rules("/nodes/pve1/qemu/100/firewall/rules", "proxmox_guest_firewall_rule action=*,type=vm"),
  ...rules("/nodes/pve1/lxc/103/firewall/rules", "proxmox_guest_firewall_rule action=*,type=lxc"),
  proxmox_cluster_firewall_group: { given: { group: "parity", rename: "renamed", digest: undefined } },
  "proxmox_cluster_firewall_group action=list": { before: [group], says: /parity/ },
  "proxmox_cluster_firewall_group action=get": {
    before: [group, "POST /cluster/firewall/groups/parity action=ACCEPT type=in proto=tcp dport=22"],
    says: /22/,
  },
  "proxmox_cluster_firewall_group action=create": {
    before: ["POST /cluster/firewall/groups group=old"],
    apart: { rename: { group: "renamed", rename: "old" } },
    effects: {
      rename: ["GET /cluster/firewall/groups has group=renamed"],
      required: ["GET /cluster/firewall/groups/parity lacks type=in"],
      every: ["GET /cluster/firewall/groups has group=parity comment=parity"],
    },
  },
  "proxmox_cluster_firewall_group action=update": {
    before: [group],
    given: { digest: "@GET /cluster/firewall/groups digest" },
    with: { comment: "new" },
    apart: { rename: { rename: "renamed" }, delete: { delete: "comment", comment: undefined } },
    effects: {
      required: ["GET /cluster/firewall/groups has group=parity comment=new"],
      every: ["GET /cluster/firewall/groups has group=parity comment=parity"],
      rename: ["GET /cluster/firewall/groups has group=renamed", "GET /cluster/firewall/groups lacks group=parity"],
    },
  },
  "proxmox_cluster_firewall_group action=delete": {
    before: [group],
    effect: ["GET /cluster/firewall/groups lacks group=parity"],
  },
  "proxmox_cluster_firewall action=update_options": {
    given: { enable: 1, policy_in: "DROP", policy_out: "ACCEPT", log_ratelimit: "enable=1,burst=10,rate=5/second" },
    with: { enable: 1 },
    effect: ["GET /cluster/firewall/options has enable=1"],
    effects: { every: ["GET /cluster/firewall/options has policy_in=DROP policy_out=ACCEPT log_ratelimit=~burst=10"] },
  },
  "proxmox_cluster_firewall action=list_macros": { says: /SSH/ },
  "proxmox_cluster_firewall action=list_refs": { before: [alias], given: { type: "alias" }, says: /parity/ },
  proxmox_cluster_firewall_alias: { given: { name: "parity", cidr: "198.51.100.0/24", rename: "renamed" } },
  "proxmox_cluster_firewall_alias action=list": { before: [alias], says: /192\.0\.2\.0\/24/ },
  "proxmox_cluster_firewall_alias action=get": { before: [alias], says: /192\.0\.2\.0\/24/ },
  "proxmox_cluster_firewall_alias action=create": {
    effect: [
      "GET /cluster/firewall/refs type=alias has name=parity",
      "GET /cluster/firewall/aliases has name=parity cidr=198.51.100.0/24",
    ],
    effects: { every: ["GET /cluster/firewall/aliases has name=parity comment=parity"] },
  },
  "proxmox_cluster_firewall_alias action=update": {
    before: [alias],
    effect: ["GET /cluster/firewall/aliases has cidr=198.51.100.0/24"],
    effects: { every: ["GET /cluster/firewall/aliases has name=renamed comment=parity"] },
  },
  "proxmox_cluster_firewall_alias action=delete": {
    before: [alias],
    effect: ["GET /cluster/firewall/aliases lacks name=parity"],
  },
  proxmox_cluster_firewall_ipset: { given: { name: "parity" } },
  "proxmox_cluster_firewall_ipset action=list": { before: [set], says: /parity/ },
  "proxmox_cluster_firewall_ipset action=create": { effect: ["GET /cluster/firewall/refs type=ipset has name=parity"] },
  "proxmox_cluster_firewall_ipset action=delete": {
    before: [set],
    effect: ["GET /cluster/firewall/refs type=ipset lacks name=parity"],
  },
  proxmox_cluster_firewall_ipset_entry: { before: entry, given: { name: "parity", cidr: "192.0.2.7", nomatch: 1 } },
  "proxmox_cluster_firewall_ipset_entry action=list": { says: /192\.0\.2\.7/ },
  "proxmox_cluster_firewall_ipset_entry action=create": {
    given: { cidr: "192.0.2.8" },
    effect: ["GET /cluster/firewall/ipset/parity has cidr=192.0.2.8"],
    effects: { every: ["GET /cluster/firewall/ipset/parity has cidr=192.0.2.8 comment=parity nomatch=1"] },
  },
  "proxmox_cluster_firewall_ipset_entry action=update": {
    with: { comment: "new" },
    effects: {
      required: ["GET /cluster/firewall/ipset/parity has cidr=192.0.2.7 comment=new"],
      every: ["GET /cluster/firewall/ipset/parity has cidr=192.0.2.7 comment=parity nomatch=1"],
    },
  },
  "proxmox_cluster_firewall_ipset_entry action=delete": {
    effect: ["GET /cluster/firewall/ipset/parity lacks cidr=192.0.2.7"],
  },
  "proxmox_sdn_zone action=list": { before: [zone], says: /parity/ },
  "proxmox_sdn_zone action=get": { before: [zone], given: { zone: "parity" }, says: /simple/ },
  "proxmox_sdn_zone action=create": {
    given: { zone: "parity", type: "simple", bridge: "vmbr0", nodes: "pve1,pve2", tag: 7, vxlan: 7, ipam: "pve" },
    needs: { type: "simple" },
    refused: ["comment", "vxlan"],
    apart: {
      bridge: { type: "vlan", bridge: "vmbr0" },
      tag: { type: "qinq", bridge: "vmbr0", tag: 7 },
    },
    effect: ["GET /cluster/sdn/zones/parity pending=1 has state=new"],
    effects: { every: ["GET /cluster/sdn/zones pending=1 has zone=parity pending.mtu=1400"] },
  },
  "proxmox_sdn_zone action=update": {
    before: [zone, vlanZone, "POST /cluster/sdn/zones zone=pqinq type=qinq bridge=vmbr0 tag=6"],
    given: {
      zone: "parity",
      type: "simple",
      nodes: "pve1,pve2",
      vxlan: 7,
      ipam: "pve",
      delete: "mtu",
      digest: "@GET /cluster/sdn/zones/parity digest",
    },
    with: { mtu: 1450 },
    refused: ["comment", "vxlan", "type"],
    apart: {
      bridge: { zone: "pvlan", bridge: "vmbr1" },
      tag: { zone: "pqinq", tag: 7 },
      delete: { delete: "nodes" },
    },
    effects: {
      required: ["GET /cluster/sdn/zones pending=1 has zone=parity pending.mtu=1450"],
      every: ["GET /cluster/sdn/zones pending=1 has zone=parity pending.nodes=~pve2"],
    },
  },
  "proxmox_sdn_zone action=delete": {
    before: [zone, "PUT /cluster/sdn"],
    given: { zone: "parity" },
    effect: ["GET /cluster/sdn/zones pending=1 has zone=parity state=deleted"],
  },
  "proxmox_sdn_vnet action=list": { before: vnet, says: /pvnet/ },
  "proxmox_sdn_vnet action=get": { before: vnet, given: { vnet: "pvnet" }, says: /parity/ },
  "proxmox_sdn_vnet action=create": {
    before: [zone, vlanZone],
    given: { ...foreign, vnet: "pvnet", zone: "parity", alias: "web", tag: 5, type: "vnet" },
    needs: { zone: "parity" },
    refused: Object.keys(foreign),
    apart: { tag: { zone: "pvlan", tag: 5 } },
    effect: ["GET /cluster/sdn/vnets/pvnet pending=1 has state=new"],
    effects: { every: ["GET /cluster/sdn/vnets pending=1 has vnet=pvnet pending.alias=web"] },
  },
  "proxmox_sdn_vnet action=update": {
    before: [...vnet, vlanZone, "POST /cluster/sdn/vnets vnet=tagged zone=pvlan tag=4"],
    given: {
      ...foreign,
      vnet: "pvnet",
      zone: "parity",
      alias: "web",
      type: "vnet",
      delete: "alias",
      digest: "@GET /cluster/sdn/vnets/pvnet digest",
    },
    with: { alias: "new" },
    refused: [...Object.keys(foreign), "type"],
    apart: { tag: { vnet: "tagged", tag: 5, digest: undefined }, delete: { alias: undefined, delete: "alias" } },
    effects: { required: ["GET /cluster/sdn/vnets pending=1 has vnet=pvnet pending.alias=new"] },
  },
  "proxmox_sdn_vnet action=delete": {
    before: [...vnet, "PUT /cluster/sdn"],
    given: { vnet: "pvnet" },
    effect: ["GET /cluster/sdn/vnets pending=1 has vnet=pvnet state=deleted"],
  },
  "proxmox_sdn_subnet action=list": { before: subnet, given: { vnet: "pvnet" }, says: /192\.0\.2\.0\/24/ },
  "proxmox_sdn_subnet action=get": { before: subnet, given: { subnet: "parity-192.0.2.0-24" }, says: /192\.0\.2\.1/ },
  "proxmox_sdn_subnet action=create": {
    before: vnet,
    given: {
      subnet: "198.51.100.0/24",
      vnet: "pvnet",
      cidr: "198.51.100.0/24",
      gateway: "198.51.100.1",
      dhcp: "start-address=198.51.100.10,end-address=198.51.100.20",
      snat: 1,
      dns: "198.51.100.53",
      mtu: 1450,
      ipam: "pve",
    },
    effect: ["GET /cluster/sdn/vnets/pvnet/subnets/parity-198.51.100.0-24 pending=1 has state=new"],
    effects: {
      every: ["GET /cluster/sdn/vnets/pvnet/subnets pending=1 has cidr=198.51.100.0/24 pending.gateway=198.51.100.1"],
    },
  },
  "proxmox_sdn_subnet action=update": {
    before: subnet,
    given: {
      subnet: "parity-192.0.2.0-24",
      vnet: "pvnet",
      cidr: "192.0.2.0/24",
      gateway: "192.0.2.254",
      dhcp: "start-address=192.0.2.10,end-address=192.0.2.20",
      snat: 1,
      dns: "192.0.2.53",
      mtu: 1450,
      ipam: "pve",
      delete: "gateway",
      digest: "@GET /cluster/sdn/vnets/pvnet/subnets/parity-192.0.2.0-24 digest",
    },
    with: { snat: 1 },
    apart: { delete: { delete: "gateway" } },
    effects: { required: ["GET /cluster/sdn/vnets/pvnet/subnets pending=1 has cidr=192.0.2.0/24 pending.snat=1"] },
  },
  "proxmox_sdn_subnet action=delete": {
    before: [...subnet, "PUT /cluster/sdn"],
    given: { subnet: "parity-192.0.2.0-24" },
    effect: ["GET /cluster/sdn/vnets/pvnet/subnets pending=1 has cidr=192.0.2.0/24 state=deleted"],
  },
  "proxmox_sdn_controller action=list": { before: [controller], says: /parity/ },
  "proxmox_sdn_controller action=get": { before: [controller], given: { controller: "parity" }, says: /65000/ },
  "proxmox_sdn_controller action=create": {
    given: {
      controller: "parity",
      type: "evpn",
      ip: "192.0.2.12",
      port: 179,
      token: "parity-secret",
      secret: "parity-secret",
      zone: "parity",
    },
    needs: { type: "evpn", asn: 65000, peers: "192.0.2.12" },
    refused: ["ip", "port", "token", "secret", "zone", "comment"],
    effect: ["GET /cluster/sdn/controllers/parity pending=1 has state=new"],
  },
  "proxmox_sdn_controller action=update": {
    before: [controller],
    given: {
      controller: "parity",
      type: "evpn",
      ip: "192.0.2.12",
      port: 179,
      token: "parity-secret",
      secret: "parity-secret",
      zone: "parity",
      digest: "@GET /cluster/sdn/controllers/parity digest",
    },
    with: { asn: 65001 },
    refused: ["ip", "port", "token", "secret", "zone", "comment", "type"],
    apart: { delete: { delete: "peers" } },
    effects: { required: ["GET /cluster/sdn/controllers pending=1 has controller=parity pending.asn=65001"] },
  },
  "proxmox_sdn_controller action=delete": {
    before: [controller, "PUT /cluster/sdn"],
    given: { controller: "parity" },
    effect: ["GET /cluster/sdn/controllers pending=1 has controller=parity state=deleted"],
  },
};
