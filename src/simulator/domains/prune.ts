// /nodes/{node}/storage/{storage}/prunebackups: what a retention would keep, and the removal of the rest.
import { failure } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import type { Volume } from "../engine/state.ts";
import { byGuest, type Marked, markBackups, readRetention } from "../guests/retention.ts";
import { contents, isOnNode, isShared, removeVolume } from "../guests/volumes.ts";

/** The backups that the request speaks of, marked. */
function marked(call: Call): Marked[] {
  const { cluster, node, params } = call;
  const storage = cluster.storage(params.need("storage"));
  if (!isOnNode(storage, node)) throw failure(`storage '${storage.storage}' is not available on node '${node}'`);
  if (!contents(storage).includes("backup"))
    throw failure(`storage '${storage.storage}' does not support content type 'backup'`);
  const vmid = params.number("vmid");
  const type = params.text("type");
  const retention = readRetention(params.text("prune-backups") ?? storage.options["prune-backups"] ?? "keep-all=1");
  const wanted = (volume: Volume) =>
    volume.storage === storage.storage &&
    volume.backup !== undefined &&
    (isShared(storage) || volume.node === node) &&
    (vmid === undefined || volume.vmid === vmid) &&
    (type === undefined || volume.backup.type === type);
  return byGuest(cluster.state.volumes.filter(wanted)).flatMap((group) => markBackups(group, retention));
}

function preview(call: Call): unknown {
  return marked(call).map(({ volume, mark }) => ({
    ctime: volume.ctime,
    mark,
    type: volume.backup?.type,
    vmid: volume.vmid,
    volid: volume.volid,
  }));
}

function prune(call: Call): string {
  const { cluster, caller, node, params } = call;
  const id = params.need("storage");
  const vmid = params.text("vmid");
  if (vmid === undefined || !caller.can(`/vms/${vmid}`, ["VM.Backup"]))
    caller.check(`/storage/${id}`, ["Datastore.Allocate"]);
  marked(call);
  return cluster.fork(caller, node, "prunebackups", vmid === undefined ? id : `${vmid}@${id}`, function* () {
    yield 200;
    for (const { volume, mark } of marked(call)) if (mark === "remove") removeVolume(cluster, volume);
  });
}

export const prunebackups: Handlers = {
  "GET /nodes/{node}/storage/{storage}/prunebackups": preview,
  "DELETE /nodes/{node}/storage/{storage}/prunebackups": prune,
};
