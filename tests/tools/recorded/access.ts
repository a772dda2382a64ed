// What a genuine PVE 9.2 answered of access and pools: bodies as they came.

/** GET /access/users?full=1 */
export const users = [
  {
    tokens: [{ privsep: 0, tokenid: "ro", expire: 0 }],
    enable: 1,
    groups: "",
    userid: "audit@pve",
    firstname: "Audit",
    expire: 0,
    lastname: "User",
    "realm-type": "pve",
    email: "audit@example.com",
  },
  {
    userid: "operator@pve",
    groups: "",
    enable: 1,
    tokens: [
      { expire: 0, tokenid: "op", privsep: 0 },
      { expire: 0, privsep: 1, tokenid: "sep" },
    ],
    "realm-type": "pve",
    expire: 0,
  },
  {
    email: "root@example.com",
    "realm-type": "pam",
    expire: 0,
    groups: "",
    userid: "root@pam",
    tokens: [{ tokenid: "mcp", privsep: 0, expire: 0 }],
    enable: 1,
  },
  {
    tokens: null,
    enable: 1,
    groups: "",
    userid: "test@pve",
    comment: "Test",
    expire: 0,
    "realm-type": "pve",
    email: "t@example.com",
  },
  { expire: 0, tokens: null, enable: 1, groups: "", userid: "x@nope" },
];

/** GET /access/acl */
export const acl = [
  { roleid: "PVEAuditor", path: "/", propagate: 1, type: "user", ugid: "audit@pve" },
  { propagate: 1, ugid: "operator@pve", type: "user", path: "/storage/local", roleid: "PVEDatastoreUser" },
  { type: "user", propagate: 1, ugid: "operator@pve", roleid: "PVEVMUser", path: "/vms" },
  { roleid: "MyRole", path: "/vms/100", ugid: "devs", propagate: 1, type: "group" },
];

/** PUT /access/users/test@pve/token/t1 with regenerate=1 */
export const regenerated = {
  privsep: 1,
  value: "bb3755e1-2ca2-4c52-bcf8-4110436f23a1",
  "full-tokenid": "test@pve!t1",
  comment: "c2",
  expire: 0,
};

/** GET /access/domains/ldap1 */
export const ldap = {
  type: "ldap",
  user_attr: "uid",
  secure: 1,
  digest: "e19835e5bbe10b37e4cb8cdd97c3acd2d0fbb647",
  base_dn: "dc=example,dc=test",
  server1: "192.0.2.200",
};

/** GET /pools/p1 */
export const pool = {
  poolid: "p1",
  comment: "first",
  members: [
    {
      netout: 1764,
      memhost: 186949632,
      vmid: 100,
      node: "pve1",
      status: "running",
      uptime: 506,
      diskwrite: 16932864,
      disk: 0,
      cpu: 0.0110103343687875,
      maxdisk: 1073741824,
      name: "web1",
      id: "qemu/100",
      template: 0,
      maxcpu: 1,
      type: "qemu",
      mem: 45674496,
      netin: 45501,
      diskread: 214016,
      maxmem: 268435456,
    },
    {
      name: "app1",
      id: "qemu/102",
      type: "qemu",
      maxcpu: 1,
      template: 0,
      maxmem: 67108864,
      diskread: 9728,
      netin: 21513,
      mem: 133746688,
      node: "pve1",
      vmid: 102,
      status: "running",
      memhost: 133746688,
      netout: 26400,
      diskwrite: 0,
      uptime: 506,
      cpu: 0.380357005467206,
      disk: 0,
      maxdisk: 1073741824,
    },
    {
      plugintype: "dir",
      maxdisk: 270553174016,
      type: "storage",
      disk: 33633603584,
      content: "snippets,backup,iso,vztmpl,rootdir,images,import",
      storage: "local",
      shared: 0,
      id: "storage/pve1/local",
      status: "available",
      node: "pve1",
    },
  ],
};
