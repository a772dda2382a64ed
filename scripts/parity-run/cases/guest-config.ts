// What the run knows of the operations on guests' configuration, and on making guests.
import type { Case, Cases } from "../case.ts";

const vm = "/nodes/{node}/qemu/{vmid}/config";
const ct = "/nodes/{node}/lxc/{vmid}/config";
const template = "local:vztmpl/alpine-3.22-default_20250617_amd64.tar.xz";
const stoppedVm = { node: "pve3", vmid: 111 };
const stoppedCt = { node: "pve1", vmid: 120 };
const cloudInit = [
  "PUT /nodes/pve3/qemu/111/config ide2=local-lvm:cloudinit ciuser=ops cipassword=secret-1 ipconfig0=ip=dhcp",
];

const cases: Cases = {
  proxmox_get_next_vmid: { says: /105/ },
  proxmox_guest_config: { says: /prod/ },
  "proxmox_guest_pending type=vm": {
    before: ["PUT /nodes/pve1/qemu/100/config memory=6144"],
    says: /6144|6 GiB|6\.0 GiB/,
  },
  "proxmox_guest_pending type=lxc": { says: /./ },
  proxmox_guest_resize: { with: { memory: 1024 }, given: { memory: 2048, cores: 3 } },
  "proxmox_guest_resize type=vm": {
    given: stoppedVm,
    effects: { required: [`GET ${vm} has memory=1024`], all: [`GET ${vm} has memory=2048 cores=3`] },
  },
  "proxmox_guest_resize type=lxc": {
    given: stoppedCt,
    effects: { required: [`GET ${ct} has memory=1024`], all: [`GET ${ct} has memory=2048 cores=3`] },
  },
  "proxmox_guest_config_update type=vm": {
    given: { ...stoppedVm, config: { tags: "parity", cores: 3 }, delete: "description" },
    with: { config: { tags: "parity" } },
    before: ["PUT /nodes/pve3/qemu/111/config description=old"],
    effect: [`GET ${vm} has tags=parity`],
    effects: { every: [`GET ${vm} has cores=3 description=`] },
  },
  "proxmox_guest_config_update type=lxc": {
    given: { ...stoppedCt, config: { tags: "parity", cores: 3 }, delete: "description" },
    with: { config: { tags: "parity" } },
    before: ["PUT /nodes/pve1/lxc/120/config description=old"],
    effect: [`GET ${ct} has tags=parity`],
    effects: { every: [`GET ${ct} has cores=3 description=`] },
  },
  "proxmox_guest_disk_resize type=vm": {
    given: { disk: "scsi0", size: "+2G" },
    effect: [`GET ${vm} has scsi0=~size=34G`],
  },
  "proxmox_guest_disk_resize type=lxc": {
    given: { disk: "rootfs", size: "+2G" },
    effect: [`GET ${ct} has rootfs=~size=10G`],
  },
  "proxmox_guest_disk_move type=vm": {
    given: { ...stoppedVm, disk: "scsi0", storage: "shared-nfs", delete: 1 },
    effect: [`GET ${vm} has scsi0=~^shared-nfs:`],
    effects: { required: [`GET ${vm} has unused0=~^local-lvm:`], all: [`GET ${vm} has unused0=`] },
  },
  "proxmox_guest_disk_move type=lxc": {
    given: { ...stoppedCt, disk: "rootfs", storage: "shared-nfs", delete: 1 },
    effect: [`GET ${ct} has rootfs=~^shared-nfs:`],
    effects: { required: [`GET ${ct} has unused0=~^local-lvm:`], all: [`GET ${ct} has unused0=`] },
  },
  "proxmox_vm_disk action=add": {
    given: { disk: "scsi3", storage: "local-lvm", size: "5G" },
    effect: [`GET ${vm} has scsi3=~^local-lvm:.*size=5G`],
  },
  "proxmox_vm_disk action=remove": {
    before: ["PUT /nodes/pve1/qemu/100/config scsi3=local-lvm:4"],
    given: { disk: "scsi3" },
    effect: [`GET ${vm} lacks scsi3=~.`, `GET ${vm} has unused0=~^local-lvm:`],
  },
  "proxmox_lxc_mountpoint action=add": {
    given: { ...stoppedCt, mp: "mp3", storage: "local-lvm", size: "5G" },
    needs: { path: "/srv/data" },
    effect: [`GET ${ct} has mp3=~^local-lvm:.*mp=/srv/data.*size=5G`],
  },
  "proxmox_lxc_mountpoint action=remove": {
    before: ["PUT /nodes/pve1/lxc/120/config mp3=local-lvm:4,mp=/srv/data"],
    given: { ...stoppedCt, mp: "mp3" },
    effect: [`GET ${ct} lacks mp3=~.`, `GET ${ct} has unused0=~^local-lvm:`],
  },
  "proxmox_guest_network action=add,type=vm": {
    given: { net: "net3" },
    refused: ["ip", "gw"],
    effect: [`GET ${vm} has net3=~bridge=vmbr1`],
    effects: { every: [`GET ${vm} has net3=~^e1000=BC:24:11:AA:BB:CC.*firewall=1.*tag=12`] },
  },
  "proxmox_guest_network action=add,type=lxc": {
    given: { net: "net3" },
    refused: ["model"],
    effect: [`GET ${ct} has net3=~bridge=vmbr1`],
    effects: { every: [`GET ${ct} has net3=~hwaddr=BC:24:11:AA:BB:CC.*ip=192.0.2.77/24.*tag=12`] },
  },
  "proxmox_guest_network action=update,type=vm": {
    given: { net: "net0" },
    with: { vlan: 13 },
    refused: ["ip", "gw"],
    effect: [`GET ${vm} has net0=~tag=1[23]`],
    effects: { every: [`GET ${vm} has net0=~^e1000=BC:24:11:AA:BB:CC,bridge=vmbr1`] },
  },
  "proxmox_guest_network action=update,type=lxc": {
    given: { net: "net0" },
    with: { vlan: 13 },
    refused: ["model"],
    effect: [`GET ${ct} has net0=~name=eth0.*tag=1[23]`],
    effects: { every: [`GET ${ct} has net0=~bridge=vmbr1.*hwaddr=BC:24:11:AA:BB:CC.*ip=192.0.2.77/24`] },
  },
  "proxmox_guest_network action=remove,type=vm": { given: { net: "net0" }, effect: [`GET ${vm} lacks net0=~.`] },
  "proxmox_guest_network action=remove,type=lxc": { given: { net: "net0" }, effect: [`GET ${ct} lacks net0=~.`] },
  proxmox_create_lxc: {
    given: {
      vmid: 170,
      ostemplate: template,
      hostname: "parity",
      password: "parity-secret",
      memory: 768,
      storage: "local-lvm",
      rootfs: "6",
      net0: "name=eth0,bridge=vmbr0,ip=dhcp",
    },
    effect: [`GET ${ct} has rootfs=~^local-lvm:`],
    effects: { every: [`GET ${ct} has hostname=parity memory=768 net0=~bridge=vmbr0 rootfs=~size=6G`] },
  },
  proxmox_create_vm: {
    given: {
      vmid: 171,
      name: "parity",
      memory: 768,
      cores: 3,
      sockets: 2,
      disk_size: "1T",
      storage: "shared-nfs",
      iso: "local:iso/debian-13.1.0-amd64-netinst.iso",
      ostype: "l26",
      net0: "virtio,bridge=vmbr0",
    },
    effect: ["GET /cluster/resources type=vm has vmid=171 node=pve1"],
    effects: {
      every: [`GET ${vm} has name=parity memory=768 cores=3 sockets=2 scsi0=~^shared-nfs:.*size=1T net0=~bridge=vmbr0`],
    },
  },
  proxmox_cloudinit: { before: cloudInit, given: stoppedVm },
  "proxmox_cloudinit action=get": { says: /ciuser/ },
  "proxmox_cloudinit action=dump,dump_type=user": { says: /ops/ },
  "proxmox_cloudinit action=dump,dump_type=network": { says: /dhcp/ },
  "proxmox_cloudinit action=regenerate": {
    before: [...cloudInit, "PUT /nodes/pve3/qemu/111/config ciuser=ops2"],
    effect: ["GET /nodes/{node}/qemu/{vmid}/cloudinit has key=ciuser value=ops2 pending="],
  },
};

/** What stands in a guest's configuration is read from the list of what is pending: key by key, what is in force. */
function pending(effect: string): string[] {
  const [, path, verb, pairs = ""] = /^GET (\S+)\/config (has|lacks) (.+)$/.exec(effect) ?? [];
  if (path === undefined) return [effect];
  return pairs.split(" ").map((pair) => {
    const [, key = "", value = ""] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
    const isThere = verb === "has" && value !== "";
    return `GET ${path}/pending ${isThere ? `has key=${key} value=${value}` : `lacks key=${key} delete=`}`;
  });
}

const readElsewhere = ({ effect, effects = {}, ...rest }: Case): Case => ({
  ...rest,
  ...(effect && { effect: effect.flatMap(pending) }),
  effects: Object.fromEntries(Object.entries(effects).map(([call, lines]) => [call, lines.flatMap(pending)])),
});

export const guestConfigCases: Cases = Object.fromEntries(
  Object.entries(cases).map(([label, one]) => [label, readElsewhere(one)]),
);
