// Owns what the tests of requests have to know of nodes.
import type { Sent } from "../../toolkit/stand-in.ts";
import type { Cases } from "./cases.ts";

const upid = "UPID:pve1:00000A1B:0000C3D4:6B05B3B8:qmstart:100:root@pam!mcp:";

function answer({ method, path }: Sent): unknown {
  if (method === "GET" && path === "/nodes/pve1/dns") return { search: "example.com", dns1: "192.0.2.1" };
  if (method === "GET" && path === "/nodes/pve1/hosts")
    return { data: "127.0.0.1 localhost\n", digest: "d".repeat(40) };
  if (method === "GET" && /^\/nodes\/pve1\/network\/\w/.test(path)) {
    return path.endsWith("vmbr9") ? undefined : { type: "bridge", cidr: "192.0.2.11/24", method: "static" };
  }
  if (
    /^(?:POST|PUT)/.test(method) &&
    /\/(?:startall|stopall|suspendall|migrateall|apt\/update|initgpt|wipedisk)$/.test(path)
  ) {
    return upid;
  }
  if (method === "POST" && /\/services\/\w+\/\w+$/.test(path)) return upid;
  if (method === "PUT" && path === "/nodes/pve1/network") return upid;
  if (path.endsWith("/schedule_now")) return "";
  if (path.endsWith("/wakeonlan")) return "BC:24:11:00:00:01";
  if (path.endsWith("/replication/100-0/status")) return { id: "100-0", last_try: performance.now(), last_sync: 1 };
  return undefined;
}

const cidr = { cidr: "192.0.2.12/24" };
const address = { address: "192.0.2.12", netmask: "24" };
const address6 = { address6: "2001:db8::2", netmask6: 64 };

export const cases: Cases = {
  answer,
  values: {
    upid,
    "proxmox_node_task upid": upid,
    "proxmox_node_task vmid": "web-01",
    "proxmox_node_task since": "2026-11-24T12:00Z",
    "proxmox_node_task until": 1_795_500_000,
    "proxmox_node_task statusfilter": "ok,error",
    "proxmox_node_log since": "2026-11-24",
    "proxmox_node_log until": "2026-11-24 13:00",
    "proxmox_node_log priority": "0..3",
    "proxmox_node_service service": "cron",
    "proxmox_node_config name": "db.example.com db",
    "proxmox_node_config ip": "192.0.2.9",
    "proxmox_node_config delete": "dns3",
    "proxmox_node_config set_time timezone": "Europe/Vienna",
    "proxmox_node_subscription key": "pve1c-0123456789",
    "proxmox_node_replication id": "100-0",
    "proxmox_node_network_iface iface": "vmbr0",
    "proxmox_node_network_iface update delete": "mtu",
    "proxmox_node_network_iface revert": false,
    "proxmox_node_network_iface cidr": "192.0.2.12/24",
    "proxmox_node_network_iface cidr6": "2001:db8::2/64",
    "proxmox_node_network_iface bridge_vids": "2-4094",
    "proxmox_node_bulk vms": "web-01,200",
    "proxmox_node_bulk target": "pve2",
    "proxmox_node_disk disk": "/dev/sda",
    "proxmox_node_disk_admin disk": "/dev/sda",
    "proxmox_node_disk_admin uuid": "11111111-2222-3333-4444-555555555555",
  },
  companions: {
    "proxmox_node_config set_hosts *": { data: "127.0.0.1 localhost" },
    "proxmox_node_config set_hosts ip": { name: "db", data: undefined },
    "proxmox_node_config set_hosts name": { ip: "192.0.2.9", data: undefined },
    "proxmox_node_config set_hosts comment": { ip: "192.0.2.9", name: "db", data: undefined },
    "proxmox_node_network_iface gateway": cidr,
    "proxmox_node_network_iface address": address,
    "proxmox_node_network_iface netmask": address,
    "proxmox_node_network_iface address6": address6,
    "proxmox_node_network_iface netmask6": address6,
  },
  apart: [
    "proxmox_node_config set_hosts data",
    "proxmox_node_config set_hosts ip",
    "proxmox_node_config set_hosts name",
    "proxmox_node_config set_hosts comment",
    "proxmox_node_config set_dns delete",
    ...["address", "netmask", "address6", "netmask6"].map((name) => `proxmox_node_network_iface ${name}`),
    "proxmox_node_network_iface update delete",
  ],
  elsewhere: { "proxmox_apt upgrade": "PVE has no API for it: the answer is an error that names the command" },
};
