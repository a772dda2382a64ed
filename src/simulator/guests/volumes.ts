// Volumes of guests: allocated, looked up, resized, copied and freed on the cluster's storages.
import type { Cluster } from "../engine/cluster.ts";
import { failure } from "../engine/error.ts";
import type { Guest, GuestType, Storage, Volume } from "../engine/state.ts";

/** Kinds of storage that keep volumes as files below a path. */
const fileBased = new Set(["dir", "nfs", "cifs", "btrfs", "cephfs"]);

export function isFileBased(storage: Storage): boolean {
  return fileBased.has(storage.type);
}

export function isShared(storage: Storage): boolean {
  return storage.options.shared === "1" || ["nfs", "cifs", "rbd", "cephfs", "pbs", "iscsi"].includes(storage.type);
}

export function contents(storage: Storage): string[] {
  return (storage.options.content ?? "").split(",").filter((type) => type !== "");
}

export function isOnNode(storage: Storage, node: string): boolean {
  const { nodes } = storage.options;
  return nodes === undefined || nodes.split(",").includes(node);
}

export function storageOf(volid: string): string {
  return volid.slice(0, volid.indexOf(":"));
}

/** The volume as this node sees it. */
export function findVolume(cluster: Cluster, node: string, volid: string): Volume | undefined {
  return cluster.state.volumes.find(
    (volume) => volume.volid === volid && (volume.node === undefined || volume.node === node),
  );
}

/** The storage for a new volume, or what PVE dies with. */
export function storageFor(cluster: Cluster, node: string, id: string, content: string): Storage {
  const storage = cluster.storage(id);
  if (!isOnNode(storage, node)) throw failure(`storage '${id}' is not available on node '${node}'`);
  if (storage.options.disable === "1") throw failure(`storage '${id}' is disabled`);
  if (!contents(storage).includes(content)) throw failure(`storage '${id}' does not support content-type '${content}'`);
  return storage;
}

export interface NewVolume {
  storage: Storage;
  node: string;
  vmid: number;
  type: GuestType;
  /** Bytes. */
  size: number;
  format?: string;
  /** The name's middle part; `disk` with a running number unless told. */
  name?: string;
}

/** The id that PVE would give: `local-lvm:vm-100-disk-0`, `local:100/vm-100-disk-0.qcow2`. */
export function nextVolumeId(cluster: Cluster, wanted: NewVolume): { volid: string; format: string } {
  const { storage, vmid, node } = wanted;
  const format = isFileBased(storage) ? (wanted.format ?? "raw") : "raw";
  const written = (name: string) =>
    isFileBased(storage) ? `${storage.storage}:${vmid}/${name}.${format}` : `${storage.storage}:${name}`;
  if (wanted.name !== undefined) return { volid: written(`vm-${vmid}-${wanted.name}`), format };
  const taken = new Set(
    cluster.state.volumes
      .filter((volume) => volume.storage === storage.storage && (volume.node === undefined || volume.node === node))
      .map((volume) => /(?:vm|base)-(\d+-disk-\d+)/.exec(volume.volid)?.[1]),
  );
  let number = 0;
  while (taken.has(`${vmid}-disk-${number}`)) number += 1;
  return { volid: written(`vm-${vmid}-disk-${number}`), format };
}

export function allocate(cluster: Cluster, wanted: NewVolume): Volume {
  const { storage } = wanted;
  const { volid, format } = nextVolumeId(cluster, wanted);
  if (wanted.size > storage.total) throw failure(noSpace(storage, volid));
  const volume: Volume = {
    volid,
    storage: storage.storage,
    ...(isShared(storage) ? {} : { node: wanted.node }),
    content: wanted.type === "qemu" ? "images" : "rootdir",
    format,
    size: wanted.size,
    ...(isFileBased(storage) ? { used: Math.round(wanted.size * 0.02) } : {}),
    vmid: wanted.vmid,
    ctime: cluster.seconds(),
  };
  cluster.state.volumes.push(volume);
  return volume;
}

function noSpace(storage: Storage, volid: string): string {
  if (storage.type === "lvmthin")
    return `lvcreate '${storage.options.vgname}/${volid.split(":")[1]}' error:   Insufficient free space`;
  const path = volumePath(storage, volid);
  return `unable to create image: qemu-img: ${path}: The image size is too large for file format 'raw'`;
}

/** What the log says when a volume is made. */
export function allocationLog(storage: Storage, volume: Volume): string[] {
  const name = volume.volid.slice(volume.volid.indexOf(":") + 1);
  if (storage.type === "lvmthin") return [`  Logical volume "${name}" created.`];
  if (!isFileBased(storage)) return [];
  const qcow2 = "fmt=qcow2 cluster_size=65536 extended_l2=off preallocation=metadata compression_type=zlib";
  const what =
    volume.format === "qcow2" ? `${qcow2} size=${volume.size} lazy_refcounts=off refcount_bits=16` : undefined;
  return [
    `Formatting '${volumePath(storage, volume.volid)}', ${what ?? `fmt=${volume.format} size=${volume.size} preallocation=off`}`,
  ];
}

/** An image or a container's volume of this guest's. */
export function isOwn(guest: Pick<Guest, "vmid">, volume: Volume): boolean {
  return volume.vmid === guest.vmid && /^(?:images|rootdir)$/.test(volume.content);
}

/** Every place in a guest's config that names a volume names it anew. */
export function renameVolume(guest: Guest, before: string, after: string): void {
  if (before === after) return;
  for (const values of [guest.config.values, guest.config.pending, ...Object.values(guest.config.snapshots)]) {
    for (const [name, text] of Object.entries(values)) {
      if (text === before || text.startsWith(`${before},`)) values[name] = text.replace(before, after);
    }
  }
}

/** A volume without a place gets the first free `unusedN` (facts 40). */
export function addUnused(guest: Guest, volid: string): string {
  let number = 0;
  while (guest.config.values[`unused${number}`] !== undefined) number += 1;
  guest.config.values[`unused${number}`] = volid;
  return `unused${number}`;
}

/** Whether a snapshot holds the volume. */
export function isInSnapshot(guest: Guest, volid: string): boolean {
  return Object.values(guest.config.snapshots).some((values) =>
    Object.values(values).some((text) => text === volid || text.startsWith(`${volid},`)),
  );
}

export function removeVolume(cluster: Cluster, volume: Volume): void {
  const at = cluster.state.volumes.indexOf(volume);
  if (at >= 0) cluster.state.volumes.splice(at, 1);
}

const folders: Readonly<Record<string, string>> = {
  iso: "template/iso",
  vztmpl: "template/cache",
  backup: "dump",
  snippets: "snippets",
  import: "import",
};

/** Where a volume lies on its node. */
export function volumePath(storage: Storage, volid: string): string {
  const name = volid.slice(volid.indexOf(":") + 1);
  if (storage.type === "lvmthin") return `/dev/${storage.options.vgname}/${name}`;
  if (!isFileBased(storage)) return `rbd:${storage.options.pool ?? "rbd"}/${name}`;
  const base = storage.options.path ?? `/mnt/pve/${storage.storage}`;
  const [kind = "", ...rest] = name.split("/");
  const folder = folders[kind];
  return folder === undefined ? `${base}/images/${name}` : `${base}/${folder}/${rest.join("/")}`;
}
