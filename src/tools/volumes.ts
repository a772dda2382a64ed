// The volumes of guests: growing one, moving one to another storage.
import { type Ground, type Present, write } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { tool } from "../toolkit/tool.ts";
import { configBefore, configOf, type GuestConfig, keyIn, standingConfig } from "./guest-config.ts";
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
async function larger(ground: Ground) {
  const { disk, size } = ground.values;
  const now = keyIn(existing(await configBefore(ground), String(disk)), "size");
  const { text, adds, gibibytes } = resized(size);
  if (adds || now === undefined || gibibytes >= sizeIn("g", now)) return { size: text };
  throw new Refusal(
    `size ${size}: ${disk} has ${now}, and a disk can only grow; +${size} makes it larger by that much`,
  );
}

const sizeAfter: Present = async (_, ground) => {
  const disk = String(ground.values.disk);
  return { record: { disk, size: keyIn((await configOf(ground))[disk], "size") } };
};

const diskOf = ({ values }: Ground) => String(values.disk ?? values.volume);

async function moved(ground: Ground) {
  existing(await configBefore(ground), diskOf(ground));
  return { storage: ground.values.storage };
}

/** Where the volume is now, and what became of the one that it was copied from. */
const placeAfter: Present = async (_, ground) => {
  const [before, after] = [ground.before ?? {}, await configOf(ground)];
  const disk = diskOf(ground);
  const left = Object.entries(after).filter(([key]) => key.startsWith("unused") && before[key] === undefined);
  const notes = left.map(
    ([key, volume]) => `The volume that it was copied from still exists as ${key} (${volume}); delete=true deletes it.`,
  );
  return { record: { disk, volume: after[disk] }, ...(notes.length > 0 ? { notes } : {}) };
};

export const volumeTools = [
  tool(
    "proxmox_guest_disk_resize",
    "Grow a guest's disk",
    write("PUT /nodes/{node}/{type}/{vmid}/resize", {
      own: { size: "size-change" },
      hints: { disk: "such as scsi0, rootfs", size: "10G: to, +10G: by" },
      replaces: standingConfig,
      compose: larger,
      present: sizeAfter,
      done: "Disk {disk} of {guest} was grown",
    }),
  ),
  tool(
    "proxmox_guest_disk_move",
    "Move a guest's disk to another storage",
    write("POST /nodes/{node}/{type}/{vmid}/move_disk|move_volume", {
      takes: ["disk", "volume", "delete", "format", "bwlimit", "digest"],
      names: { volume: "disk" },
      own: { storage: "pve-storage-id" },
      show: ["delete"],
      hints: { disk: "such as scsi0, rootfs", delete: "the old volume" },
      replaces: standingConfig,
      compose: moved,
      present: placeAfter,
      done: "Disk {disk}{volume} of {guest} was moved",
    }),
  ),
];
