// Single files out of backups.
import { downloaded, encoded, entries, shownFile } from "../handlers/file-restore.ts";
import { reveal } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

/** People write `path`; PVE's own name of it is taken as well. */
const names = { filepath: "path" };

export const fileRestoreTools = [
  tool("proxmox_file_restore", "Files in backups on a Proxmox Backup Server", {
    list: reveal("GET /nodes/{node}/storage/{storage}/file-restore/list", {
      takes: ["volume", "filepath"],
      optional: ["filepath"],
      names,
      show: ["filepath"],
      hints: { volume: "of proxmox_backup list" },
      compose: encoded,
      present: entries,
      fields: "path type size mtime",
      units: { size: "bytes", mtime: "moment" },
      done: "Entries in {volume}: {count}",
    }),
    download: reveal("GET /nodes/{node}/storage/{storage}/file-restore/download", {
      takes: ["volume", "filepath", "tar"],
      names,
      own: { "to?": "string" },
      hints: { to: "name in PROXMOX_UPLOAD_DIR" },
      compose: encoded,
      perform: downloaded,
      present: shownFile,
      units: { bytes: "bytes" },
    }),
  }),
];
