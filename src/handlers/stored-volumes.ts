// Owns how volumes on storages are listed, and how one is deleted: found before, gone afterwards.
import { PveError } from "../pve/errors.ts";
import type { Row } from "../toolkit/answer.ts";
import type { Ground, Options, Present } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { placeOf, rowsIn } from "./rows.ts";

export const contentOf = "GET /nodes/{node}/storage/{storage}/content";
const volumeAt = "GET /nodes/{node}/storage/{storage}/content/{volume}";

/** What is shown of a volume. */
export const volumeFields = "volid content vmid size used format ctime notes protected verification encrypted parent";
export const volumeUnits = { size: "bytes", used: "bytes", ctime: "moment" } as const;

/** PVE's rows, the newest first; of a verification its state. */
export function newestFirst(data: unknown): Row[] {
  return rowsIn(data)
    .map((row) => (isRow(row.verification) ? { ...row, verification: row.verification.state } : row))
    .sort((one, other) => Number(other.ctime ?? 0) - Number(one.ctime ?? 0));
}

/** The storage that a volume id names, or the one that the call names. @throws Refusal */
function storageIn({ values }: Ground): string {
  const [, prefix] = /^([^:/]+):/.exec(String(values.volume)) ?? [];
  const storage = values.storage ?? prefix;
  if (storage === undefined) throw new Refusal("storage is missing: give it, or the volume as storage:name");
  return String(storage);
}

/** Whether a volume is there; undefined where PVE doesn't let us see. */
async function isThere(ground: Ground, storage: string): Promise<boolean | undefined> {
  try {
    await ground.read(volumeAt, { ...placeOf(ground, "node", "volume"), storage });
    return true;
  } catch (error) {
    if (!(error instanceof PveError)) throw error;
    if (error.kind === "forbidden") return undefined;
    // PVE's words for a volume that isn't there are about its format
    if (/no format|does not exist|no such/i.test(error.sentence) && !/^storage /.test(error.sentence)) return false;
    throw error;
  }
}

/** PVE's task ends OK on a volume that isn't there (facts 28), so it is looked for first. */
export async function toRemove(ground: Ground) {
  const storage = storageIn(ground);
  if ((await isThere(ground, storage)) !== false) return { storage };
  throw new Refusal(`volume ${ground.values.volume} does not exist on storage ${storage} of ${ground.values.node}`);
}

const goneAfter: Present = async (_, ground) => {
  const still = await isThere(ground, storageIn(ground));
  if (still !== true) return {};
  const summary = `PVE's task ended well, and volume ${ground.values.volume} is still there`;
  return { outcome: "error", kind: "refused", summary };
};

/** What a line that deletes a volume for good is made of. */
export const removing: Options = {
  optional: ["storage"],
  compose: toRemove,
  present: goneAfter,
  done: "Volume {volume} was deleted from {storage}",
};
