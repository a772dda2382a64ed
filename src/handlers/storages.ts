// Owns what a type of storage can't do without, and what its usage doesn't say.
import type { Ground, Present } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { placeOf, rowIn, rowsIn } from "./rows.ts";

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

/** @throws Refusal that names all that its type lacks */
export function created({ values }: Ground) {
  const type = String(values.type);
  if (type === "glusterfs") {
    throw new Refusal("type glusterfs is gone in PVE 9: mount the volume on the nodes and use type=dir with its path");
  }
  const missing = (needed[type] ?? []).filter((name) => values[name] === undefined);
  if (missing.length > 0) throw new Refusal(...missing.map((name) => `${name} is missing: type ${type} needs it`));
  return { type };
}

/** Usage, and which storages can't be used though they are enabled: their figures are zeros. */
export const usage: Present = (data, { values }) => {
  const rows = rowsIn(data);
  const away = rows.filter(({ active, enabled }) => Number(enabled ?? 1) === 1 && Number(active) === 0);
  const names = away.map(({ storage }) => storage).join(", ");
  const sorted = [...rows].sort((a, b) => String(a.storage).localeCompare(String(b.storage)));
  return {
    rows: sorted,
    ...(away.length > 0 ? { notes: [`Not active on ${values.node} (it can't be reached there): ${names}`] } : {}),
  };
};

/** The definition as PVE has it now. */
export const defined: Present = async (data, ground) => {
  const record = rowIn((await ground.read("GET /storage/{storage}", placeOf(ground, "storage"))).data);
  const notes = keyMade(data, ground);
  return { record, ...(notes.length > 0 && { notes }) };
};

/** A key that PVE made comes with its answer, and is kept from ours. */
function keyMade(data: unknown, { values }: Ground): string[] {
  if (values["encryption-key"] !== "autogen" && rowIn(rowIn(data).config)["encryption-key"] === undefined) return [];
  const file = `/etc/pve/priv/storage/${values.storage}.enc`;
  return [`PVE made an encryption key, ${file} on the nodes: keep a copy elsewhere, no backup can be read without it.`];
}

/** What PVE keeps beside the definition and never shows. */
const hidden = ["password", "keyring", "encryption-key", "master-pubkey"];

/** What the comparison of before and after can't tell of a change. */
export const changed: Present = (data, ground) => {
  const { values } = ground;
  const given = Object.keys(values).filter((name) => name !== "storage" && name !== "digest");
  const unseen = given.filter((name) => hidden.includes(name)).join(", ");
  return {
    record: {},
    ...(given.length === 0 && { summary: `Nothing was given to change: storage ${values.storage} stands as it was` }),
    notes: [
      ...(unseen !== "" ? [`PVE took ${unseen} and never shows it, so it is not among the changes.`] : []),
      ...keyMade(data, ground),
    ],
  };
};
