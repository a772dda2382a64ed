// Owns what the tests of requests have to know of creating and changing guests.
import type { Sent } from "../../toolkit/stand-in.ts";
import type { Cases } from "./cases.ts";

const digest = "d".repeat(40);
const vm = {
  digest,
  scsi0: "local-lvm:vm-100-disk-0,size=8G",
  net0: "virtio=BC:24:11:00:00:01,bridge=vmbr0",
  serial0: "socket",
  ide0: "local-lvm:vm-100-cloudinit,media=cdrom",
  unused0: "local-lvm:vm-100-disk-1",
};
const container = {
  digest,
  rootfs: "local-lvm:vm-200-disk-0,size=8G",
  mp0: "local-lvm:vm-200-disk-1,mp=/srv,size=8G",
  unused0: "local-lvm:vm-200-disk-2",
  net0: "name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:02,type=veth",
};

function answer({ method, path }: Sent): unknown {
  const config = path.includes("/lxc/") ? container : vm;
  if (path === "/nodes/pve1/storage") return [{ storage: "local-lvm" }];
  if (path.endsWith("/pending")) return Object.entries(config).map(([key, value]) => ({ key, value }));
  if (path.endsWith("/cloudinit/dump")) return "#cloud-config\nhostname: web-01\n";
  if (method === "GET" && path.endsWith("/cloudinit")) return [{ key: "ciuser", value: "admin" }];
  return method === "GET" && /\/(?:qemu|lxc)\/\d+\/config$/.test(path) ? config : undefined;
}

export const cases: Cases = {
  answer,
  companions: {
    "proxmox_guest_config_update *": { config: { tags: "a" } },
    "proxmox_guest_resize *": { memory: "2G" },
    "proxmox_lxc_mountpoint add *": { size: 1 },
    "proxmox_lxc_mountpoint add volume": { size: undefined },
    "proxmox_create_lxc unique": { restore: true },
    "proxmox_create_vm unique": { archive: "local:backup/vzdump-qemu-100.vma.zst" },
  },
  apart: [
    "proxmox_guest_config_update delete",
    "proxmox_guest_config_update revert",
    "proxmox_lxc_mountpoint volume",
    "proxmox_create_vm ide2",
    "proxmox_create_vm scsi0",
    "proxmox_create_vm archive",
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
    "proxmox_guest_config_update config": { tags: "a" },
    "proxmox_guest_config_update tags": "a",
    "proxmox_guest_config_update env": "A=b",
    "proxmox_guest_config_update nameserver": "10.0.0.53",
    "proxmox_guest_disk_resize size": "+10G",
    "proxmox_guest_disk_resize disk qemu": "scsi0",
    "proxmox_guest_disk_resize disk lxc": "rootfs",
    "proxmox_guest_disk_move disk qemu": "scsi0",
    "proxmox_guest_disk_move disk lxc": "rootfs",
    "proxmox_lxc_mountpoint add mp": "mp7",
    "proxmox_lxc_mountpoint idmap": "passthrough",
    "proxmox_lxc_mountpoint mountoptions": "noatime;nosuid",
    "proxmox_lxc_mountpoint path": "/srv/new",
    "proxmox_lxc_mountpoint volume": "local-lvm:vm-200-disk-9",
    "proxmox_create_lxc env": "A=b",
    "proxmox_create_lxc nameserver": "10.0.0.53",
    "proxmox_create_lxc swap": "512M",
    "proxmox_lxc_mountpoint remove mp": "mp0",
    "proxmox_lxc_mountpoint destroy mp": "unused0",
    "proxmox_create_lxc ostemplate": "local:vztmpl/debian-13.tar.zst",
    "proxmox_create_lxc rootfs": "8G",
    "proxmox_vm_disk remove disk": "scsi0",
    "proxmox_vm_disk destroy disk": "unused0",
    "proxmox_guest_network update net": "net0",
    "proxmox_guest_network remove net": "net0",
  },
};
