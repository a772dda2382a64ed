// /pools: groups of guests and storages, with permissions of their own.

import { failure, invalid } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import type { Pool } from "../engine/state.ts";
import { isOnNode } from "../guests/volumes.ts";
import { guestResource, poolsOfGuests, storageResource } from "./cluster.ts";

function poolNamed({ cluster }: Call, id: string, action?: string): Pool {
  const pool = cluster.state.pools[id];
  if (pool === undefined)
    throw failure(`${action === undefined ? "" : `${action} pool failed: `}pool '${id}' does not exist`);
  return pool;
}

function members(call: Call, pool: Pool): unknown[] {
  const { cluster, params } = call;
  const type = params.text("type");
  const guests = pool.vms.flatMap((vmid) => cluster.guest(vmid) ?? []);
  const pools = poolsOfGuests(cluster.state);
  const shown = guests.filter((guest) => type === undefined || guest.type === type);
  const storages =
    type === undefined || type === "storage" ? pool.storages.flatMap((id) => cluster.state.storages[id] ?? []) : [];
  const rows = storages.flatMap((storage) =>
    Object.keys(cluster.state.nodes)
      .filter((node) => isOnNode(storage, node))
      .map((node) => storageResource(call, storage, node)),
  );
  return [...shown.map((guest) => guestResource(call, guest, pools.get(guest.vmid))), ...rows];
}

function row(call: Call, id: string, pool: Pool, withMembers: boolean) {
  return {
    ...(pool.comment === undefined ? {} : { comment: pool.comment }),
    ...(withMembers ? { members: members(call, pool) } : {}),
    poolid: id,
  };
}

function list(call: Call): unknown {
  const { cluster, caller, params } = call;
  const only = params.text("poolid");
  if (only !== undefined) return [row(call, only, poolNamed(call, only), true)];
  return Object.entries(cluster.state.pools)
    .filter(([id]) => caller.can(`/pool/${id}`, ["Pool.Audit"]))
    .map(([id, pool]) => row(call, id, pool, false));
}

function one(call: Call): unknown {
  const id = call.params.need("poolid");
  return row(call, id, poolNamed(call, id), true);
}

function create(call: Call): null {
  const { cluster, params } = call;
  const id = params.need("poolid");
  if (cluster.state.pools[id] !== undefined) throw failure(`create pool failed: pool '${id}' already exists`);
  const parent = id.split("/").slice(0, -1).join("/");
  if (parent !== "" && cluster.state.pools[parent] === undefined) {
    throw failure(`create pool failed: parent '${parent}' of pool '${id}' does not exist`);
  }
  const comment = params.text("comment");
  cluster.state.pools[id] = { ...(comment === undefined ? {} : { comment }), vms: [], storages: [] };
  return null;
}

function update(call: Call): null {
  const { cluster, caller, params } = call;
  const id = params.need("poolid");
  const pool = poolNamed(call, id, "update");
  const remove = params.flag("delete");
  const comment = params.text("comment");
  if (comment !== undefined) pool.comment = comment;
  for (const vmid of params.list("vms").map(Number)) {
    caller.check(`/vms/${vmid}`, ["Permissions.Modify"]);
    const holder = Object.keys(cluster.state.pools).find((name) => cluster.state.pools[name]?.vms.includes(vmid));
    if (remove) {
      if (!pool.vms.includes(vmid)) throw invalid({ vms: `VM ${vmid} is not a pool member` });
      pool.vms = pool.vms.filter((entry) => entry !== vmid);
    } else {
      if (pool.vms.includes(vmid)) throw failure(`update pool failed: VM ${vmid} is already a pool member`);
      if (holder !== undefined && !params.flag("allow-move")) {
        throw failure(`update pool failed: VM ${vmid} belongs already to pool '${holder}' and 'allow-move' is not set`);
      }
      for (const other of Object.values(cluster.state.pools)) other.vms = other.vms.filter((entry) => entry !== vmid);
      pool.vms.push(vmid);
    }
  }
  for (const storage of params.list("storage")) {
    caller.check(`/storage/${storage}`, ["Permissions.Modify"]);
    if (remove) pool.storages = pool.storages.filter((entry) => entry !== storage);
    else if (pool.storages.includes(storage))
      throw failure(`update pool failed: Storage '${storage}' is already a pool member`);
    else pool.storages.push(storage);
  }
  return null;
}

function remove(call: Call): null {
  const { cluster, params } = call;
  const id = params.need("poolid");
  const pool = poolNamed(call, id, "delete");
  const child = Object.keys(cluster.state.pools).find((name) => name.startsWith(`${id}/`));
  const content = child !== undefined ? `pool '${child}'` : holds(pool);
  if (content !== undefined) throw failure(`delete pool failed: pool '${id}' is not empty (contains ${content})`);
  delete cluster.state.pools[id];
  return null;
}

function holds(pool: Pool): string | undefined {
  if (pool.vms[0] !== undefined) return `VMs: ${pool.vms.join(", ")}`;
  return pool.storages[0] === undefined ? undefined : `storages: ${pool.storages.join(", ")}`;
}

export const pools: Handlers = {
  "GET /pools": list,
  "GET /pools/{poolid}": one,
  "POST /pools": create,
  "PUT /pools": update,
  "PUT /pools/{poolid}": update,
  "DELETE /pools": remove,
  "DELETE /pools/{poolid}": remove,
};
