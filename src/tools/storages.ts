// The storages of the cluster: their definitions and how full they are.
import { changed, created, defined, usage } from "../handlers/storages.ts";
import { destroy, read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const one = "GET /storage/{storage}";
/** The flag, not the memory that other answers of PVE call so. */
const units = { shared: "plain" } as const;
const definition =
  "storage type content path server export share datastore pool vgname thinpool portal target monhost fs-name username " +
  "namespace nodes shared disable prune-backups";

const maxfiles = "use prune-backups, such as keep-last=3";
const fixed =
  "it is fixed when the storage is created: delete the definition (what is stored stays) and create it anew";

/** What is given with a storage's creation and can't be changed. */
const forever = ["type", "path", "export", "share", "vgname", "thinpool", "portal", "target", "datastore", "base"];

export const storageTools = [
  tool("proxmox_storage_config", "Storages: definitions, for the whole cluster", {
    list: read("GET /storage", { done: "{count} storages", fields: definition, units }),
    get: read(one, { done: "Storage {storage}", units }),
    cluster_usage: read("GET /nodes/{node}/storage", {
      done: "{count} storages of node {node}",
      fields: "storage type active enabled shared used total avail used_fraction content",
      present: usage,
      units,
    }),
    create: write("POST /storage", {
      own: { type: "string" },
      names: { "fs-name": "fsname" },
      show: ["content", "path", "server", "export", "vgname", "thinpool", "nodes"],
      hints: { type: "dir, nfs, pbs, …" },
      instead: { maxfiles },
      compose: created,
      present: defined,
      units,
      done: "Storage {storage} was created",
    }),
    update: write("PUT /storage/{storage}", {
      names: { "fs-name": "fsname" },
      show: ["content", "nodes", "prune-backups", "disable"],
      instead: { maxfiles, ...Object.fromEntries(forever.map((name) => [name, fixed])) },
      replaces: one,
      present: changed,
      units,
      done: "Storage {storage} was changed",
    }),
    delete: destroy("DELETE /storage/{storage}", {
      replaces: one,
      units,
      done: "The definition of storage {storage} was deleted; what is stored there stays",
    }),
  }),
];
