// /storage: the cluster's storages made, changed and taken away.

import { failure } from "../engine/error.ts";
import { assertDigest, staleDigest } from "../engine/guest-config.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import type { Storage } from "../engine/state.ts";
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
  lvm: "images,rootdir",
  lvmthin: "images,rootdir",
  zfspool: "images,rootdir",
  rbd: "images,rootdir",
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

function create({ cluster, params }: Call): unknown {
  const { storages } = cluster.state;
  const id = params.need("storage");
  const type = params.need("type");
  const missing = required[type]?.find((name) => !params.has(name));
  if (missing !== undefined) throw failure(`missing value for required option '${missing}'`);
  if (storages[id] !== undefined) throw failure(`create storage failed: storage ID '${id}' already defined`);
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
