// Owns how backups are made, listed with the jobs that make them, and deleted.
import { PveError } from "../pve/errors.ts";
import type { Ground, Perform, Present } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { backupStorage, storagesFor } from "./archives.ts";
import { givenOf, rowIn, rowsIn } from "./rows.ts";
import { contentOf, newestFirst, toRemove } from "./stored-volumes.ts";

/** Where to, and what PVE takes beside that alone. */
export async function toBackUp(ground: Ground) {
  const storage = ground.values.dumpdir === undefined ? { storage: await backupStorage(ground) } : {};
  return { ...storage, ...givenOf(ground, "notes-template", "protected") };
}

/** The archive as its storage shows it. */
export const made: Present = async (_, { values, read: ask }) => {
  const { node = "", storage, vmid = "" } = values;
  if (storage === undefined) return { summary: `Guest ${vmid} was backed up to ${values.dumpdir} on ${node}` };
  const [newest] = newestFirst((await ask(contentOf, { node, storage, content: "backup", vmid })).data);
  return newest ? { record: newest } : { notes: [`The list of ${storage} shows no backup of it.`] };
};

/** The backups of one storage, or of all of the node's; what one of them can't tell is told. */
export const listed: Perform = async (acting, { node = "", storage }) => {
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

export const shownList: Present = (data, { values }) => {
  const { rows, storages, notes } = rowIn(data);
  const list = rowsIn(rows);
  const where =
    Array.isArray(storages) && storages.length > 0
      ? storages.join(", ")
      : "no storage for backups that the token may see";
  const of = values.vmid === undefined ? "" : ` of guest ${values.vmid}`;
  const told = Array.isArray(notes) ? notes.map(String) : [];
  const summary = `${list.length} backup${list.length === 1 ? "" : "s"}${of} on ${where} of ${values.node}`;
  return { rows: list, summary, ...(told.length > 0 ? { notes: told } : {}) };
};

/** A backup alone is deleted here, and no disk. @throws Refusal */
export async function toDrop(ground: Ground) {
  const { volume } = ground.values;
  if (/(?:^|:)backup\//.test(String(volume))) return toRemove(ground);
  throw new Refusal(`volume ${volume} is no backup: those are storage:backup/…, as action=list shows them`);
}
