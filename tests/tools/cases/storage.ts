// Owns what the tests of requests have to know of storage and backups.
import type { Sent } from "../../toolkit/stand-in.ts";
import type { Cases } from "./cases.ts";

function answer({ method, path }: Sent): unknown {
  if (method !== "GET") return undefined;
  if (path.endsWith("/prunebackups")) return [{ volid: "local:backup/a", mark: "remove", vmid: 100, ctime: 1 }];
  if (path.endsWith("/content"))
    return [{ volid: "local:backup/vzdump-qemu-100-a.vma.zst", ctime: 1, content: "backup" }];
  return undefined;
}

const archive = "local:backup/vzdump-qemu-100-2026_11_24-14_10_07.vma.zst";
const needsFolder = "nowhere without PROXMOX_UPLOAD_DIR: tests/tools/content.test.ts and file-restore.test.ts";

const storage = "proxmox_storage_config create";

export const cases: Cases = {
  answer,
  values: {
    [`${storage} type`]: "rbd",
    [`${storage} path`]: "/mnt/x",
    [`${storage} export`]: "/srv/x",
    "proxmox_storage_config blocksize": "8k",
    "proxmox_storage_config content-dirs": "iso=iso",
    "proxmox_storage_config fingerprint": Array(32).fill("AB").join(":"),
    "proxmox_storage_config mountpoint": "/x",
    "proxmox_storage_config subdir": "/x",
    "proxmox_storage_config zfs-base-path": "/x",
    "proxmox_storage_content download_url url": "https://example.com/a.iso",
    "proxmox_storage_content download_url filename": "a.iso",
    "proxmox_storage_content delete volume": "local:iso/a.iso",
    "proxmox_storage_content prune dry-run": false,
    "proxmox_backup archive": archive,
    "proxmox_backup delete volume": archive,
    "proxmox_backup restore vmid": 301,
  },
  companions: {
    "proxmox_storage_content prune *": { "keep-last": 3 },
    "proxmox_file_restore download *": { path: "/etc/hosts" },
  },
  apart: ["proxmox_storage_content prune-backups"],
  only: {
    "proxmox_file_restore download to": needsFolder,
    "proxmox_storage_content prune prune-backups": "beside keep-last: pruning has its own test",
  },
  elsewhere: { "proxmox_storage_content upload": needsFolder },
};
