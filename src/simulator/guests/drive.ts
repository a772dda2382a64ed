// A VM's drives as they are set: an allocation ("local-lvm:50"), a CD-ROM, a cloud-init image, or a volume that exists.
import type { Cluster } from "../engine/cluster.ts";
import { failure } from "../engine/error.ts";
import type { Guest, Volume } from "../engine/state.ts";
import { type Properties, readProperties, writeProperties } from "./properties.ts";
import { gibibyte, mebibyte, readSize, writeSize } from "./size.ts";
import { allocate, allocationLog, findVolume, isFileBased, storageFor, storageOf, volumePath } from "./volumes.ts";

export type Log = (...lines: string[]) => void;

/** `STORAGE:SIZE` in GiB: a volume is to be made. */
const allocation = /^([a-z][a-z0-9\-_.]*[a-z0-9]):(\d+(?:\.\d+)?)$/i;

export function isCdrom(text: string): boolean {
  return /(?:^|,)media=cdrom(?:,|$)/.test(text) && !text.includes("cloudinit");
}

export function driveFile(text: string): string {
  return readProperties(text, "file").file ?? "";
}

/** The storage that a drive's value names, for the checks before the work begins. */
export function storageNamed(text: string): string | undefined {
  const file = driveFile(text);
  return file === "none" || file === "cdrom" || file.startsWith("/") || !file.includes(":")
    ? undefined
    : storageOf(file);
}

/** The value as it will stand in the config; makes the volume where one is asked for. */
export function settleDrive(cluster: Cluster, guest: Guest, name: string, text: string, log: Log): string {
  const { file = "", format, size: _, "import-from": source, ...rest } = readProperties(text, "file");
  const wanted = allocation.exec(file);
  if (wanted !== null)
    return newDrive(
      cluster,
      guest,
      name,
      { storage: wanted[1] ?? "", gigabytes: Number(wanted[2]), format, source, rest },
      log,
    );
  if (/:cloudinit$/.test(file)) return cloudInit(cluster, guest, file, rest, log);
  if (file === "none" || file === "cdrom" || file.startsWith("/")) return writeProperties({ ...rest, file }, "file");
  const volume = findVolume(cluster, guest.node, file);
  if (volume === undefined) throw failure(`volume '${file}' does not exist`);
  return writeProperties({ ...rest, file, size: writeSize(volume.size) }, "file");
}

interface NewDrive {
  storage: string;
  gigabytes: number;
  format: string | undefined;
  source: string | undefined;
  rest: Properties;
}

/** The vars of OVMF and a TPM's state have sizes of their own; block storages give no less than 4 MiB. */
function fixedSize(name: string, rest: Properties, fileBased: boolean): number | undefined {
  if (name !== "efidisk0" && name !== "tpmstate0") return undefined;
  if (name === "tpmstate0" || !fileBased) return 4 * mebibyte;
  return (rest.efitype === "4m" ? 528 : 128) * 1024;
}

function newDrive(cluster: Cluster, guest: Guest, name: string, wanted: NewDrive, log: Log): string {
  const storage = storageFor(cluster, guest.node, wanted.storage, "images");
  const source = wanted.source === undefined ? undefined : findVolume(cluster, guest.node, wanted.source);
  if (wanted.source !== undefined && source === undefined) throw failure(`volume '${wanted.source}' does not exist`);
  const size =
    fixedSize(name, wanted.rest, isFileBased(storage)) ?? source?.size ?? Math.round(wanted.gigabytes * gibibyte);
  const volume = allocate(cluster, {
    storage,
    node: guest.node,
    vmid: guest.vmid,
    type: "qemu",
    size,
    ...(wanted.format === undefined ? {} : { format: wanted.format }),
  });
  if (source !== undefined) volume.system = true;
  log(...allocationLog(storage, volume));
  const value = writeProperties({ ...wanted.rest, file: volume.volid, size: writeSize(size) }, "file");
  log(`${name}: successfully created disk '${value}'`);
  return value;
}

function cloudInit(cluster: Cluster, guest: Guest, file: string, rest: Properties, log: Log): string {
  const storage = storageFor(cluster, guest.node, storageOf(file), "images");
  const format = isFileBased(storage) ? "qcow2" : "raw";
  const size = 4 * mebibyte;
  const there = cluster.state.volumes.find(
    (volume) => volume.storage === storage.storage && volume.volid.includes(`vm-${guest.vmid}-cloudinit`),
  );
  const volume =
    there ??
    allocate(cluster, { storage, node: guest.node, vmid: guest.vmid, type: "qemu", size, format, name: "cloudinit" });
  if (there === undefined) log(...allocationLog(storage, volume));
  return writeProperties(
    { ...rest, file: volume.volid, media: "cdrom", ...(isFileBased(storage) ? {} : { size: "4M" }) },
    "file",
  );
}

function baseResize({ format }: Volume, path: string, size: number): string {
  const preallocation = format === "qcow2" ? "metadata" : "off";
  return `command '/usr/bin/qemu-img resize '--preallocation=${preallocation}' -f ${format} ${path} ${size}' failed: exit code 1`;
}

/** A drive of another size: the volume grows, the config says so. Throws what the resize task ends with. */
export function resizedDrive(cluster: Cluster, guest: Guest, text: string, wanted: string, lead: string): string {
  const properties = readProperties(text, lead);
  const volume = findVolume(cluster, guest.node, properties[lead] ?? "");
  if (volume === undefined) throw failure(`volume '${properties[lead] ?? ""}' does not exist`);
  const step = readSize(wanted.replace(/^\+/, "")) ?? 0;
  const size = wanted.startsWith("+") ? volume.size + step : step;
  if (size < volume.size) throw failure("shrinking disks is not supported");
  // a base image is read-only
  if (volume.volid.includes("/base-"))
    throw failure(baseResize(volume, volumePath(cluster.storage(volume.storage), volume.volid), size));
  volume.size = size;
  return writeProperties({ ...properties, size: writeSize(size) }, lead);
}
