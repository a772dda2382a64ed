// /storage: the cluster's storages made, changed and taken away.

import { failure } from "../engine/error.ts";
import { assertDigest, staleDigest } from "../engine/guest-config.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import type { Params } from "../engine/params.ts";
import type { ClusterState, Storage } from "../engine/state.ts";
import { gibibyte } from "../guests/size.ts";
import { storageDigest } from "./storage.ts";

/** What each kind can't do without. */
const required: Readonly<Record<string, readonly string[]>> = {
  dir: ["path"],
  btrfs: ["path"],
  nfs: ["server", "export"],
  cifs: ["server", "share"],
  lvm: ["vgname"],
  lvmthin: ["vgname", "thinpool"],
  zfspool: ["pool"],
  iscsi: ["portal", "target"],
  pbs: ["server", "datastore"],
  esxi: ["server"],
};

const defaultContent: Readonly<Record<string, string>> = {
  dir: "images,rootdir,vztmpl,iso,backup,snippets",
  pbs: "backup",
};

/** Secrets are kept beside the configuration and never shown. */
const hidden = [
  "node",
  "storage",
  "type",
  "delete",
  "digest",
  "password",
  "encryption-key",
  "master-pubkey",
  "keyring",
];

/** What PVE finds when it tries a new storage on the node that was asked: nothing answers at an address that the state doesn't know. */
function obstacle(state: ClusterState, params: Params): string | undefined {
  if (params.flag("disable")) return undefined;
  const id = params.need("storage");
  const [type, path, server] = [params.need("type"), params.text("path"), params.text("server")];
  const known = server !== undefined && state.servers?.includes(server) === true;
  if (type === "btrfs" && state.unformatted?.includes(path ?? "") === true)
    return `'${path}' is not a btrfs file system`;
  if (type === "dir" && (params.text("mkdir") === "0" || params.text("create-base-path") === "0"))
    return `unable to activate storage '${id}' - directory '${path}' does not exist or is unreachable`;
  if ((type === "nfs" || type === "cifs") && !known) return `storage '${id}' is not online`;
  if (type === "pbs" && !known)
    return `${id}: error fetching datastores - 500 Can't connect to ${server}:${params.text("port") ?? "8007"} (No route to host)`;
  return undefined;
}

function create({ cluster, params }: Call): unknown {
  const { storages } = cluster.state;
  const id = params.need("storage");
  const type = params.need("type");
  const missing = required[type]?.find((name) => !params.has(name));
  if (missing !== undefined) throw failure(`missing value for required option '${missing}'`);
  if (storages[id] !== undefined) throw failure(`create storage failed: storage ID '${id}' already defined`);
  const unusable = obstacle(cluster.state, params);
  if (unusable !== undefined) throw failure(`create storage failed: ${unusable}`);
  const options = params.rest(...hidden);
  const content = options.content ?? defaultContent[type] ?? "images";
  storages[id] = { storage: id, type, options: { ...options, content }, total: 500 * gibibyte, base: gibibyte };
  return { storage: id, type };
}

function named({ cluster, params }: Call, action: string): Storage {
  const id = params.need("storage");
  const storage = cluster.state.storages[id];
  if (storage === undefined) throw failure(`${action} storage failed: storage '${id}' does not exist`);
  return storage;
}

function update(call: Call): unknown {
  const storage = named(call, "update");
  assertDigest(storageDigest(call.cluster.state), call.params.text("digest"), staleDigest.other);
  for (const name of call.params.list("delete")) delete storage.options[name];
  Object.assign(storage.options, call.params.rest(...hidden));
  return { storage: storage.storage, type: storage.type };
}

function remove(call: Call): null {
  const { storage } = named(call, "delete");
  delete call.cluster.state.storages[storage];
  return null;
}

export const storageConfig: Handlers = {
  "POST /storage": create,
  "PUT /storage/{storage}": update,
  "DELETE /storage/{storage}": remove,
};
