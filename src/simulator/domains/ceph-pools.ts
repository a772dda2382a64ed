// Ceph's pools and file systems, with the storages that PVE makes over them.
import type { Ceph, CephPool } from "../engine/ceph.ts";
import { failure } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import type { Storage } from "../engine/state.ts";
import type { Worker } from "../engine/worker.ts";
import { type answering, asked, refusedByCeph } from "./ceph-cluster.ts";

type Row = Record<string, unknown>;

const settable = [
  "size",
  "min_size",
  "pg_autoscale_mode",
  "pg_num",
  "crush_rule",
  "pg_num_min",
  "target_size",
  "target_size_ratio",
];

/** Bytes that pools can fill: what the OSDs that are in have free, over the copies. */
function room(ceph: Ceph, size: number): number {
  const free = Object.values(ceph.osds).reduce((sum, osd) => sum + (osd.in ? osd.size - osd.used : 0), 0);
  return (free * 0.95) / Math.max(size, 1);
}

function row(ceph: Ceph, name: string, { id, used, application, settings }: CephPool): Row {
  const size = Number(settings.size ?? 3);
  return {
    application_metadata: application === "" ? {} : { [application]: {} },
    bytes_used: used,
    crush_rule: 0,
    crush_rule_name: settings.crush_rule ?? "replicated_rule",
    min_size: Number(settings.min_size ?? 2),
    percent_used: used / (used + room(ceph, size) || 1),
    pg_autoscale_mode: settings.pg_autoscale_mode ?? "on",
    pg_num: Number(settings.pg_num ?? 128),
    ...(settings.pg_num_min === undefined ? {} : { pg_num_min: Number(settings.pg_num_min) }),
    pool: id,
    pool_name: name,
    size,
    ...(settings.target_size_ratio === undefined ? {} : { target_size_ratio: Number(settings.target_size_ratio) }),
    type: "replicated",
  };
}

function status({ params }: Call, ceph: Ceph): Row {
  const name = params.need("name");
  const pool = ceph.pools[name];
  if (pool === undefined) throw refusedByCeph("osd pool get", `unrecognized pool '${name}'`);
  const { settings, application, id, used } = pool;
  return {
    application,
    application_list: application === "" ? [] : [application],
    crush_rule: settings.crush_rule ?? "replicated_rule",
    fast_read: 0,
    hashpspool: 1,
    id,
    min_size: Number(settings.min_size ?? 2),
    name,
    "nodeep-scrub": 0,
    nodelete: 0,
    nopgchange: 0,
    noscrub: 0,
    nosizechange: 0,
    pg_autoscale_mode: settings.pg_autoscale_mode ?? "on",
    pg_num: Number(settings.pg_num ?? 128),
    pgp_num: Number(settings.pg_num ?? 128),
    size: Number(settings.size ?? 3),
    ...(params.flag("verbose") ? { statistics: { stored: used, objects: Math.ceil(used / 4_194_304) } } : {}),
    use_gmt_hitset: 1,
    write_fadvise_dontneed: 0,
  };
}

/** PVE sets each option of a pool by itself, and says which of them stood so already. */
function apply(worker: Worker, name: string, pool: CephPool, given: Readonly<Record<string, string>>): void {
  const order = ["size", "application", "min_size", "pg_autoscale_mode", "pg_num", ...settable];
  for (const key of [...new Set(order)]) {
    const value = given[key];
    if (value === undefined) continue;
    const now = key === "application" ? undefined : pool.settings[key];
    worker.log(now === value ? `skipping '${key}', did not change` : `pool ${name}: applying ${key} = ${value}`);
    if (key === "application") pool.application = value;
    else pool.settings[key] = value;
  }
}

/** A pool as Ceph makes it; one that is there already stays, and is set anew (recorded). */
function made(ceph: Ceph & { options: Record<string, string> }, name: string, groups: string): CephPool {
  const { osd_pool_default_size: size = "3", osd_pool_default_min_size: minimum = "2" } = ceph.options;
  const settings = { size, min_size: minimum, pg_autoscale_mode: "on", pg_num: groups };
  const pool = ceph.pools[name] ?? { id: ceph.nextPool++, application: "", used: 0, settings };
  ceph.pools[name] = pool;
  return pool;
}

function create(call: Call, ceph: ReturnType<typeof answering>): string {
  const { cluster, caller, node, params } = call;
  const name = params.need("name");
  const given: Record<string, string> = {
    size: "3",
    min_size: "2",
    pg_autoscale_mode: "warn",
    pg_num: "128",
    application: "rbd",
    ...params.rest("node", "name", "add_storages", "erasure-coding"),
  };
  const storage = params.flag("add_storages");
  if (storage && cluster.state.storages[name] !== undefined) throw failure(`storage ID '${name}' already defined`);
  return cluster.fork(caller, node, "cephcreatepool", name, function* (worker) {
    yield 3000;
    apply(worker, name, made(ceph, name, given.pg_num ?? "128"), given);
    if (storage)
      cluster.state.storages[name] = storageOver(ceph, "rbd", name, {
        content: "images,rootdir",
        krbd: "0",
        pool: name,
      });
  });
}

function storageOver(ceph: Ceph, type: string, storage: string, options: Record<string, string>): Storage {
  return { storage, type, options, total: Math.floor(room(ceph, 3)), base: 0 };
}

function update(call: Call, ceph: Ceph): string {
  const { cluster, caller, node, params } = call;
  const name = params.need("name");
  return cluster.fork(caller, node, "cephsetpool", name, function* (worker) {
    yield 500;
    const pool = ceph.pools[name];
    if (pool === undefined) throw refusedByCeph("osd pool get", `unrecognized pool '${name}'`);
    apply(worker, name, pool, params.rest("node", "name"));
  });
}

function remove(call: Call, ceph: Ceph): string {
  const { cluster, caller, node, params } = call;
  const name = params.need("name");
  const storages = () =>
    Object.values(cluster.state.storages).filter(({ type, options }) => type === "rbd" && options.pool === name);
  return cluster.fork(caller, node, "cephdestroypool", name, function* (worker) {
    for (const { storage } of params.flag("force") ? [] : storages()) {
      worker.log(`checking storage '${storage}' for RBD images..`);
      if (ceph.pools[name] === undefined)
        throw failure("rbd error: rbd: listing images failed: (2) No such file or directory");
      if (cluster.state.volumes.some((volume) => volume.storage === storage))
        throw failure(`ceph pool '${name}' still in use by storage '${storage}'`);
    }
    yield 1000;
    if (ceph.pools[name] === undefined) throw refusedByCeph("osd pool get", `unrecognized pool '${name}'`);
    if (Object.values(ceph.filesystems).some(({ data, metadata }) => data === name || metadata === name))
      throw refusedByCeph("osd pool delete", `pool '${name}' is in use by CephFS`);
    delete ceph.pools[name];
    if (params.flag("remove_storages")) for (const { storage } of storages()) delete cluster.state.storages[storage];
  });
}

function filesystems(_: Call, ceph: Ceph): Row[] {
  return Object.entries(ceph.filesystems).map(([name, { data, metadata }]) => ({
    data_pool: data,
    data_pool_ids: [ceph.pools[data]?.id ?? 0],
    data_pools: [data],
    metadata_pool: metadata,
    metadata_pool_id: ceph.pools[metadata]?.id ?? 0,
    name,
  }));
}

const running = (call: Call, ceph: Ceph) =>
  Object.values(ceph.metadata).filter(
    ({ node, stopped }) => stopped !== true && call.cluster.state.nodes[node]?.online === true,
  );

function createFs(call: Call, ceph: ReturnType<typeof answering>): string {
  const { cluster, caller, node, params } = call;
  const name = params.text("name") ?? "cephfs";
  if (ceph.filesystems[name] !== undefined) throw failure(`ceph fs '${name}' already exists`);
  const idle = running(call, ceph).length - Object.keys(ceph.filesystems).length;
  if (running(call, ceph).length === 0) throw failure("no running Metadata Server (MDS) found!");
  if (idle <= 0) throw failure("no standby Metadata Server (MDS) found!");
  const storage = params.flag("add-storage");
  if (storage && cluster.state.storages[name] !== undefined) throw failure(`storage ID '${name}' already defined`);
  return cluster.fork(caller, node, "cephfscreate", name, function* (worker) {
    const groups = Number(params.text("pg_num") ?? "128");
    const [data, metadata] = [`${name}_data`, `${name}_metadata`];
    worker.log(`creating data pool '${data}'...`);
    apply(worker, data, made(ceph, data, String(groups)), { application: "cephfs", pg_num: String(groups) });
    yield 2000;
    const few = String(Math.max(1, Math.floor(groups / 4)));
    worker.log(`creating metadata pool '${metadata}'...`);
    apply(worker, metadata, made(ceph, metadata, few), { pg_num: few });
    made(ceph, metadata, few).application = "cephfs";
    worker.log(`configuring new CephFS '${name}'`);
    yield 2000;
    ceph.filesystems[name] = { data, metadata };
    worker.log(`Successfully create CephFS '${name}'`);
    if (!storage) return;
    worker.log(`Adding '${name}' to storage configuration...`);
    const options = { content: "vztmpl,iso,backup", path: `/mnt/pve/${name}`, "fs-name": name };
    cluster.state.storages[name] = storageOver(ceph, "cephfs", name, options);
  });
}

function removeFs(call: Call, ceph: Ceph): string {
  const { cluster, caller, node, params } = call;
  const name = params.need("name");
  const fs = ceph.filesystems[name];
  if (fs === undefined) throw failure(`no such cephfs '${name}'`);
  return cluster.fork(caller, node, "cephdestroyfs", name, function* (worker) {
    yield 1000;
    if (running(call, ceph).length > 0)
      throw refusedByCeph(
        "fs rm",
        "all MDS daemons must be inactive/failed before removing filesystem. See `ceph fs fail`.",
      );
    delete ceph.filesystems[name];
    if (params.flag("remove-storages")) delete cluster.state.storages[name];
    if (!params.flag("remove-pools")) return;
    worker.log(`removing metadata pool '${fs.metadata}'`);
    delete ceph.pools[fs.metadata];
    worker.log(`removing data pool '${fs.data}'`);
    delete ceph.pools[fs.data];
  });
}

export const cephPools: Handlers = {
  "GET /nodes/{node}/ceph/pool": asked((_, ceph) =>
    Object.entries(ceph.pools).map(([name, pool]) => row(ceph, name, pool)),
  ),
  "POST /nodes/{node}/ceph/pool": asked(create),
  "GET /nodes/{node}/ceph/pool/{name}": () => [{ name: "status" }],
  "PUT /nodes/{node}/ceph/pool/{name}": asked(update),
  "DELETE /nodes/{node}/ceph/pool/{name}": asked(remove),
  "GET /nodes/{node}/ceph/pool/{name}/status": asked(status),
  "GET /nodes/{node}/ceph/fs": asked(filesystems),
  "POST /nodes/{node}/ceph/fs/{name}": asked(createFs),
  "DELETE /nodes/{node}/ceph/fs/{name}": asked(removeFs),
};
