// Backups of guests, and restoring them.
import { PveError } from "../pve/errors.ts";
import { destroy, type Ground, type Options, type Perform, type Present, read, write } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { tool } from "../toolkit/tool.ts";
import { archiveAt, backupStorage, containerStorage, storagesFor, typeIn } from "./archives.ts";
import { givenOf, rowIn, rowsIn } from "./rows.ts";
import { contentOf, newestFirst, removal, volumeUnits } from "./stored-volumes.ts";

const fields = "volid vmid ctime size format notes protected verification encrypted";

/** What vzdump takes for one guest; PVE wants a storage beside notes and protection, and that is looked up. */
const tuning =
  "mode compress remove prune-backups bwlimit ionice lockwait pigz zstd fleecing performance mailto mailnotification " +
  "notification-mode quiet stdexcludes exclude-path stopwait tmpdir dumpdir script pbs-change-detection-mode";

async function toBackUp(ground: Ground) {
  const storage = ground.values.dumpdir === undefined ? { storage: await backupStorage(ground) } : {};
  return { ...storage, ...givenOf(ground, "notes-template", "protected") };
}

/** The archive as its storage shows it. */
const made: Present = async (_, { values, read: ask }) => {
  const { node = "", storage, vmid = "" } = values;
  if (storage === undefined) return {};
  const [newest] = newestFirst((await ask(contentOf, { node, storage, content: "backup", vmid })).data);
  return newest ? { record: newest } : { notes: [`The list of ${storage} shows no backup of it.`] };
};

/** The backups of one storage, or of all of the node's; what one of them can't tell is told. */
const listed: Perform = async (acting, { node = "", storage }) => {
  const ref = acting.values.vmid;
  const vmid =
    ref === undefined ? {} : { vmid: /^\d+$/.test(String(ref)) ? ref : (await acting.find(String(ref))).vmid };
  const storages = storage === undefined ? await storagesFor(acting, "backup") : [String(storage)];
  const notes: string[] = [];
  const lists = await Promise.all(
    storages.map((one) =>
      acting.read(contentOf, { node, storage: one, content: "backup", ...vmid }).catch((error: unknown) => {
        if (!(error instanceof PveError) || storages.length === 1) throw error;
        notes.push(`This list is partial: ${one} can't be read: ${error.sentence}`);
        return { data: [] };
      }),
    ),
  );
  const rows = newestFirst(lists.flatMap(({ data }) => data));
  return { data: { rows, storages, notes: [...notes, ...(await jobs(acting))] } };
};

/** What makes backups by itself, where that may be seen. */
async function jobs({ read: ask }: Ground): Promise<string[]> {
  const { data } = await ask("GET /cluster/backup", {}).catch(() => ({ data: [] }));
  const all = rowsIn(data);
  const told = all.slice(0, 5).map(({ id, schedule, storage, enabled, vmid, pool, exclude, ...job }) => {
    const guests =
      vmid ?? (pool === undefined ? `all${exclude === undefined ? "" : ` but ${exclude}`}` : `pool ${pool}`);
    const next = Number(job["next-run"]);
    const when = Number(enabled ?? 1) === 0 ? ", disabled" : next > 0 ? `, next at ${isoTime(next)}` : "";
    return `Job ${id}: guests ${guests} to ${storage ?? "local"}, ${schedule}${when}.`;
  });
  return all.length > told.length ? [...told, `${all.length - told.length} more jobs.`] : told;
}

const isoTime = (seconds: number) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");

const shownList: Present = (data, { values }) => {
  const { rows, storages, notes } = rowIn(data);
  const list = rowsIn(rows);
  const where = Array.isArray(storages) && storages.length > 0 ? storages.join(", ") : "no storage for backups";
  const of = values.vmid === undefined ? "" : ` of guest ${values.vmid}`;
  const told = Array.isArray(notes) ? notes.map(String) : [];
  const summary = `${list.length} backup${list.length === 1 ? "" : "s"}${of} on ${where} of ${values.node}`;
  return { rows: list, summary, ...(told.length > 0 ? { notes: told } : {}) };
};

/** PVE's parameters of a restored guest: archive and, for a container, a storage that it can be on. */
async function toRestore(ground: Ground) {
  const archive = await archiveAt(ground, String(ground.values.archive));
  const type = typeIn(archive, ground.guest?.type ?? ground.values.type);
  const { storage } = ground.values;
  if (type === "qemu" || storage !== undefined) return { archive, ...(storage === undefined ? {} : { storage }) };
  return { archive, storage: await containerStorage(ground, archive) };
}

async function toNewGuest(ground: Ground) {
  const { vmid } = ground.values;
  const parameters = await toRestore(ground);
  if (vmid === undefined) return { vmid: Number((await ground.read("GET /cluster/nextid", {})).data), ...parameters };
  const there = await ground.find(String(vmid)).catch(() => undefined);
  if (!there) return { vmid, ...parameters };
  throw new Refusal(
    `vmid ${vmid} is in use on ${there.node}: leave it out for the next free one, or action=restore_over replaces that guest`,
  );
}

/** Creates the guest of the archive's kind; PVE calls a container's archive its template. */
const restored =
  (more: Readonly<Record<string, boolean>>): Perform =>
  (acting, values) => {
    const { archive, ...rest } = values;
    return typeIn(String(archive), acting.values.type) === "qemu"
      ? acting.send("POST /nodes/{node}/qemu", { ...values, ...more })
      : acting.send("POST /nodes/{node}/lxc", { ...rest, ostemplate: archive, restore: true, ...more });
  };

const asRestored: Present = async (_, { values, guest, read: ask }) => {
  const { node = "", vmid = "" } = values;
  const type = typeIn(String(values.archive), guest?.type ?? values.type);
  const { data } = await ask(`GET /nodes/{node}/${type}/{vmid}/config`, { node, vmid });
  const kept = Object.entries(rowIn(data)).filter(([key]) => !/^(?:digest|smbios1|vmgenid|meta)$/.test(key));
  return { record: { vmid, node, type: type === "qemu" ? "vm" : "lxc", ...Object.fromEntries(kept) } };
};

const restoring: Options = {
  takes: ["unique", "start", "bwlimit", "pool", "live-restore"],
  show: ["unique", "start"],
  also: ["POST /nodes/{node}/lxc"],
  present: asRestored,
};
const typeOf = ["===", "vm", "lxc", "qemu", "ct"] as const;
const archive = "volume id or file name of a backup";

function isBackup(volume: string): void {
  if (/(?:^|:)backup\//.test(volume)) return;
  throw new Refusal(`volume ${volume} is no backup: those are storage:backup/…, as action=list shows them`);
}

export const backupTools = [
  tool("proxmox_backup", "Backups: of guests, and restoring them", {
    create: write("POST /nodes/{node}/vzdump", {
      guest: true,
      takes: ["vmid", "storage", ...tuning.split(" ")],
      own: { "notes-template?": "string", "protected?": "boolean" },
      unlisted: ["notes-template", "protected"],
      show: ["storage", "mode", "compress"],
      spellings: { compress: { none: "0" } },
      instead: {
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
      choices: { type: ["vm", "lxc"] },
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
    delete: removal(isBackup, { done: "Backup {volume} was deleted from {storage}" }),
  }),
];
