// The storages of the cluster: their definitions and how full they are.
import { destroy, type Ground, type Present, read, write } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { tool } from "../toolkit/tool.ts";
import { rowIn, rowsIn } from "./rows.ts";

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

/** What each type can't do without; PVE names one of them at a time. */
const needed: Readonly<Record<string, readonly string[]>> = {
  btrfs: ["path"],
  cifs: ["server", "share"],
  dir: ["path"],
  esxi: ["server", "username", "password"],
  iscsi: ["portal", "target"],
  iscsidirect: ["portal", "target"],
  lvm: ["vgname"],
  lvmthin: ["vgname", "thinpool"],
  nfs: ["server", "export"],
  pbs: ["server", "datastore"],
  zfs: ["portal", "target", "pool", "blocksize", "iscsiprovider"],
  zfspool: ["pool"],
};

function created({ values }: Ground) {
  const type = String(values.type);
  if (type === "glusterfs") {
    throw new Refusal("type glusterfs is gone in PVE 9: mount the volume on the nodes and use type=dir with its path");
  }
  const missing = (needed[type] ?? []).filter((name) => values[name] === undefined);
  if (missing.length > 0) throw new Refusal(...missing.map((name) => `${name} is missing: type ${type} needs it`));
  return { type };
}

/** Usage, and which storages can't be used though they are enabled: their figures are zeros. */
const usage: Present = (data, { values }) => {
  const rows = rowsIn(data);
  const away = rows.filter(({ active, enabled }) => Number(enabled ?? 1) === 1 && Number(active) === 0);
  const names = away.map(({ storage }) => storage).join(", ");
  const sorted = [...rows].sort((a, b) => String(a.storage).localeCompare(String(b.storage)));
  return {
    rows: sorted,
    ...(away.length > 0 ? { notes: [`Not active on ${values.node} (it can't be reached there): ${names}`] } : {}),
  };
};

export const storageTools = [
  tool("proxmox_storage_config", "Storages: definitions, for the whole cluster", {
    list: read("GET /storage", { done: "{count} storages", fields: definition, units }),
    get: read(one, { done: "Storage {storage}", units }),
    cluster_usage: read("GET /nodes/{node}/storage", {
      show: ["content"],
      done: "{count} storages of node {node}",
      fields: "storage type active enabled shared used total avail used_fraction content",
      present: usage,
      units,
    }),
    create: write("POST /storage", {
      own: { type: "string" },
      names: { "fs-name": "fsname" },
      show: ["content", "path", "server", "export", "share", "pool", "vgname", "thinpool", "nodes"],
      hints: { type: "dir, nfs, cifs, pbs, lvmthin, zfspool, …", content: "such as images,iso,backup" },
      instead: { maxfiles },
      compose: created,
      present: async (_, { read: ask, values }) => ({
        record: rowIn((await ask(one, { storage: values.storage ?? "" })).data),
      }),
      units,
      done: "Storage {storage} was created",
    }),
    update: write("PUT /storage/{storage}", {
      names: { "fs-name": "fsname" },
      show: ["content", "nodes", "disable", "prune-backups", "delete"],
      instead: { maxfiles, ...Object.fromEntries(forever.map((name) => [name, fixed])) },
      replaces: one,
      present: () => ({ record: {} }),
      done: "Storage {storage} was changed",
    }),
    delete: destroy("DELETE /storage/{storage}", {
      replaces: one,
      done: "The definition of storage {storage} was deleted; what is stored there stays",
    }),
  }),
];
