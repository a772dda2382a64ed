// /nodes/{node}/storage/{storage}/file-restore: single files out of a backup server's snapshots.
import { Buffer } from "node:buffer";
import { failure, invalid } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import { archiveOf } from "../guests/archive.ts";
import { entriesIn, filesIn, type Tree, treeOf } from "../guests/inside.ts";
import { tarZst, zip } from "../guests/packed.ts";
import { isFileBased } from "../guests/volumes.ts";

/** The snapshot that is meant, as far as the caller may look into it. */
function opened(call: Call): { tree: Tree; ctime: number } {
  const { cluster, caller, node, params } = call;
  const storage = cluster.storage(params.need("storage"));
  const given = params.need("volume");
  const volid = given.includes(":") ? given : `${storage.storage}:backup/${given.replace(/^backup\//, "")}`;
  const name = volid.slice(volid.indexOf(":") + 1);
  if (isFileBased(storage) && !/^backup\/[^/]+\.(?:vma|tar|tgz)(?:\.\w+)?$/.test(name))
    throw failure(`unable to parse directory volume name '${name}'`);
  if (!caller.can(`/storage/${storage.storage}`, ["Datastore.Allocate"])) {
    const vmid = /\b(?:vm|ct)\/(\d+)\/|vzdump-\w+-(\d+)-/.exec(name);
    caller.check(`/vms/${vmid?.[1] ?? vmid?.[2] ?? 0}`, ["VM.Backup"]);
  }
  if (storage.type !== "pbs") throw invalid({ storage: "Only PBS storages supported for file-restore." });
  const archive = archiveOf(cluster, node, volid);
  return { tree: treeOf(archive.backup, archive.vmid ?? 0), ctime: archive.ctime };
}

/** Paths come in base64, all but the root. */
const pathIn = (given: string): string => (given === "/" ? "/" : Buffer.from(given, "base64").toString("utf8"));

function list(call: Call): unknown {
  const { tree, ctime } = opened(call);
  const path = pathIn(call.params.need("filepath"));
  const entries = entriesIn(tree, path);
  if (entries.length === 0) throw failure(`proxmox-file-restore failed: no such file or directory: '${path}'`);
  return entries.map(({ path: whole, name, type, size }) => ({
    filepath: Buffer.from(whole, "utf8").toString("base64"),
    leaf: type === "f" ? 1 : 0,
    text: name,
    type,
    ...(size === undefined ? {} : { mtime: ctime - 86_400, size }),
  }));
}

/** The file as it is, a folder as an archive; what isn't there is an answer without a byte, since its stream has begun. */
function download(call: Call): Response {
  const { tree } = opened(call);
  const path = pathIn(call.params.need("filepath"));
  const inside = filesIn(tree, path);
  const archive = call.params.flag("tar") ? tarZst(inside) : zip(inside);
  const bytes = tree.get(path) ?? (inside.length > 0 ? archive : new Uint8Array());
  return new Response(Uint8Array.from(bytes), { headers: { "content-type": "application/octet-stream" } });
}

export const fileRestore: Handlers = {
  "GET /nodes/{node}/storage/{storage}/file-restore/list": list,
  "GET /nodes/{node}/storage/{storage}/file-restore/download": download,
};
