// /storage and a node's storages: configuration, lists, status.

import { failure, invalid } from "../engine/error.ts";
import { digestOf } from "../engine/guest-config.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import type { ClusterState, Storage } from "../engine/state.ts";
import { isActive, storageUsage } from "../guests/figures.ts";
import { contents, isOnNode, isShared } from "../guests/volumes.ts";

type Row = Record<string, unknown>;

const words = (list: string): string[] => list.split(" ");

export function storageDigest(state: ClusterState): string {
  return digestOf(
    JSON.stringify(Object.values(state.storages).map((entry) => [entry.type, entry.storage, entry.options])),
  );
}

/** Flags come back as numbers, everything else as text. */
function configRow(state: ClusterState, storage: Storage): Row {
  const flags = words(
    "shared disable mkdir sparse krbd saferemove is_mountpoint create-base-path create-subdirs nocow tagged_only fuse " +
      "nowritecache snapshot-as-volume-chain skip-cert-verification",
  );
  const options = Object.entries(storage.options).map(([name, value]) => [
    name,
    flags.includes(name) ? Number(value) : value,
  ]);
  return { ...Object.fromEntries(options), digest: storageDigest(state), storage: storage.storage, type: storage.type };
}

const listed = ["Datastore.Audit", "Datastore.AllocateSpace"];

function configs({ cluster, caller, params }: Call): Row[] {
  const type = params.text("type");
  return Object.values(cluster.state.storages)
    .filter((storage) => type === undefined || storage.type === type)
    .filter((storage) => caller.can(`/storage/${storage.storage}`, listed, true))
    .map((storage) => configRow(cluster.state, storage));
}

function statusOf({ cluster, node }: Call, storage: Storage): Row {
  const active = isActive(cluster, storage, node);
  const { total, used, avail } = active ? storageUsage(cluster, storage, node) : { total: 0, used: 0, avail: 0 };
  return {
    active: active ? 1 : 0,
    avail,
    content: storage.options.content ?? "",
    enabled: storage.options.disable === "1" ? 0 : 1,
    shared: isShared(storage) ? 1 : 0,
    total,
    type: storage.type,
    used,
  };
}

function list(call: Call): Row[] {
  const { cluster, caller, params, node } = call;
  const only = params.text("storage");
  const wanted = params.list("content");
  const target = params.text("target");
  return Object.values(cluster.state.storages)
    .filter((storage) => only === undefined || storage.storage === only)
    .filter((storage) => isOnNode(storage, node) && (target === undefined || isOnNode(storage, target)))
    .filter((storage) => wanted.length === 0 || wanted.some((type) => contents(storage).includes(type)))
    .filter((storage) => !params.flag("enabled") || storage.options.disable !== "1")
    .filter((storage) => caller.can(`/storage/${storage.storage}`, listed, true))
    .map((storage) => {
      const status = statusOf(call, storage);
      const fraction = Number(status.total) > 0 ? { used_fraction: Number(status.used) / Number(status.total) } : {};
      return { ...status, storage: storage.storage, ...fraction };
    });
}

/** What a node says of a storage that isn't for it. */
const nowhere = { active: 0, avail: 0, enabled: 0, total: 0, used: 0 };

/** An unknown storage is a 400 here, unlike everywhere else (facts 4). */
function status(call: Call): Row {
  const id = call.params.need("storage");
  const storage = call.cluster.state.storages[id];
  if (storage === undefined) throw invalid({ storage: "No such storage." });
  return isOnNode(storage, call.node) ? statusOf(call, storage) : { ...statusOf(call, storage), ...nowhere };
}

/** Only a backup server has one. */
function identity({ cluster, params }: Call): never {
  cluster.storage(params.need("storage"));
  throw failure("get_identity not implemented for this plugin at /usr/share/perl5/PVE/Storage/Plugin.pm line 2681.\n");
}

const places =
  "content download-url file-restore import-metadata identity oci-registry-pull prunebackups rrd rrddata status upload";

export const storage: Handlers = {
  "GET /storage": configs,
  "GET /storage/{storage}": ({ cluster, params }) => configRow(cluster.state, cluster.storage(params.need("storage"))),
  "GET /nodes/{node}/storage": list,
  "GET /nodes/{node}/storage/{storage}": () => words(places).map((subdir) => ({ subdir })),
  "GET /nodes/{node}/storage/{storage}/status": status,
  "GET /nodes/{node}/storage/{storage}/identity": identity,
};
