// Owns what the tests of requests have to know of access, pools, Ceph and consoles.
import type { Sent } from "../../toolkit/stand-in.ts";
import type { Cases } from "./cases.ts";

const user = { userid: "alice@pve", enable: 1, expire: 0, groups: ["ops"] };
const lists: Readonly<Record<string, unknown>> = {
  "/access/groups": [{ groupid: "ops", users: "alice@pve" }],
  "/access/roles": [{ roleid: "Ops", privs: "VM.Audit" }],
  "/access/acl": [{ path: "/vms/100", type: "user", ugid: "alice@pve", roleid: "Ops", propagate: 1 }],
  "/access/domains": [{ realm: "pve", type: "pve" }],
  "/access/users/alice@pve": user,
  "/access/users/alice@pve/token/ci": { privsep: 1, expire: 0 },
  "/access/domains/ldap1": { type: "ldap", digest: "d".repeat(40) },
  "/nodes/pve1/ceph/status": { health: { status: "HEALTH_OK", checks: {} }, quorum_names: ["pve1"] },
  "/nodes/pve1/ceph/osd": { root: { children: [] } },
  "/nodes/pve1/ceph/mon": [],
  "/nodes/pve1/ceph/mds": [{ name: "pve1", host: "pve1" }],
  "/pools": [{ poolid: "production", members: [] }],
  "/nodes/pve1/ceph/pool": [],
  "/nodes/pve1/ceph/fs": [],
};

/** What was deleted and hasn't been looked for yet. */
let deleted: string | undefined;

/** What a deletion looks for afterwards is gone; the next call finds it again. */
function answer({ method, path }: Sent): unknown {
  const [, kind] = /^\/nodes\/pve1\/ceph\/(\w+)/.exec(path) ?? [];
  if (method === "DELETE" && /^\/(?:access|pools)|ceph\/(?:mds|pool)\//.test(path)) deleted = path;
  if (method !== "GET") return kind ? `UPID:pve1:0000ABCD:0000ABCD:6B05B3B8:ceph${kind}:x:root@pam!t:` : undefined;
  const gone = deleted !== undefined && (path.startsWith(deleted) || deleted.startsWith(path));
  if (!gone) return kind === "pool" && path.endsWith("/status") ? { name: "text", size: 3 } : lists[path];
  const [list] = [deleted?.startsWith(`${path}/`)];
  deleted = undefined;
  return list ? [] : undefined;
}

export const cases: Cases = {
  answer,
  values: {
    "proxmox_user userid": "alice@pve",
    "proxmox_user groups": "ops",
    "proxmox_user email": "alice@example.com",
    "proxmox_user expire": "1900000000",
    "proxmox_user_token userid": "alice@pve",
    "proxmox_user_token tokenid": "ci",
    "proxmox_user_token expire": "1900000000",
    "proxmox_group groupid": "ops",
    "proxmox_role roleid": "Ops",
    "proxmox_role privs": "VM.Audit",
    "proxmox_acl path": "/vms/100",
    "proxmox_acl roles": "Ops",
    "proxmox_acl users": "alice@pve",
    "proxmox_acl userid": "alice@pve",
    "proxmox_acl groups": "ops",
    "proxmox_acl groupid": "ops",
    "proxmox_acl roleid": "Ops",
    "proxmox_acl tokens": "alice@pve!ci",
    "proxmox_domain realm": "ldap1",
    "proxmox_domain type": "ldap",
    "proxmox_domain sync_attributes": "email=mail",
    "proxmox_pool vms": "100",
    "proxmox_ceph_mds delete name": "pve1",
    "proxmox_ceph_pool target_size": "100G",
  },
  apart: ["proxmox_ceph_osd db_dev_size", "proxmox_ceph_osd wal_dev_size"],
  companions: {
    "proxmox_acl update *": { users: "alice@pve" },
    "proxmox_domain create *": { server1: "192.0.2.1", base_dn: "dc=x", user_attr: "uid" },
  },
};
