// The content of a storage: volumes listed, read, made and removed.

import { failure } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import type { Storage, Volume } from "../engine/state.ts";
import { readSize } from "../guests/size.ts";
import {
  allocate,
  findVolume,
  isFileBased,
  isOnNode,
  isShared,
  removeVolume,
  storageFor,
  volumePath,
} from "../guests/volumes.ts";

type Row = Record<string, unknown>;

/** The storage as this node has it. */
function here({ cluster, node, params }: Call): Storage {
  const storage = cluster.storage(params.need("storage"));
  if (!isOnNode(storage, node)) throw failure(`storage '${storage.storage}' is not available on node '${node}'`);
  return storage;
}

const guestContent = new Set(["images", "rootdir"]);

function row(volume: Volume): Row {
  const images = guestContent.has(volume.content);
  return {
    content: volume.content,
    ctime: volume.ctime,
    format: volume.format,
    ...(volume.notes === undefined ? {} : { notes: volume.notes }),
    ...(images ? { parent: volume.parent ?? null } : {}),
    ...(volume.protected === true ? { protected: 1 } : {}),
    size: volume.size,
    ...(volume.backup === undefined ? {} : { subtype: volume.backup.type }),
    ...(volume.used === undefined || !images ? {} : { used: volume.used }),
    ...(volume.vmid === undefined ? {} : { vmid: volume.vmid }),
    volid: volume.volid,
  };
}

/** Who may see a volume: the guest's, or the storage's own rights; ISO images and templates are for all who see the storage. */
function visible({ caller }: Call, volume: Volume): boolean {
  if (caller.can(`/storage/${volume.storage}`, ["Datastore.Allocate"])) return true;
  if (["iso", "vztmpl", "import", "snippets"].includes(volume.content)) return true;
  const path = `/vms/${volume.vmid ?? 0}`;
  const wanted = volume.content === "backup" ? ["VM.Backup"] : ["VM.Config.Disk"];
  return (
    volume.vmid !== undefined &&
    (caller.can(path, wanted) || caller.can(`/storage/${volume.storage}`, ["Datastore.Audit"]))
  );
}

function list(call: Call): Row[] {
  const { cluster, node, params } = call;
  const storage = here(call);
  const type = params.text("content");
  const vmid = params.number("vmid");
  return cluster.state.volumes
    .filter((volume) => volume.storage === storage.storage && (isShared(storage) || volume.node === node))
    .filter((volume) => type === undefined || volume.content === type)
    .filter((volume) => vmid === undefined || volume.vmid === vmid)
    .filter((volume) => visible(call, volume))
    .sort((a, b) => a.volid.localeCompare(b.volid))
    .map(row);
}

/** A volume is named with or without its storage (facts 20). */
function volumeId({ params }: Call): string {
  const given = params.need("volume");
  return given.includes(":") ? given : `${params.need("storage")}:${given}`;
}

function one(call: Call): Row {
  const storage = here(call);
  const volid = volumeId(call);
  const volume = findVolume(call.cluster, call.node, volid);
  if (volume === undefined) throw failure(`volume_size_info on '${volid}' failed - no format`);
  return {
    format: guestContent.has(volume.content) ? volume.format : "raw",
    ...(volume.notes === undefined ? {} : { notes: volume.notes }),
    path: volumePath(storage, volid),
    ...(volume.protected === true ? { protected: 1 } : {}),
    size: volume.size,
    used: volume.used ?? volume.size,
  };
}

function create(call: Call): string {
  const { cluster, node, params } = call;
  const storage = storageFor(cluster, node, params.need("storage"), "images");
  const name = params.need("filename");
  const size = (readSize(params.need("size")) ?? 0) * (/[KMGT]$/.test(params.need("size")) ? 1 : 1024);
  const format = params.text("format") ?? /\.(raw|qcow2|vmdk)$/.exec(name)?.[1] ?? "raw";
  const vmid = params.number("vmid") ?? 0;
  const owner = /^(?:vm|base)-(\d+)-/.exec(name)?.[1];
  if (owner !== String(vmid)) throw failure(`illegal name '${name}' - should be 'vm-${vmid}-*'`);
  const volid = isFileBased(storage) ? `${storage.storage}:${vmid}/${name}` : `${storage.storage}:${name}`;
  if (findVolume(cluster, node, volid) !== undefined)
    throw failure(`disk image '${volumePath(storage, volid)}' already exists`);
  const volume = allocate(cluster, { storage, node, vmid, type: "qemu", size, format });
  volume.volid = volid;
  return volid;
}

function remove(call: Call): string {
  const { cluster, caller, node } = call;
  const storage = here(call);
  const volid = volumeId(call);
  const volume = findVolume(cluster, node, volid);
  const owned = volume?.vmid;
  if (
    volume?.content === "backup" &&
    owned !== undefined &&
    !caller.can(`/storage/${storage.storage}`, ["Datastore.Allocate"])
  ) {
    caller.check(`/vms/${owned}`, ["VM.Backup"]);
    caller.check(`/storage/${storage.storage}`, ["Datastore.AllocateSpace"]);
  } else caller.check(`/storage/${storage.storage}`, ["Datastore.Allocate"]);
  const id = owned === undefined ? storage.storage : `${owned}@${storage.storage}`;
  return cluster.fork(caller, node, "imgdel", id, function* (worker) {
    yield 300;
    if (volume?.protected === true) {
      throw new Error(
        `cannot remove protected volume '${volid.slice(volid.indexOf(":") + 1)}' on '${storage.storage}'`,
      );
    }
    if (volume === undefined) worker.log(`disk image '${volumePath(storage, volid)}' does not exist`);
    else removeVolume(cluster, volume);
    worker.log(`Removed volume '${volid}'`);
  });
}

function update(call: Call): null {
  const volid = volumeId(call);
  here(call);
  const volume = findVolume(call.cluster, call.node, volid);
  if (volume === undefined) throw failure(`volume_size_info on '${volid}' failed - no format`);
  const notes = call.params.text("notes");
  if (notes !== undefined) volume.notes = notes;
  if (call.params.has("protected")) volume.protected = call.params.flag("protected");
  return null;
}

export const content: Handlers = {
  "GET /nodes/{node}/storage/{storage}/content": list,
  "GET /nodes/{node}/storage/{storage}/content/{volume}": one,
  "POST /nodes/{node}/storage/{storage}/content": create,
  "DELETE /nodes/{node}/storage/{storage}/content/{volume}": remove,
  "PUT /nodes/{node}/storage/{storage}/content/{volume}": update,
};
