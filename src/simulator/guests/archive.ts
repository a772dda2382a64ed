// Backup archives: their names, and the config that they hold as text.
import type { Cluster } from "../engine/cluster.ts";
import { failure } from "../engine/error.ts";
import type { Backup, Guest, GuestType, Storage, Volume } from "../engine/state.ts";
import { disksOf } from "./copy.ts";
import { isUnused } from "./options.ts";
import { readProperties } from "./properties.ts";
import { findVolume } from "./volumes.ts";

const endings: Readonly<Record<string, string>> = { zstd: ".zst", gzip: ".gz", "1": ".lzo", lzo: ".lzo" };

const two = (value: number) => String(value).padStart(2, "0");

/** `2026_11_24-14_10_07` of milliseconds since 1970. */
function nameTime(now: number): string {
  const date = new Date(now);
  const day = [date.getUTCFullYear(), two(date.getUTCMonth() + 1), two(date.getUTCDate())].join("_");
  return `${day}-${[date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join("_")}`;
}

/** `2026-11-24 14:10:07` */
export function logTime(now: number): string {
  return new Date(now).toISOString().slice(0, 19).replace("T", " ");
}

/** The name and format that an archive gets on a storage. */
export function archiveName(
  storage: Storage,
  guest: Pick<Guest, "type" | "vmid">,
  now: number,
  compress: string | undefined,
): { volid: string; format: string } {
  const isVm = guest.type === "qemu";
  if (storage.type === "pbs") {
    const time = `${new Date(now).toISOString().slice(0, 19)}Z`;
    const kind = isVm ? "vm" : "ct";
    return { volid: `${storage.storage}:backup/${kind}/${guest.vmid}/${time}`, format: `pbs-${kind}` };
  }
  const format = `${isVm ? "vma" : "tar"}${endings[compress ?? "0"] ?? ""}`;
  const name = `vzdump-${guest.type}-${guest.vmid}-${nameTime(now)}.${format}`;
  return { volid: `${storage.storage}:backup/${name}`, format };
}

/** What a backup of the guest as it is would hold; drives with `backup=0` are left out. */
export function backupOf(cluster: Cluster, guest: Guest): Backup {
  const entries = Object.entries(guest.config.values).filter(
    ([name]) => !/^(?:lock|parent|snaptime|vmstate)$/.test(name) && !isUnused(name),
  );
  const disks = disksOf(cluster, guest, guest.config.values)
    .filter(({ name, properties }) => isIncluded(guest.type, name, properties.backup))
    .map(({ name, volume }) => [name, heldDisk(volume)] as const);
  return { type: guest.type, values: Object.fromEntries(entries), disks: Object.fromEntries(disks) };
}

function heldDisk({ size, storage, format, system }: Volume): Backup["disks"][string] {
  return { size, storage, format, ...(system === true ? { system } : {}) };
}

/** A VM's drives are in unless they say no; of a container's mount points only those that say yes. */
export function isIncluded(type: GuestType, name: string, backup: string | undefined): boolean {
  return type === "qemu" || name === "rootfs" ? backup !== "0" : backup === "1";
}

/** The config inside an archive, as extractconfig gives it. */
export function archiveText({ type, values, disks }: Backup): string {
  const { description, ...rest } = values;
  const comments = (description ?? "").split("\n").filter((line, index, all) => line !== "" || index < all.length - 1);
  const lines = Object.entries(rest)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}: ${value}`);
  const maps = type === "qemu" ? Object.entries(disks).map(([name, disk]) => mapLine(name, disk)) : [];
  return [...comments.map((line) => `#${line}`), ...lines, ...maps].map((line) => `${line}\n`).join("");
}

function mapLine(name: string, { storage, format }: Backup["disks"][string]): string {
  return `#qmdump#map:${name}:drive-${name}:${storage}:${format}:`;
}

/** The archive of a volume id, or what PVE dies with. */
export function archiveOf(cluster: Cluster, node: string, volid: string): Volume & { backup: Backup } {
  const volume = findVolume(cluster, node, volid);
  if (volume === undefined) throw failure(`volume '${volid}' does not exist`);
  if (volume.backup === undefined) throw failure(`unable to get backup type of '${volid}'`);
  return { ...volume, backup: volume.backup };
}

/** The mount path of a container's volume, as logs name it. */
export function mountPath(name: string, value: string): string {
  return name === "rootfs" ? "/" : (readProperties(value, "volume").mp ?? "");
}
