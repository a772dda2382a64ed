// Backups of guests, and restoring them.
import { listed, made, shownList, toBackUp, toDrop } from "../handlers/backups.ts";
import { asRestored, restored, toNewGuest, toRestore } from "../handlers/restoring.ts";
import { contentOf, removing, volumeUnits } from "../handlers/stored-volumes.ts";
import { destroy, type Options, read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const fields = "volid vmid ctime size format notes protected verification encrypted";

/** What vzdump takes for one guest; PVE wants a storage beside notes and protection, and that is looked up. */
const tuning =
  "mode compress remove bwlimit ionice lockwait pigz zstd fleecing performance mailto mailnotification " +
  "notification-mode quiet stdexcludes exclude-path stopwait tmpdir dumpdir script pbs-change-detection-mode";

const restoring: Options = {
  takes: ["unique", "start", "bwlimit", "pool", "live-restore"],
  show: ["unique"],
  also: ["POST /nodes/{node}/lxc"],
  present: asRestored,
};
const typeOf = ["===", "vm", "lxc", "qemu", "ct"] as const;
const archive = "volume id or file name of a backup";

export const backupTools = [
  tool("proxmox_backup", "Backups: of guests, and restoring them", {
    create: write("POST /nodes/{node}/vzdump", {
      guest: true,
      takes: ["vmid", "storage", ...tuning.split(" ")],
      own: { "notes-template?": "string", "protected?": "boolean" },
      unlisted: ["notes-template", "protected"],
      show: ["storage", "mode"],
      spellings: { compress: { none: "0" } },
      instead: {
        "prune-backups":
          "a backup removes others by its storage's own retention alone; proxmox_storage_content action=prune takes one",
        all: "this backs up one guest; proxmox_cluster_backup_job backs up many",
        exclude: "this backs up one guest; proxmox_cluster_backup_job backs up many",
      },
      compose: toBackUp,
      present: made,
      fields,
      units: volumeUnits,
      done: "{guest} was backed up to {storage}",
    }),
    list: read(contentOf, {
      takes: [],
      optional: ["storage"],
      own: { "vmid?": "guest-name" },
      perform: listed,
      present: shownList,
      fields,
      units: volumeUnits,
    }),
    restore: write("POST /nodes/{node}/qemu", {
      ...restoring,
      own: { archive: "string", "vmid?": "pve-vmid", "storage?": "pve-storage-id", "type?": typeOf },
      unlisted: ["type"],
      hints: { archive },
      instead: { force: "action=restore_over replaces a guest that is there" },
      compose: toNewGuest,
      perform: restored({}),
      done: "Guest {vmid} was restored from {archive} on {node}",
    }),
    restore_over: destroy("POST /nodes/{node}/qemu", {
      ...restoring,
      guest: true,
      own: { archive: "string", "storage?": "pve-storage-id" },
      compose: toRestore,
      perform: restored({ force: true }),
      done: "{guest} was replaced by what {archive} holds",
    }),
    delete: destroy("DELETE /nodes/{node}/storage/{storage}/content/{volume}", {
      ...removing,
      compose: toDrop,
      done: "Backup {volume} was deleted from {storage}",
    }),
  }),
];
