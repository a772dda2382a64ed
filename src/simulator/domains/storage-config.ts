// /storage: the cluster's storages made, changed and taken away.

import { failure } from "../engine/error.ts";
import { assertDigest, staleDigest } from "../engine/guest-config.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import type { Params } from "../engine/params.ts";
import type { ClusterState, Storage } from "../engine/state.ts";
import { gibibyte } from "../guests/size.ts";
import { storageDigest } from "./storage.ts";
import { isRequired, problemWith, settled } from "./storage-types.ts";

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
  const wrong = problemWith(type, params.rest("node", "storage", "type"));
  if (wrong !== undefined) throw failure(wrong);
  if (storages[id] !== undefined) throw failure(`create storage failed: storage ID '${id}' already defined`);
  const unusable = obstacle(cluster.state, params);
  if (unusable !== undefined) throw failure(`create storage failed: ${unusable}`);
  const options = settled(id, type, params.rest(...hidden));
  storages[id] = { storage: id, type, options, total: 500 * gibibyte, base: gibibyte };
  return { storage: id, type, ...(type === "pbs" ? { config: {} } : {}) };
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
  const given = call.params.rest(...hidden);
  const dropped = call.params.list("delete");
  const needed = dropped.find((name) => isRequired(storage.type, name));
  if (needed !== undefined) throw failure(`unable to delete required option '${needed}'`);
  const both = dropped.find((name) => given[name] !== undefined);
  if (both !== undefined) throw failure(`unable to set and delete property '${both}' at the same time`);
  const wrong = problemWith(storage.type, call.params.rest("storage", "delete", "digest"));
  if (wrong !== undefined && !wrong.startsWith("missing")) throw failure(wrong);
  for (const name of dropped) delete storage.options[name];
  Object.assign(storage.options, given);
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
