// What a genuine PVE 9.2 answered of firewalls and SDN: bodies as they came.

/** GET /nodes/pve1/lxc/220/firewall/rules. */
export const guestRules = [
  {
    type: "out",
    enable: 0,
    dest: "10.0.0.0/8",
    pos: 0,
    digest: "9559db7b6da01febb60dd0257986b8949f4bc573",
    ipversion: 4,
    action: "DROP",
  },
  {
    digest: "9559db7b6da01febb60dd0257986b8949f4bc573",
    pos: 1,
    dport: "22",
    type: "in",
    enable: 1,
    action: "ACCEPT",
    proto: "tcp",
    comment: "ssh",
  },
];

/** GET /cluster/firewall/groups/web of an earlier single node. */
export const groupRules = [
  {
    dport: "80,443",
    proto: "tcp",
    enable: 0,
    digest: "b99062eeb4c2701467b159e946979ab8d292ef8f",
    action: "ACCEPT",
    type: "in",
    pos: 0,
  },
];

/** Some of GET /cluster/firewall/macros. */
export const macros = [
  { macro: "Telnets", descr: "Telnet over SSL" },
  { descr: "Spam Assassin SPAMD traffic", macro: "SPAMD" },
  { macro: "SPICEproxy", descr: "Proxmox VE SPICE display proxy traffic" },
];

/** GET /cluster/firewall/aliases. */
export const aliases = [
  {
    ipversion: 4,
    comment: "LAN",
    name: "lan",
    cidr: "10.0.0.0/24",
    digest: "f65153a910d520dfb6e86c366719658cbb5e3b58",
  },
];

/** GET /cluster/firewall/ipset/mgmt of an earlier single node. */
export const ipsetEntries = [{ cidr: "10.0.0.1", digest: "40fb84f0e2cd2c5bbb38272599a7892fbd0c1929", comment: "a" }];

/** GET /cluster/sdn/zones?pending=1 of three new zones. */
export const pendingZones = [
  { zone: "z1", type: "simple", state: "new", pending: { mtu: 1450 }, digest: null },
  { digest: null, zone: "z2", state: "new", type: "vlan", pending: { bridge: "vmbr0" } },
  { digest: null, state: "new", type: "vxlan", pending: { peers: "192.0.2.11,192.0.2.12" }, zone: "z4" },
];

/** GET /cluster/sdn/zones/z1?pending=1 of one that runs and has been changed. */
export const changedZone = { digest: null, pending: { mtu: 1400 }, type: "simple", state: "changed", zone: "z1" };

/** GET /cluster/sdn/vnets/v1/subnets/z1-10.88.0.0-24. */
export const subnet = {
  "dhcp-range": [],
  type: "subnet",
  subnet: "z1-10.88.0.0-24",
  digest: "08bbcc07a296b79de734da3d6882280b1d9f4830",
  gateway: "10.88.0.1",
  network: "10.88.0.0",
  id: "z1-10.88.0.0-24",
  vnet: "v1",
  snat: 1,
  zone: "z1",
  cidr: "10.88.0.0/24",
  mask: "24",
};

/** The logs of tasks `reloadnetworkall` that all ended OK: every node failed, some warned, all went well, no tool for it. */
export const reloadLogs = {
  failed: [
    { t: "pve1: reloading network config", n: 1 },
    { t: "command 'ifreload -a' failed: exit code 1", n: 2 },
    { t: "pve2: reloading network config", n: 3 },
    { n: 4, t: "command 'ifreload -a' failed: exit code 1" },
    { n: 5, t: "pve3: reloading network config" },
    { n: 6, t: "command 'ifreload -a' failed: exit code 1" },
    { t: "TASK OK", n: 7 },
  ],
  warned: [
    { t: "pve2: reloading network config", n: 1 },
    { t: "Task finished with 1 warning(s)!", n: 2 },
    { n: 3, t: "pve3: reloading network config" },
    { t: "Task finished with 1 warning(s)!", n: 4 },
    { t: "pve1: reloading network config", n: 5 },
    { t: "TASK OK", n: 6 },
  ],
  well: [
    { t: "pve2: reloading network config", n: 1 },
    { n: 2, t: "pve3: reloading network config" },
    { t: "pve1: reloading network config", n: 3 },
    { t: "TASK OK", n: 4 },
  ],
  without: [
    { n: 1, t: "pve1: reloading network config" },
    { n: 2, t: "you need ifupdown2 to reload network configuration" },
    { n: 3, t: "command 'pvesh set /nodes/pve1/network --regenerate-frr 0' failed: exit code 2" },
    { n: 4, t: "TASK OK" },
  ],
};
