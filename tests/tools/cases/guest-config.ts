// Owns what the tests of requests have to know of creating and changing guests.
import type { Sent } from "../../toolkit/stand-in.ts";
import type { Cases } from "./cases.ts";

const digest = "d".repeat(40);
const vm = {
  digest,
  scsi0: "local-lvm:vm-100-disk-0,size=8G",
  net0: "virtio=BC:24:11:00:00:01,bridge=vmbr0",
  unused0: "local-lvm:vm-100-disk-1",
};
const container = {
  digest,
  rootfs: "local-lvm:vm-200-disk-0,size=8G",
  net0: "name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:02,type=veth",
};

function answer({ method, path }: Sent): unknown {
  const config = path.includes("/lxc/") ? container : vm;
  if (path === "/nodes/pve1/storage") return [{ storage: "local-lvm" }];
  if (path.endsWith("/pending")) return Object.entries(config).map(([key, value]) => ({ key, value }));
  return method === "GET" && path.endsWith("/config") && path.includes("/nodes/") ? config : undefined;
}

export const cases: Cases = {
  answer,
  companions: {
    "proxmox_create_vm force": { archive: "local:backup/vzdump-qemu-100.vma.zst" },
    "proxmox_create_vm unique": { archive: "local:backup/vzdump-qemu-100.vma.zst" },
  },
  apart: [
    "proxmox_create_vm ide2",
    "proxmox_create_vm scsi0",
    "proxmox_create_vm archive",
    "proxmox_create_vm force",
    "proxmox_create_vm unique",
  ],
  only: {
    "proxmox_guest_network model": "qemu",
    "proxmox_guest_network queues": "qemu",
    "proxmox_guest_network host-tunnel": "qemu",
    "proxmox_guest_network ip": "lxc",
    "proxmox_guest_network gw": "lxc",
    "proxmox_guest_network ip6": "lxc",
    "proxmox_guest_network gw6": "lxc",
    "proxmox_guest_network name": "lxc",
    "proxmox_guest_network hwaddr": "lxc",
    "proxmox_guest_network host-managed": "lxc",
  },
  values: {
    "proxmox_vm_disk remove disk": "scsi0",
    "proxmox_vm_disk destroy disk": "unused0",
    "proxmox_guest_network update net": "net0",
    "proxmox_guest_network remove net": "net0",
  },
};
