// What is on a storage: volumes, ISOs, templates, backups; files brought there, and what goes.
import { pruned, prunedRows, spans, toKeep } from "../handlers/pruning.ts";
import { contentOf, newestFirst, removing, volumeFields, volumeUnits } from "../handlers/stored-volumes.ts";
import { brought, toDownload, toUpload, uploaded } from "../handlers/uploads.ts";
import { destroy, read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const content = { "content?": ["===", "iso", "vztmpl", "import", "backup"] } as const;
const choices = { content: ["iso", "vztmpl", "import"] };

export const contentTools = [
  tool("proxmox_storage_content", "Storage content: volumes, ISOs, templates, backups", {
    list: read(contentOf, {
      show: ["content", "vmid"],
      hints: { content: "iso, vztmpl, import, backup, images, rootdir, snippets", volume: "such as local:iso/a.iso" },
      done: "{count} volumes on {storage} of {node}",
      present: (data) => ({ rows: newestFirst(data) }),
      fields: volumeFields,
      units: volumeUnits,
    }),
    list_templates: read(contentOf, {
      takes: [],
      fixed: { content: "vztmpl" },
      done: "{count} container templates on {storage} of {node}",
      present: (data) => ({ rows: newestFirst(data) }),
      fields: "volid size format ctime",
      units: volumeUnits,
    }),
    upload: write("POST /nodes/{node}/storage/{storage}/upload", {
      takes: ["filename", "checksum", "checksum-algorithm"],
      own: content,
      choices,
      hints: { filename: "upload: a file in PROXMOX_UPLOAD_DIR" },
      compose: toUpload,
      perform: uploaded,
      present: brought,
      fields: volumeFields,
      units: volumeUnits,
      done: "{filename} was uploaded to {storage}",
    }),
    download_url: write("POST /nodes/{node}/storage/{storage}/download-url", {
      optional: ["filename"],
      own: content,
      choices,
      show: ["filename"],
      compose: toDownload,
      present: brought,
      fields: volumeFields,
      units: volumeUnits,
      done: "{filename} was downloaded to {storage}",
    }),
    delete: destroy("DELETE /nodes/{node}/storage/{storage}/content/{volume}", removing),
    prune: destroy("DELETE /nodes/{node}/storage/{storage}/prunebackups", {
      own: { ...Object.fromEntries(spans.map((name) => [`${name}?`, "integer>=0"])), "dry-run?": "boolean" },
      unlisted: spans.filter((name) => name !== "keep-last"),
      show: ["vmid"],
      spellings: { type: { vm: "qemu", ct: "lxc" } },
      compose: toKeep,
      perform: pruned,
      present: prunedRows,
      fields: "mark volid vmid ctime type",
      units: volumeUnits,
    }),
  }),
];
