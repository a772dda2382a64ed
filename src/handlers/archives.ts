// Owns what is known of backup archives: the storages that hold them, where one lies by its name, and of what kind of guest it is.
import { type GuestType, guestTypeOf } from "../toolkit/arguments.ts";
import type { Ground } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { placeOf, rowsIn } from "./rows.ts";
import { contentOf } from "./stored-volumes.ts";

/** PVE's own default, and the place of backups on a stock installation. */
const usual = "local";

/** The node's enabled storages for a kind of content, by name. */
export async function storagesFor(ground: Ground, content: "backup" | "rootdir"): Promise<string[]> {
  const asked = { ...placeOf(ground, "node"), content, enabled: true };
  return rowsIn((await ground.read("GET /nodes/{node}/storage", asked)).data)
    .map(({ storage }) => String(storage))
    .sort();
}

/** The named one, else the only one, else the preferred; @throws Refusal that lists the candidates */
export function chosen(names: readonly string[], preferred: string | undefined, content: string): string {
  const [only, another] = names;
  if (only !== undefined && another === undefined) return only;
  if (preferred !== undefined && names.includes(preferred)) return preferred;
  throw new Refusal(
    `storage is missing: ${only === undefined ? `the node has none for ${content} that the token may see` : `one of ${names.join(", ")}`}`,
  );
}

/** The storage of a new backup. */
export async function backupStorage(ground: Ground): Promise<string> {
  const { storage } = ground.values;
  return storage === undefined ? chosen(await storagesFor(ground, "backup"), usual, "backups") : String(storage);
}

/** An archive by its volume id, or by its name alone where one storage of the node has it. @throws Refusal */
export async function archiveAt(ground: Ground, given: string): Promise<string> {
  if (/^[^:/]+:./.test(given)) return given;
  const name = given.replace(/^backup\//, "");
  if (/^\/|^-$/.test(name)) throw new Refusal("archive must be a backup on a storage, such as local:backup/vzdump-…");
  const at = placeOf(ground, "node");
  const storages = await storagesFor(ground, "backup");
  const lists = await Promise.all(
    storages.map((storage) =>
      ground.read(contentOf, { ...at, storage, content: "backup" }).catch(() => ({ data: [] })),
    ),
  );
  const volumes = lists.flatMap(({ data }) => rowsIn(data)).map(({ volid }) => String(volid));
  const found = volumes.filter((volid) => volid.endsWith(`:backup/${name}`));
  const [only, another] = found;
  if (only !== undefined && another === undefined) return only;
  throw new Refusal(
    only === undefined
      ? `archive ${JSON.stringify(name)} is on none of ${at.node}'s storages for backups (${storages.join(", ")})`
      : `archive ${JSON.stringify(name)} is on several storages: one of ${found.join(", ")}`,
  );
}

/** The kind of guest in an archive by its name, which has to agree with what the call says. @throws Refusal */
export function typeIn(archive: string, said: unknown): GuestType {
  const [, dump, snapshot] = /\bvzdump-(qemu|lxc)-|:backup\/(vm|ct)\//.exec(archive) ?? [];
  const named = guestTypeOf(dump ?? snapshot);
  const asked = guestTypeOf(said);
  const kind = (type: GuestType) => (type === "lxc" ? "a container" : "a VM");
  if (named && asked && named !== asked)
    throw new Refusal(`type: ${archive} is the backup of ${kind(named)}, not of ${kind(asked)}`);
  const type = named ?? asked;
  if (type) return type;
  throw new Refusal(
    "type is missing: the archive's name doesn't tell whether it is of a VM or of a container; vm or lxc",
  );
}

/** Where a restored container goes when the call names no storage: where it was, if the node still has that. */
export async function containerStorage(ground: Ground, archive: string): Promise<string> {
  const node = ground.values.node ?? "";
  const names = await storagesFor(ground, "rootdir");
  const { data } = await ground.read("GET /nodes/{node}/vzdump/extractconfig", { node, volume: archive });
  const [, before] = /^rootfs: (?:volume=)?([^:,\s]+):/m.exec(String(data)) ?? [];
  return before !== undefined && names.includes(before) ? before : chosen(names, undefined, "containers");
}
