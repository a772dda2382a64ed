// A container's root and mount points as they are set: an allocation, a bind mount, or a volume that exists.
import type { Cluster } from "../engine/cluster.ts";
import { failure } from "../engine/error.ts";
import type { Guest } from "../engine/state.ts";
import type { Log } from "./drive.ts";
import { readProperties, writeProperties } from "./properties.ts";
import { gibibyte, writeSize } from "./size.ts";
import { allocate, allocationLog, findVolume, storageFor } from "./volumes.ts";

/** The value as it will stand in the config; makes the volume where one is asked for. */
export function settleMount(cluster: Cluster, guest: Guest, text: string, log: Log): string {
  const { volume: given = "", size: _, ...rest } = readProperties(text, "volume");
  if (given.startsWith("/")) return writeProperties({ ...rest, volume: given }, "volume");
  const wanted = /^([a-z][a-z0-9\-_.]*[a-z0-9]):(\d+(?:\.\d+)?)$/i.exec(given);
  if (wanted === null) {
    const there = findVolume(cluster, guest.node, given);
    if (there === undefined) throw failure(`volume '${given}' does not exist`);
    return writeProperties({ ...rest, volume: given, size: writeSize(there.size) }, "volume");
  }
  const storage = storageFor(cluster, guest.node, wanted[1] ?? "", "rootdir");
  const size = Math.round(Number(wanted[2]) * gibibyte);
  const volume = allocate(cluster, { storage, node: guest.node, vmid: guest.vmid, type: "lxc", size });
  log(...allocationLog(storage, volume), ...fileSystemLog(cluster, size));
  return writeProperties({ ...rest, volume: volume.volid, size: writeSize(size) }, "volume");
}

/** What mkfs says. */
export function fileSystemLog(cluster: Cluster, size: number): string[] {
  const blocks = Math.floor(size / 4096);
  const copies = [1, 3, 5, 7, 9, 25, 27].map((group) => group * 32_768).filter((block) => block < blocks);
  return [
    `Creating filesystem with ${blocks} 4k blocks and ${Math.floor(blocks / 4)} inodes`,
    `Filesystem UUID: ${cluster.random.uuid()}`,
    "Superblock backups stored on blocks: ",
    `\t${copies.join(", ")}`,
  ];
}
