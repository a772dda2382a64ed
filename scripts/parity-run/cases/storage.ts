// What the run knows of the operations on storages, their content, and backups.
import type { Case, Cases } from "../case.ts";
import { image } from "../files.ts";

const at = "GET /nodes/{node}/storage/{storage}/content";
const backupOfVm = "POST /nodes/pve3/vzdump vmid=111 storage=local mode=stop compress=zstd";
const backupOfCt = "POST /nodes/pve1/vzdump vmid=120 storage=local mode=stop compress=zstd";
const archiveOf = (node: string) => `@GET /nodes/${node}/storage/local/content content=backup volid`;
/** A type of storage with the arguments that only it has. */
const storage = (type: string, more: Readonly<Record<string, unknown>>) => ({
  storage: "parity",
  type,
  path: undefined,
  ...more,
});
const nfs = storage("nfs", { server: "192.0.2.20", export: "/srv/pve", options: "vers=4.2" });
const cifs = storage("cifs", { server: "192.0.2.20", share: "pve", username: "ops", password: "parity-secret" });
const lvmthin = storage("lvmthin", { vgname: "pve", thinpool: "data" });
const iscsi = storage("iscsi", { portal: "192.0.2.20", target: "iqn.2026-11.test:pve" });

const change: Case = {
  before: ["POST /storage storage=parity type=dir path=/srv/parity content=iso"],
  given: {
    storage: "parity",
    content: "iso,vztmpl",
    nodes: "pve1,pve2",
    path: "/srv/other",
    export: "/srv/other",
    share: "other",
    vgname: "other",
    thinpool: "other",
    portal: "192.0.2.21",
    target: "iqn.2026-11.test:other",
    maxfiles: 3,
    disable: 1,
    shared: 1,
    delete: "nodes",
    digest: "@GET /storage/parity digest",
  },
};

/** Storages of other types, whose arguments a directory doesn't have. */
const others = [
  "POST /storage storage=pcifs type=cifs server=192.0.2.20 share=pve username=ops password=parity-secret",
  "POST /storage storage=prbd type=rbd monhost=192.0.2.30 pool=rbd username=admin",
  "POST /storage storage=pcephfs type=cephfs monhost=192.0.2.30 username=admin",
];
/** The files in a backup are shown by a Proxmox Backup Server alone. */
const inPbs = [
  `POST /storage storage=pbs type=pbs server=192.0.2.20 datastore=main username=ops@pbs password=parity-secret fingerprint=${Array(32).fill("AB").join(":")} content=backup`,
  "POST /nodes/pve1/vzdump vmid=120 storage=pbs mode=stop",
];

export const storageCases: Cases = {
  "proxmox_storage_config action=list": { says: /local-lvm/ },
  "proxmox_storage_config action=get": { says: /dir/ },
  "proxmox_storage_config action=cluster_usage": { says: /shared-nfs/ },
  "proxmox_storage_config action=create": {
    given: {
      storage: "parity",
      type: "dir",
      path: "/srv/parity",
      content: "iso,backup",
      nodes: "pve1,pve2",
      shared: 1,
      maxfiles: 3,
      fsname: "cephfs",
    },
    needs: { path: "/srv/parity" },
    apart: {
      fsname: storage("cephfs", { monhost: "192.0.2.30", username: "admin", fsname: "cephfs" }),
      server: nfs,
      export: nfs,
      options: nfs,
      share: cifs,
      username: cifs,
      password: cifs,
      domain: { ...cifs, domain: "demo" },
      smbversion: { ...cifs, smbversion: "3" },
      pool: storage("zfspool", { pool: "rpool/data" }),
      vgname: storage("lvm", { vgname: "pve" }),
      thinpool: lvmthin,
      portal: iscsi,
      target: iscsi,
      monhost: storage("rbd", { monhost: "192.0.2.20", pool: "rbd", username: "admin" }),
      keyring: storage("rbd", {
        monhost: "192.0.2.20",
        pool: "rbd",
        username: "admin",
        keyring: "[client.admin]\n\tkey = AQBparity==\n",
      }),
    },
    effect: ["GET /nodes/pve1/storage has storage=parity type=dir", "GET /storage/parity has path=/srv/parity"],
    effects: {
      every: ["GET /storage has storage=parity nodes=~pve1 content=~backup shared=1"],
      server: ["GET /storage has storage=parity type=nfs export=/srv/pve"],
      thinpool: ["GET /storage has storage=parity type=lvmthin thinpool=data"],
    },
  },
  "proxmox_storage_config action=update": {
    ...change,
    with: { content: "iso,vztmpl" },
    before: [...(change.before ?? []), ...others],
    apart: {
      delete: { delete: "nodes" },
      server: { storage: "shared-nfs", server: "192.0.2.21" },
      options: { storage: "shared-nfs", options: "vers=4.1" },
      username: { storage: "pcifs", username: "other" },
      password: { storage: "pcifs", username: "other", password: "parity-secret" },
      domain: { storage: "pcifs", domain: "demo" },
      smbversion: { storage: "pcifs", smbversion: "3.11" },
      fsname: { storage: "pcephfs", fsname: "cephfs" },
      pool: { storage: "prbd", pool: "vms" },
      monhost: { storage: "prbd", monhost: "192.0.2.31" },
      keyring: { storage: "prbd", keyring: "[client.admin]\n\tkey = AQBparity==\n" },
    },
    refused: ["path", "export", "share", "vgname", "thinpool", "portal", "target"],
    effect: ["GET /storage has storage=parity content=~vztmpl"],
    effects: { every: ["GET /storage has storage=parity nodes=~pve2 disable=1"] },
  },
  "proxmox_storage_config action=delete": { ...change, effect: ["GET /storage lacks storage=parity"] },
  "proxmox_storage_content action=list": { given: { content: "iso", vmid: 100 }, apart: { vmid: { vmid: 100 } } },
  "proxmox_storage_content action=list_templates": { says: /debian-13/ },
  "proxmox_storage_content action=upload": {
    given: { content: "iso", filename: image.name },
    effect: [`${at} has volid=local:iso/${image.name}`],
  },
  "proxmox_storage_content action=download_url": {
    given: {
      url: "https://demo.test/images/parity.iso",
      content: "iso",
      filename: "other.iso",
      "verify-certificates": 1,
    },
    effects: {
      required: [`${at} has volid=local:iso/parity.iso`],
      every: ["GET /nodes/{node}/tasks source=all has type=download"],
    },
  },
  "proxmox_storage_content action=delete": {
    given: { volume: "local:iso/debian-13.1.0-amd64-netinst.iso" },
    effect: [`${at} lacks volid=local:iso/debian-13.1.0-amd64-netinst.iso`],
  },
  "proxmox_storage_content action=prune": {
    before: [
      backupOfCt,
      "POST /nodes/pve1/vzdump vmid=120 storage=local mode=stop compress=zstd notes-template=second",
    ],
    given: {
      "keep-last": 1,
      "keep-hourly": 0,
      "keep-daily": 0,
      "keep-weekly": 0,
      "keep-monthly": 0,
      "keep-yearly": 0,
      vmid: 120,
      type: "lxc",
    },
    needs: { "keep-last": 1 },
    apart: { "prune-backups": { "keep-last": undefined, "prune-backups": "keep-last=1" }, "dry-run": { "dry-run": 1 } },
    effect: [`${at} content=backup lacks notes=test`],
    elsewhere: { "dry-run": ["GET /nodes/{node}/storage/{storage}/prunebackups"] },
    effects: { "dry-run": [`${at} content=backup has notes=second`] },
  },
  proxmox_file_restore: {
    before: inPbs,
    given: {
      storage: "pbs",
      volume: "@GET /nodes/pve1/storage/pbs/content volid",
      filepath: "/root.pxar.didx/etc/hostname",
      path: "/root.pxar.didx/etc",
    },
    says: /root\.pxar\.didx/,
  },
  "proxmox_backup action=create,type=vm": {
    given: { node: "pve3", vmid: 111, compress: "none" },
    effect: ["GET /nodes/{node}/storage/local/content content=backup has vmid=111"],
  },
  "proxmox_backup action=create,type=lxc": {
    given: { node: "pve1", vmid: 120, compress: "none" },
    effect: ["GET /nodes/{node}/storage/local/content content=backup has vmid=120"],
  },
  "proxmox_backup action=list": { before: [backupOfCt], says: /vzdump-lxc-120/ },
  "proxmox_backup action=restore,type=vm": {
    before: [backupOfVm],
    given: { node: "pve3", vmid: 180, archive: archiveOf("pve3"), storage: "local-lvm" },
    effect: ["GET /nodes/pve3/qemu/180/config has name=build-01"],
  },
  "proxmox_backup action=restore,type=lxc": {
    before: [backupOfCt],
    given: { node: "pve1", vmid: 181, archive: archiveOf("pve1"), storage: "local-lvm" },
    effect: ["GET /nodes/pve1/lxc/181/config has hostname=test"],
  },
  "proxmox_backup action=delete": {
    before: [backupOfCt],
    given: { volume: archiveOf("pve1") },
    effect: [`${at} content=backup lacks vmid=120`],
  },
};
