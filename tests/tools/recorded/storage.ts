// What a genuine PVE 9.2 answered of storages and backups: bodies as they came.

/** GET /storage */
export const definitions = [
  {
    path: "/var/lib/vz",
    storage: "local",
    digest: "98b90c392191976a4afb441c7f57a68c0c5de59c",
    content: "snippets,vztmpl,import,rootdir,images,iso,backup",
    type: "dir",
    "prune-backups": "keep-all=1",
  },
  {
    digest: "98b90c392191976a4afb441c7f57a68c0c5de59c",
    "prune-backups": "keep-last=5",
    shared: 1,
    content: "rootdir,vztmpl,snippets,iso,images,backup",
    type: "dir",
    storage: "shared",
    path: "/mnt/shared",
  },
  {
    path: "/mnt/btr",
    storage: "btr",
    digest: "98b90c392191976a4afb441c7f57a68c0c5de59c",
    content: "images,rootdir",
    type: "btrfs",
  },
];

/** GET /nodes/pve1/storage, one of them of a volume group that isn't there. */
export const usage = [
  {
    active: 1,
    used_fraction: 0.13254689743865,
    type: "dir",
    storage: "local",
    used: 35860983808,
    avail: 73083310080,
    total: 270553174016,
    shared: 0,
    content: "backup,snippets,vztmpl,iso,import,images,rootdir",
    enabled: 1,
  },
  {
    active: 0,
    avail: 0,
    storage: "lvm1",
    used: 0,
    type: "lvm",
    shared: 0,
    total: 0,
    enabled: 1,
    content: "images",
  },
  {
    enabled: 1,
    content: "vztmpl,snippets,backup,iso,rootdir,images",
    shared: 1,
    total: 270553174016,
    avail: 73083310080,
    used: 35860983808,
    storage: "shared",
    type: "dir",
    used_fraction: 0.13254689743865,
    active: 1,
  },
  {
    storage: "btr",
    used: 43028480,
    type: "btrfs",
    used_fraction: 0.00667889912923177,
    avail: 5850886144,
    active: 1,
    enabled: 1,
    content: "images,rootdir",
    total: 6442450944,
    shared: 0,
  },
];

/** GET /nodes/pve1/storage/local/content, the first ten. */
export const content = [
  {
    ctime: 1795528614,
    volid: "local:102/vm-102-disk-0.qcow2",
    size: 1073741824,
    content: "images",
    format: "qcow2",
    vmid: 102,
    parent: null,
    used: 352256,
  },
  {
    size: 1073741824,
    content: "images",
    format: "qcow2",
    ctime: 1795528751,
    volid: "local:115/vm-115-disk-0.qcow2",
    parent: null,
    used: 331776,
    vmid: 115,
  },
  {
    volid: "local:115/vm-115-disk-1.raw",
    ctime: 1795528761,
    content: "images",
    format: "raw",
    size: 1073741824,
    vmid: 115,
    used: 4096,
    parent: null,
  },
  {
    size: 2147483648,
    format: "raw",
    content: "images",
    ctime: 1795529404,
    volid: "local:172/vm-172-disk-0.raw",
    parent: null,
    used: 419434496,
    vmid: 172,
  },
  {
    format: "tar.zst",
    content: "backup",
    size: 1113743,
    vmid: 250,
    volid: "local:backup/vzdump-lxc-250-2026_11_24-14_28_48.tar.zst",
    ctime: 1795530528,
    subtype: "lxc",
  },
  {
    volid: "local:backup/vzdump-lxc-250-2026_11_24-14_28_54.tar",
    vmid: 250,
    subtype: "lxc",
    ctime: 1795530534,
    content: "backup",
    format: "tar",
    size: 2560000,
  },
  {
    content: "backup",
    format: "tar.gz",
    size: 1099612,
    volid: "local:backup/vzdump-lxc-250-2026_11_24-14_28_54.tar.gz",
    vmid: 250,
    subtype: "lxc",
    ctime: 1795530534,
  },
  {
    content: "backup",
    format: "vma.lzo",
    size: 68945,
    volid: "local:backup/vzdump-qemu-260-2026_11_24-14_30_19.vma.lzo",
    vmid: 260,
    subtype: "qemu",
    ctime: 1795530619,
  },
  {
    format: "iso",
    content: "iso",
    size: 18151424,
    volid: "local:iso/only-here.iso",
    ctime: 1795530673,
  },
];

/** GET /nodes/pve1/storage/local/content?content=backup&vmid=260 */
export const backups = [
  {
    ctime: 1795530615,
    subtype: "qemu",
    vmid: 260,
    notes: "life on pve1",
    volid: "local:backup/vzdump-qemu-260-2026_11_24-14_30_15.vma.zst",
    content: "backup",
    format: "vma.zst",
    size: 37398,
  },
  {
    volid: "local:backup/vzdump-qemu-260-2026_11_24-14_30_19.vma.lzo",
    content: "backup",
    format: "vma.lzo",
    size: 68945,
    ctime: 1795530619,
    vmid: 260,
    subtype: "qemu",
  },
];

/** GET /nodes/pve1/storage/local/prunebackups?prune-backups=keep-last=1 */
export const plan = [
  {
    mark: "keep",
    type: "lxc",
    vmid: 200,
    volid: "local:backup/vzdump-lxc-200-2026_11_24-04_20_42.tar.zst",
    ctime: 1795494042,
  },
  {
    mark: "keep",
    vmid: 100,
    volid: "local:backup/vzdump-qemu-100-2026_11_24-04_09_45.vma.zst",
    type: "qemu",
    ctime: 1795493385,
  },
  {
    vmid: 102,
    ctime: 1795493387,
    volid: "local:backup/vzdump-qemu-102-2026_11_24-04_09_47.vma.gz",
    type: "qemu",
    mark: "keep",
  },
];

/** GET /nodes/pve1/vzdump/extractconfig */
export const configInside =
  "boot: order=scsi0;net0\nkvm: 0\nmemory: 64\nmeta: creation-qemu=10.2.2,ctime=1795529327\nname: lockvm\nnet0: virtio=BC:24:11:11:0D:57,bridge=vmbr0\nostype: l26\nscsi0: local:160/vm-160-disk-0.raw,size=2G\nscsihw: virtio-scsi-single\nsmbios1: uuid=f5f38dec-b331-4d08-b544-a3272c251d81\nvmgenid: 0ec51ace-29d6-4800-b710-63d2349222d6\n#qmdump#map:scsi0:drive-scsi0:local:raw:\n";
