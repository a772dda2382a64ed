// Owns what is checked before a volume grows or moves, and what is told of it afterwards.
import type { Ground, Options, Present } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { configBefore, configOf, type GuestConfig, keyIn } from "./guest-config.ts";
import { resized, sizeIn } from "./size.ts";

const isVolume = (key: string) => /^(?:(?:scsi|virtio|sata|ide|mp|unused)\d+|rootfs|efidisk0|tpmstate0)$/.test(key);

/** The disk that is meant; a disk that isn't there would fail in PVE's task alone (facts 28). */
function existing(config: GuestConfig, disk: string): string {
  const text = config[disk];
  if (text !== undefined) return text;
  const there = Object.keys(config).filter(isVolume).sort();
  throw new Refusal(`disk ${disk} does not exist; this guest has ${there.length > 0 ? there.join(", ") : "no disks"}`);
}

/** PVE would start a task that fails for a size below the present one, or below nothing when the unit is left out. */
export async function larger(ground: Ground) {
  const { disk, size } = ground.values;
  const now = keyIn(existing(await configBefore(ground), String(disk)), "size");
  const { text, adds, gibibytes } = resized(size);
  if (adds && gibibytes === 0) throw new Refusal(`size ${size}: that adds nothing`);
  if (adds || now === undefined || gibibytes >= sizeIn("g", now)) return { size: text };
  throw new Refusal(
    `size ${size}: ${disk} has ${now}, and a disk can only grow; +${size} makes it larger by that much`,
  );
}

export const sizeAfter: Present = async (_, ground) => {
  const disk = String(ground.values.disk);
  const size = keyIn((await configOf(ground))[disk], "size");
  const isSame = size !== undefined && size === keyIn((await configBefore(ground))[disk], "size");
  return { record: { disk, size }, ...(isSame && { summary: `Disk ${disk} has ${size} as before` }) };
};

/** PVE calls a container's disk `volume` here. */
export const namedDisk: NonNullable<Options["resolve"]> = async ({ values }) => ({
  disk: values.disk ?? values.volume ?? "",
});

export async function moved(ground: Ground) {
  const { disk, volume, storage } = ground.values;
  existing(await configBefore(ground), String(disk));
  return { storage, disk: volume === undefined ? disk : undefined };
}

/** Where the volume is now, and what became of the one that it was copied from. */
export const placeAfter: Present = async (_, ground) => {
  const [before, after] = [ground.before ?? {}, await configOf(ground)];
  const disk = String(ground.values.disk);
  const left = Object.entries(after).filter(([key]) => key.startsWith("unused") && before[key] === undefined);
  const notes = left.map(
    ([key, volume]) => `The volume that it was copied from still exists as ${key} (${volume}); delete=true deletes it.`,
  );
  return { record: { disk, volume: after[disk] }, ...(notes.length > 0 ? { notes } : {}) };
};
