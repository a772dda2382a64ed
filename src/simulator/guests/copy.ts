// Copies of volumes: what a storage can do, full and linked copies, moving between nodes and storages.
import type { Cluster } from "../engine/cluster.ts";
import { failure } from "../engine/error.ts";
import type { Guest, Volume } from "../engine/state.ts";
import { isCdrom } from "./drive.ts";
import { isVolumeOption } from "./options.ts";
import { type Properties, readProperties, writeProperties } from "./properties.ts";
import { shownSize, writeSize } from "./size.ts";
import { allocate, allocationLog, findVolume, isShared, storageFor } from "./volumes.ts";

export interface Disk {
  /** `scsi0`, `rootfs`. */
  name: string;
  properties: Properties;
  volume: Volume;
}

export const leadOf = (guest: Pick<Guest, "type">) => (guest.type === "qemu" ? "file" : "volume");

/** The guest's own volumes in these values; CD-ROMs and bind mounts aside. */
export function disksOf(cluster: Cluster, guest: Guest, values: Readonly<Record<string, string>>): Disk[] {
  const lead = leadOf(guest);
  return Object.entries(values).flatMap(([name, value]) => {
    if (!isVolumeOption(guest.type, name) || isCdrom(value)) return [];
    const properties = readProperties(value, lead);
    const volume = findVolume(cluster, guest.node, properties[lead] ?? "");
    return volume === undefined ? [] : [{ name, properties, volume }];
  });
}

/** Storages with snapshots of their own, and images that hold them. */
export function canSnapshot(cluster: Cluster, volume: Volume): boolean {
  const { type } = cluster.storage(volume.storage);
  return volume.format === "qcow2" || ["lvmthin", "zfspool", "rbd", "btrfs", "cephfs"].includes(type);
}

export function onSharedStorage(cluster: Cluster, volume: Volume): boolean {
  return isShared(cluster.storage(volume.storage));
}

export interface CopyTarget {
  vmid: number;
  node: string;
  type: Guest["type"];
  storage?: string;
  format?: string;
}

/** Log lines before and after the copying, which takes time. */
export interface Copied {
  value: string;
  volume: Volume;
  log: string[];
}

/** A full copy: a volume of the same size on the target's storage. */
export function fullCopy(cluster: Cluster, disk: Disk, target: CopyTarget): Copied {
  const { volume, name } = disk;
  const content = target.type === "qemu" ? "images" : "rootdir";
  const storage = storageFor(cluster, target.node, target.storage ?? volume.storage, content);
  const format = target.format ?? volume.format;
  const copy = allocate(cluster, {
    storage,
    node: target.node,
    vmid: target.vmid,
    type: target.type,
    size: volume.size,
    format,
  });
  if (volume.system === true) copy.system = true;
  const lead = leadOf(target);
  const value = writeProperties({ ...disk.properties, [lead]: copy.volid, size: writeSize(volume.size) }, lead);
  const what = target.type === "qemu" ? "drive" : "mountpoint";
  return {
    value,
    volume: copy,
    log: [
      `create full clone of ${what} ${name} (${volume.volid})`,
      ...allocationLog(storage, copy),
      ...(target.type === "qemu" ? transferred(volume.size) : []),
    ],
  };
}

function transferred(size: number): string[] {
  const all = shownSize(size);
  return [`transferred 0.0 B of ${all} (0.00%)`, `transferred ${all} of ${all} (100.00%)`];
}

/** A copy that shares a template's base volume: only where the storage and the base are the same. */
export function linkedCopy(cluster: Cluster, disk: Disk, target: CopyTarget): Copied {
  const { volume, name } = disk;
  const storage = cluster.storage(volume.storage);
  const copy = allocate(cluster, {
    storage,
    node: target.node,
    vmid: target.vmid,
    type: target.type,
    size: volume.size,
    format: volume.format,
  });
  copy.parent = volume.volid;
  if (volume.system === true) copy.system = true;
  // a file's linked copy names its base in its own id
  if (volume.volid.includes("/")) copy.volid = `${volume.volid}/${copy.volid.slice(copy.volid.indexOf(":") + 1)}`;
  const lead = leadOf(target);
  const what = target.type === "qemu" ? "drive" : "mount point";
  return {
    value: writeProperties({ ...disk.properties, [lead]: copy.volid, size: writeSize(volume.size) }, lead),
    volume: copy,
    log: [`create linked clone of ${what} ${name} (${volume.volid})`],
  };
}

/** How long a copy takes, ms: a gigabyte in a twentieth of a second, never over eight seconds. */
export function copyTime(volume: Volume): number {
  return Math.min(8000, 400 + (volume.size / 1024 ** 3) * 50);
}

/** Turns a volume into a base: `vm-100-disk-0` → `base-100-disk-0`; returns the value that names it. */
export function toBase(disk: Disk, lead: string): string {
  const { volume } = disk;
  const volid = volume.volid.replace(/vm-(\d+)-disk/, "base-$1-disk");
  if (volid === volume.volid) throw failure(`unable to create base image from '${volid}'`);
  volume.volid = volid;
  return writeProperties({ ...disk.properties, [lead]: volid }, lead);
}
