// What the run knows of the operations on guests' lives: 100 (VM, running, pve1), 111 (VM, stopped, pve3), 103 and 121
// (containers, running, pve1 and pve3), 120 (container, stopped, pve1).
import type { Cases } from "../case.ts";

const vm = "/nodes/{node}/qemu/{vmid}";
const ct = "/nodes/{node}/lxc/{vmid}";
const stoppedVm = { node: "pve3", vmid: 111 };
const stoppedCt = { node: "pve1", vmid: 120 };
const runs = (guest: string) => `GET ${guest}/status/current has status=running`;
const isStopped = (guest: string) => `GET ${guest}/status/current has status=stopped`;
const task = (type: string) => `GET /nodes/{node}/tasks source=all has type=${type}`;
const at = (vmid: number, node: string) => `GET /cluster/resources type=vm has vmid=${vmid} node=${node}`;
/** A storage whose containers have snapshots. */
const zfs = "POST /storage storage=zp type=zfspool pool=rpool/data content=images,rootdir";
const zfsCt = [
  zfs,
  "POST /nodes/pve1/lxc vmid=151 hostname=snap ostemplate=local:vztmpl/alpine-3.22-default_20250617_amd64.tar.xz rootfs=zp:4",
];
const vmSnapshot = "POST /nodes/pve3/qemu/111/snapshot snapname=before";
const ctSnapshot = [...zfsCt, "POST /nodes/pve1/lxc/151/snapshot snapname=before"];
const snapVm = { ...stoppedVm, snapname: "before" };
const snapCt = { node: "pve1", vmid: 151, snapname: "before" };

export const guestCases: Cases = {
  "proxmox_guest_list type=qemu": { says: /web-01/ },
  "proxmox_guest_list type=lxc": { says: /proxy/ },
  "proxmox_guest_list type=all": { says: /web-01[\s\S]*proxy/ },
  proxmox_guest_status: { says: /running/ },
  "proxmox_guest_feature type=vm": { given: { feature: "snapshot" }, says: /yes/i },
  "proxmox_guest_feature type=lxc": { given: { feature: "snapshot" }, says: /yes/i },
  "proxmox_guest_start type=vm": { given: stoppedVm, effect: [runs(vm)] },
  "proxmox_guest_start type=lxc": { given: stoppedCt, effect: [runs(ct)] },
  "proxmox_guest_stop type=vm": { effect: [isStopped(vm)] },
  "proxmox_guest_stop type=lxc": { effect: [isStopped(ct)] },
  "proxmox_guest_shutdown type=vm": { effect: [isStopped(vm)] },
  "proxmox_guest_shutdown type=lxc": { effect: [isStopped(ct)] },
  "proxmox_guest_reboot type=vm": { effect: [runs(vm), task("qmreboot")] },
  "proxmox_guest_reboot type=lxc": { effect: [runs(ct), task("vzreboot")] },
  proxmox_guest_pause: { effect: [`GET ${vm}/status/current has qmpstatus=paused`] },
  proxmox_guest_resume: {
    before: ["POST /nodes/pve1/qemu/100/status/suspend"],
    effect: [`GET ${vm}/status/current has qmpstatus=running`],
  },
  "proxmox_guest_delete type=vm": { given: stoppedVm, effect: ["GET /cluster/resources type=vm lacks vmid=111"] },
  "proxmox_guest_delete type=lxc": { given: stoppedCt, effect: ["GET /cluster/resources type=vm lacks vmid=120"] },
  "proxmox_guest_clone type=vm": {
    given: { ...stoppedVm, newid: 160, name: "copy" },
    effect: ["GET /nodes/pve3/qemu/160/config has cores=8"],
    effects: { every: ["GET /nodes/pve3/qemu/160/config has name=copy"] },
  },
  "proxmox_guest_clone type=lxc": {
    given: { ...stoppedCt, newid: 160, hostname: "copy" },
    effect: ["GET /nodes/pve1/lxc/160/config has cores=1"],
    effects: { every: ["GET /nodes/pve1/lxc/160/config has hostname=copy"] },
  },
  "proxmox_guest_migrate type=vm": {
    given: { node: "pve3", vmid: 104, target: "pve2", online: 1, "with-local-disks": 1, "with-local-storage": 1 },
    effect: [at(104, "pve2")],
  },
  "proxmox_guest_migrate type=lxc": {
    given: { ...stoppedCt, target: "pve2", online: 1, "with-local-disks": 1, "with-local-storage": 1 },
    refused: ["force", "with-local-disks"],
    effect: [at(120, "pve2")],
  },
  "proxmox_guest_template type=vm": {
    given: stoppedVm,
    effect: ["GET /cluster/resources type=vm has vmid=111 template=1"],
  },
  "proxmox_guest_template type=lxc": {
    given: stoppedCt,
    effect: ["GET /cluster/resources type=vm has vmid=120 template=1"],
  },
  "proxmox_guest_snapshot action=create,type=vm": {
    given: snapVm,
    effect: [`GET ${vm}/snapshot/before/config has cores=8`],
    effects: { every: [`GET ${vm}/snapshot has name=before description=parity`] },
  },
  "proxmox_guest_snapshot action=create,type=lxc": {
    before: zfsCt,
    given: snapCt,
    effect: [`GET ${ct}/snapshot has name=before`],
    effects: { every: [`GET ${ct}/snapshot has name=before description=parity`] },
  },
  "proxmox_guest_snapshot action=list,type=vm": { before: [vmSnapshot], given: stoppedVm, says: /before/ },
  "proxmox_guest_snapshot action=list,type=lxc": {
    before: ctSnapshot,
    given: { node: "pve1", vmid: 151 },
    says: /before/,
  },
  "proxmox_guest_snapshot action=rollback,type=vm": {
    before: [vmSnapshot, "PUT /nodes/pve3/qemu/111/config cores=2"],
    given: snapVm,
    effect: [`GET ${vm}/config has cores=8`],
  },
  "proxmox_guest_snapshot action=rollback,type=lxc": {
    before: [...ctSnapshot, "PUT /nodes/pve1/lxc/151/config hostname=changed"],
    given: snapCt,
    effect: [`GET ${ct}/config has hostname=snap`],
  },
  "proxmox_guest_snapshot action=delete,type=vm": {
    before: [vmSnapshot],
    given: snapVm,
    effect: [`GET ${vm}/snapshot lacks name=before`],
  },
  "proxmox_guest_snapshot action=delete,type=lxc": {
    before: ctSnapshot,
    given: snapCt,
    effect: [`GET ${ct}/snapshot lacks name=before`],
  },
};
