// What a genuine PVE 9.2 answered of guests' configurations: bodies as they came.

/** GET /nodes/pve1/qemu/260/config of a VM with a snapshot. */
export const vmConfig = {
  ostype: "l26",
  name: "life",
  meta: "creation-qemu=10.2.2,ctime=1795530545",
  smbios1: "uuid=f19fc03b-2d12-4bbe-9512-745b6b4e2442",
  scsi0: "local:260/vm-260-disk-0.qcow2,discard=on,size=1G",
  cores: 1,
  onboot: 1,
  kvm: 0,
  digest: "3c138eb13b25fb6f86f57276cea9589d1c0d1696",
  ide2: "shared:iso/tiny.iso,media=cdrom,size=17726K",
  vmgenid: "40c505bd-a4b0-433e-b853-999e18bfd34b",
  parent: "off1",
  agent: "1",
  boot: "order=ide2;scsi0",
  memory: "256",
  description: "changed",
  net0: "virtio=BC:24:11:76:C3:B6,bridge=vmbr0,firewall=1",
  scsihw: "virtio-scsi-single",
};

/** GET /nodes/pve1/qemu/102/config of a VM that is suspended to disk: keys that no form of PVE declares. */
export const suspendedConfig = {
  kvm: 0,
  runningmachine: "pc-i440fx-10.2+pve0",
  name: "app1",
  runningcpu: "qemu64",
  scsi0: "local:102/vm-102-disk-0.qcow2,size=1G",
  scsihw: "virtio-scsi-single",
  net0: "virtio=BC:24:11:96:71:B7,bridge=vmbr0",
  memory: "64",
  vmstate: "local:102/vm-102-state-suspend-2026-11-24.raw",
  ostype: "l26",
  digest: "14ff11e01b8f6960e3e337d8c4d412da28712947",
  boot: "order=scsi0;net0",
  lock: "suspended",
  description: "changed after s2",
  "running-nets-host-mtu": "net0=1500",
};

/** GET /nodes/pve1/lxc/200/pending of a container that runs. */
export const containerPending = [
  { key: "arch", value: "amd64" },
  { key: "unprivileged", value: 1 },
  { value: "alpine", key: "ostype" },
  { key: "digest", value: "cf80c819f0d88152d386c42e3cc8642f0ca5868a" },
  { key: "description", value: "new text\n" },
  { key: "swap", value: 128 },
  { key: "rootfs", value: "local:200/vm-200-disk-0.raw,size=1G" },
  { key: "cores", value: 2 },
  { key: "memory", value: 192 },
  { key: "features", pending: "nesting=1" },
];

/** GET /nodes/pve1/qemu/100/cloudinit. */
export const cloudInitSettings = [
  { value: "admin", key: "ciuser" },
  {
    key: "sshkeys",
    value: "ssh-ed25519%20AAAAC3NzaC1lZDI1NTE5AAAAIKtVbUvT4Kr0Y7tPoNAEPaMbnFFXt0IEnMWv7DTT9yQe%20x%40y",
  },
  { value: "**********", key: "cipassword" },
];

/** GET /nodes/pve1/qemu/102/cloudinit/dump?type=user. */
export const userData =
  "#cloud-config\nhostname: app1\nmanage_etc_hosts: true\nfqdn: app1\nchpasswd:\n  expire: False\nusers:\n  - default\npackage_upgrade: true\n";
