// Owns what the tests of requests have to know of the cluster, its jobs, HA, certificates and notifications.
import type { Cases } from "./cases.ts";

const replication = { id: "100-0", guest: 100, jobnum: 0, target: "pve2", type: "local" };
const certificate = { filename: "pveproxy-ssl.pem", subject: "/CN=pve1", notafter: 86_400 };

const pem = (what: string) => `-----BEGIN ${what}-----\nMIIB\n-----END ${what}-----\n`;
/** Until the certificate is looked for again. */
let wasDeleted = false;

/** A cluster of PVE 8, which has HA groups; tests/tools/ha.test.ts has what becomes of them from 9 on. */
export const cases: Cases = {
  answer: ({ method, path }) => {
    if (path === "/version") return { version: "8.4.1", release: "8.4" };
    if (path === "/cluster/backup" && method === "GET") return [{ id: "backup-1" }];
    if (path === "/cluster/config/nodes") return [{ name: "pve1", node: "pve1", quorum_votes: "1" }];
    if (path === "/cluster/replication" && method === "GET") return [replication];
    if (method === "DELETE" && path.endsWith("/certificates/custom")) wasDeleted = true;
    if (path === "/nodes/pve1/config" && method === "GET") return { acmedomain0: "pve1.example.com" };
    if (path.endsWith("/certificates/info")) {
      const rows = wasDeleted ? [] : [certificate];
      wasDeleted = false;
      return rows;
    }
    return undefined;
  },
  companions: {
    "proxmox_cluster update_options *": { options: { max_workers: 4 } },
    "proxmox_notification create * smtp": { mailto: ["ops@example.com"] },
    "proxmox_notification create * sendmail": { mailto: ["ops@example.com"] },
    "proxmox_cluster_backup_job create *": { schedule: "daily", vmid: "100,dns-01" },
    "proxmox_cluster_backup_job starttime": { schedule: undefined },
    "proxmox_cluster_backup_job dow": { schedule: undefined, starttime: "03:00" },
  },
  apart: ["proxmox_cluster_backup_job schedule"],
  values: {
    "proxmox_cluster options": { keyboard: "de" },
    "proxmox_cluster email_from": "pve@example.com",
    "proxmox_cluster http_proxy": "http://proxy:3128",
    "proxmox_cluster mac_prefix": "BC:24:11",
    "proxmox_get_next_vmid max": 200,
    "proxmox_cluster_config fingerprint": Array(32).fill("AB").join(":"),
    "proxmox_cluster_config password": "hunter22",
    "proxmox_cluster_config node": "pve1",
    "proxmox_cluster_backup_job schedule": "sat 03:00",
    "proxmox_cluster_backup_job starttime": "03:00",
    "proxmox_cluster_backup_job dow": "sat,sun",
    "proxmox_cluster_replication_job schedule": "*/30",
    "proxmox_cluster_backup_job vmid": "100,dns-01",
    "proxmox_cluster_backup_job exclude": "dns-01",
    "proxmox_cluster_replication_job create id": "web-01",
    "proxmox_cluster_replication_job id": "100-0",
    "proxmox_acme_account contact": "ops@example.com",
    "proxmox_acme_account directory": "https://acme.example.com/directory",
    "proxmox_notification mailto": ["ops@example.com"],
    "proxmox_notification mailto-user": ["root@pam"],
    "proxmox_notification from": "pve@example.com",
    "proxmox_certificate certificates": pem("CERTIFICATE"),
    "proxmox_certificate key": pem("PRIVATE KEY"),
    "proxmox_ha_resource sid": "web-01",
    "proxmox_ha_group resources": "web-01,ct:200",
  },
};
