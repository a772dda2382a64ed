// What the run knows of the operations on users, pools, Ceph and consoles.
import type { Case, Cases } from "../case.ts";

const user = "POST /access/users userid=parity@pve comment=old email=old@demo.test";
const token = [user, "POST /access/users/parity@pve/token/ci comment=old"];
const group = "POST /access/groups groupid=parity comment=old";
const role = "POST /access/roles roleid=Parity privs=VM.Audit";
const realm =
  "POST /access/domains realm=parity type=ldap server1=192.0.2.40 base_dn=dc=demo,dc=test user_attr=uid comment=old";
const pool = "POST /pools poolid=parity comment=old";
const realmArguments = {
  realm: "parity",
  type: "ldap",
  server1: "192.0.2.41",
  server2: "192.0.2.42",
  port: 636,
  secure: 1,
  base_dn: "dc=demo,dc=test",
  user_attr: "uid",
  bind_dn: "cn=pve,dc=demo,dc=test",
  bind_password: "parity-secret",
  group_filter: "(objectclass=group)",
  capath: "/etc/ssl/certs",
  sslversion: "tlsv1_2",
  default: 0,
  digest: "@GET /access/domains/parity digest",
};
/** Ceph at work: a monitor on each node, metadata servers on the first two. */
const ceph: Case = { start: ["--ceph"] };
const osd = {
  dev: "/dev/sdd",
  osdid: 6,
  dbdev: "/dev/sde",
  waldev: "/dev/sdf",
  "crush-device-class": "ssd",
  encrypted: 1,
};
const cephPool = {
  name: "parity",
  pg_num: 32,
  size: 3,
  min_size: 2,
  crush_rule: "replicated_rule",
  pg_autoscale_mode: "on",
};
const console = (type: string, more: Case = {}): Case => ({
  ...more,
  effect: [`GET /nodes/{node}/tasks source=all has type=${type}`],
});

export const accessCases: Cases = {
  "proxmox_user action=list": { says: /auditor@pve/ },
  "proxmox_user action=get": { given: { userid: "auditor@pve" }, says: /Reads everything/ },
  "proxmox_user action=create": {
    given: {
      userid: "parity@pve",
      password: "parity-secret",
      email: "parity@demo.test",
      firstname: "Pa",
      lastname: "Rity",
      groups: "operators",
      expire: 1_900_000_000,
    },
    effect: ["GET /access/users/parity@pve has enable=1"],
    effects: {
      every: [
        "GET /access/users full=1 has userid=parity@pve email=parity@demo.test firstname=Pa expire=1900000000 groups=~operators",
      ],
    },
  },
  "proxmox_user action=update": {
    before: [user, group, "PUT /access/users/parity@pve groups=parity"],
    given: {
      userid: "parity@pve",
      password: "parity-secret",
      email: "parity@demo.test",
      firstname: "Pa",
      lastname: "Rity",
      groups: "operators",
      append: 1,
      expire: 1_900_000_000,
      digest: "0",
    },
    with: { comment: "new" },
    effects: {
      required: ["GET /access/users has userid=parity@pve comment=new"],
      every: ["GET /access/users full=1 has userid=parity@pve email=parity@demo.test comment=parity groups=~operators"],
    },
  },
  "proxmox_user action=delete": {
    before: [user],
    given: { userid: "parity@pve" },
    effect: ["GET /access/users lacks userid=parity@pve"],
  },
  proxmox_group: { given: { groupid: "parity", users: "auditor@pve", append: 1, digest: "0" } },
  "proxmox_group action=list": { says: /operators/ },
  "proxmox_group action=create": {
    effect: ["GET /access/groups/parity has members=[]"],
    effects: { every: ["GET /access/groups/parity has comment=parity"] },
  },
  "proxmox_group action=update": {
    before: [group],
    with: { comment: "new" },
    effects: {
      required: ["GET /access/groups/parity has comment=new"],
      every: ["GET /access/groups/parity has comment=parity"],
    },
  },
  "proxmox_group action=delete": { before: [group], effect: ["GET /access/groups lacks groupid=parity"] },
  proxmox_role: { given: { roleid: "Parity", privs: "VM.PowerMgmt", append: 1, digest: "0" } },
  "proxmox_role action=list": { says: /PVEAuditor/ },
  "proxmox_role action=create": { effect: ["GET /access/roles/Parity has VM.PowerMgmt=1"] },
  "proxmox_role action=update": {
    before: [role],
    with: { privs: "VM.PowerMgmt" },
    effects: {
      required: ["GET /access/roles/Parity has VM.PowerMgmt=1"],
      every: ["GET /access/roles has roleid=Parity privs=~VM.Audit.*VM.PowerMgmt"],
    },
  },
  "proxmox_role action=delete": { before: [role], effect: ["GET /access/roles lacks roleid=Parity"] },
  proxmox_acl: { given: { path: "/vms/100", userid: "operator@pve", groupid: "operators", roleid: "PVEVMUser" } },
  "proxmox_acl action=get": {
    says: /PVEVMUser/,
    apart: {
      path: { path: "/vms/100" },
      userid: { userid: "operator@pve" },
      groupid: { groupid: "operators" },
      roleid: { roleid: "PVEVMUser" },
    },
  },
  "proxmox_acl action=update": {
    given: {
      path: "/vms/101",
      roles: "PVEVMUser",
      users: "auditor@pve",
      groups: "operators",
      propagate: 0,
      digest: "0",
    },
    needs: { users: "auditor@pve" },
    apart: { delete: { path: "/vms/100", users: "operator@pve", delete: 1 } },
    effects: {
      required: ["GET /access/acl has path=/vms/101 ugid=auditor@pve roleid=PVEVMUser"],
      every: ["GET /access/acl has path=/vms/101 ugid=operators roleid=PVEVMUser propagate=0"],
      delete: ["GET /access/acl lacks path=/vms/100 ugid=operator@pve"],
    },
  },
  "proxmox_domain action=list": { says: /pam/ },
  "proxmox_domain action=get": { given: { realm: "pve" }, says: /pve/ },
  "proxmox_domain action=create": {
    given: realmArguments,
    needs: { server1: "192.0.2.41", base_dn: "dc=demo,dc=test", user_attr: "uid" },
    effect: ["GET /access/domains has realm=parity type=ldap"],
    effects: { every: ["GET /access/domains/parity has server1=192.0.2.41 port=636 bind_dn=~cn=pve comment=parity"] },
  },
  "proxmox_domain action=update": {
    before: [realm],
    given: realmArguments,
    with: { comment: "new" },
    refused: ["type"],
    effects: {
      required: ["GET /access/domains has realm=parity comment=new"],
      every: ["GET /access/domains/parity has server2=192.0.2.42 port=636"],
      delete: ["GET /access/domains lacks realm=parity comment=~."],
    },
  },
  "proxmox_domain action=delete": {
    before: [realm],
    given: { realm: "parity" },
    effect: ["GET /access/domains lacks realm=parity"],
  },
  proxmox_user_token: {
    before: token,
    given: { userid: "parity@pve", tokenid: "ci", expire: 1_900_000_000, privsep: 0 },
    says: /ci/,
  },
  "proxmox_user_token action=create": {
    before: [user],
    says: /[0-9a-f]{8}-[0-9a-f]{4}-/,
    effect: ["GET /access/users/parity@pve/token has tokenid=ci"],
    effects: {
      every: ["GET /access/users/parity@pve/token has tokenid=ci privsep=0 expire=1900000000 comment=parity"],
    },
  },
  "proxmox_user_token action=update": {
    with: { comment: "new" },
    effects: {
      required: ["GET /access/users/parity@pve/token has tokenid=ci comment=new"],
      every: ["GET /access/users/parity@pve/token has tokenid=ci comment=parity expire=1900000000"],
    },
  },
  "proxmox_user_token action=delete": { effect: ["GET /access/users/parity@pve/token lacks tokenid=ci"] },
  "proxmox_pool action=list": { says: /production/ },
  "proxmox_pool action=get": { given: { poolid: "production" }, says: /web-01/ },
  "proxmox_pool action=create": {
    given: { poolid: "parity" },
    effect: ["GET /pools has poolid=parity"],
    effects: { every: ["GET /pools poolid=parity has comment=parity"] },
  },
  "proxmox_pool action=update": {
    before: [pool],
    given: { poolid: "parity", digest: "0" },
    with: { comment: "new" },
    apart: { delete: { vms: "100", delete: 1, poolid: "production", comment: undefined } },
    effects: {
      required: ["GET /pools poolid=parity has comment=new"],
      delete: ["GET /cluster/resources type=vm lacks vmid=100 pool=production"],
    },
  },
  "proxmox_pool action=delete": {
    before: [pool],
    given: { poolid: "parity" },
    effect: ["GET /pools lacks poolid=parity"],
  },
  proxmox_ceph: { ...ceph, says: /pve2/, further: { "where it isn't installed": { says: /not installed/i } } },
  "proxmox_ceph_osd action=list": { ...ceph, says: /pve2/ },
  "proxmox_ceph_osd action=create": { ...ceph, given: osd, ends: /root@pam/ },
  "proxmox_ceph_osd action=delete": { ...ceph, given: { id: "0" }, ends: /root@pam/ },
  "proxmox_ceph_mon action=list": { ...ceph, says: /pve2/ },
  "proxmox_ceph_mon action=create": {
    ...ceph,
    before: ["DELETE /nodes/pve3/ceph/mon/pve3"],
    given: { node: "pve3", monid: "pve3" },
    effect: ["GET /nodes/pve1/ceph/mon has name=pve3"],
  },
  "proxmox_ceph_mon action=delete": {
    ...ceph,
    given: { node: "pve3", monid: "pve3" },
    effect: ["GET /nodes/pve1/ceph/mon lacks name=pve3"],
  },
  "proxmox_ceph_mds action=list": { ...ceph, says: /pve2/ },
  "proxmox_ceph_mds action=create": {
    ...ceph,
    given: { node: "pve3", name: "pve3" },
    effect: ["GET /nodes/pve1/ceph/mds has name=pve3"],
  },
  "proxmox_ceph_mds action=delete": {
    ...ceph,
    given: { node: "pve2", name: "pve2" },
    effect: ["GET /nodes/pve1/ceph/mds lacks name=pve2"],
  },
  "proxmox_ceph_pool action=list": { ...ceph, says: /cephfs_data/ },
  "proxmox_ceph_pool action=create": {
    ...ceph,
    given: cephPool,
    effect: ["GET /nodes/pve2/ceph/status has pgmap.num_pools=5"],
    effects: { every: ["GET /nodes/pve2/ceph/pool has pool_name=parity pg_num=32 size=3 min_size=2"] },
  },
  "proxmox_ceph_pool action=update": {
    ...ceph,
    given: { ...cephPool, name: "vms" },
    with: { min_size: 1 },
    effects: {
      required: ["GET /nodes/pve2/ceph/pool has pool_name=vms min_size=1"],
      every: ["GET /nodes/pve2/ceph/pool has pool_name=vms pg_num=32"],
    },
  },
  "proxmox_ceph_pool action=delete": {
    ...ceph,
    given: { name: "vms" },
    effect: ["GET /nodes/pve2/ceph/pool lacks pool_name=vms"],
  },
  "proxmox_ceph_fs action=list": { ...ceph, says: /cephfs/ },
  "proxmox_ceph_fs action=create": {
    ...ceph,
    given: { name: "parity", pool: "vms", data_pool: "parity_data", metadata_pool: "parity_metadata" },
    effect: ["GET /nodes/pve2/ceph/fs has name=parity"],
  },
  "proxmox_console_vnc type=vm": console("vncproxy"),
  "proxmox_console_vnc type=lxc": console("vncproxy"),
  "proxmox_console_term type=vm": console("vncproxy", { before: ["PUT /nodes/pve1/qemu/100/config serial0=socket"] }),
  "proxmox_console_term type=lxc": console("vncproxy"),
  proxmox_console_spice: { traceless: "PVE starts no task for it", says: /virt-viewer/ },
};
