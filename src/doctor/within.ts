// Owns what PVE checks only as it carries a call out, and what a list leaves out: privileges that no check of an endpoint names.
import type { EndpointKey } from "../schema/registry.ts";
import type { Operation } from "../toolkit/operation.ts";

/** Ways through, each `PRIVILEGE on PATH`, with " and " between what all has to be there. */
type Ways = readonly string[];

const ofBackups: readonly Ways[] = [
  [
    "Datastore.Allocate on /storage/{storage}",
    "Datastore.AllocateSpace on /storage/{storage} and VM.Backup on /vms/{vmid}",
  ],
];
const ofVnet: readonly Ways[] = [["SDN.Allocate on /sdn/zones/{zone}"]];
const seeVnet: readonly Ways[] = [["SDN.Audit on /sdn/zones/{zone}", "SDN.Allocate on /sdn/zones/{zone}"]];
const ofJob: readonly Ways[] = [["VM.Replicate on /vms/{vmid}"]];
const seeJob: readonly Ways[] = [["VM.Audit on /vms/{vmid}"]];
const power: readonly Ways[] = [["VM.PowerMgmt on /"]];
const ofTask: readonly Ways[] = [["Sys.Audit on /nodes/{node}"]];
const creation: readonly Ways[] = [["VM.Allocate on /vms/{vmid}"]];

/** Endpoint that lets in whoever is logged in → what it checks then. The embedded cluster answers so, as recorded. */
export const within: Partial<Record<EndpointKey, readonly Ways[]>> = {
  "POST /nodes/{node}/qemu": creation,
  "POST /nodes/{node}/lxc": creation,
  "POST /nodes/{node}/vzdump": [["VM.Backup on /vms/{vmid}"], ["Datastore.AllocateSpace on /storage/{storage}"]],
  "POST /nodes/{node}/startall": power,
  "POST /nodes/{node}/stopall": power,
  "POST /nodes/{node}/suspendall": power,
  "POST /nodes/{node}/migrateall": [["VM.Migrate on /"]],
  "GET /nodes/{node}/tasks/{upid}/status": ofTask,
  "GET /nodes/{node}/tasks/{upid}/log": ofTask,
  "DELETE /nodes/{node}/tasks/{upid}": [["Sys.Modify on /nodes/{node}"]],
  "GET /nodes/{node}/replication/{id}/status": seeJob,
  "GET /nodes/{node}/replication/{id}/log": seeJob,
  "POST /nodes/{node}/replication/{id}/schedule_now": ofJob,
  "GET /cluster/replication/{id}": seeJob,
  "POST /cluster/replication": ofJob,
  "PUT /cluster/replication/{id}": ofJob,
  "DELETE /cluster/replication/{id}": ofJob,
  "GET /cluster/sdn/vnets/{vnet}": seeVnet,
  "PUT /cluster/sdn/vnets/{vnet}": ofVnet,
  "DELETE /cluster/sdn/vnets/{vnet}": ofVnet,
  "GET /cluster/sdn/vnets/{vnet}/subnets": seeVnet,
  "GET /cluster/sdn/vnets/{vnet}/subnets/{subnet}": seeVnet,
  "POST /cluster/sdn/vnets/{vnet}/subnets": ofVnet,
  "PUT /cluster/sdn/vnets/{vnet}/subnets/{subnet}": ofVnet,
  "DELETE /cluster/sdn/vnets/{vnet}/subnets/{subnet}": ofVnet,
  "GET /nodes/{node}/storage/{storage}/file-restore/list": ofBackups,
  "GET /nodes/{node}/storage/{storage}/file-restore/download": ofBackups,
  "DELETE /nodes/{node}/storage/{storage}/prunebackups": ofBackups,
};

const space = "Datastore.AllocateSpace on /storage/{storage}";
const bridges = "SDN.Use on /sdn/zones/{zone}";

/** What an operation needs beside the check, by what it may set: `options` are VM.Config privileges. */
type Alongside = (operation: Operation, options: readonly string[]) => readonly Ways[];

const ofConfig: Alongside = (_, options) => [
  ...(options.includes("VM.Config.Disk") ? [[space]] : []),
  ...(options.includes("VM.Config.Network") ? [[bridges]] : []),
];
const ofCreation: Alongside = ({ own = {} }, options) => {
  const each = options.map((name) => [`${name} on /vms/{vmid}`]);
  // a backup brings its own options
  return [[space], [bridges], ...("archive" in own ? [["VM.Backup on /vms/{vmid}"]] : each)];
};
const ofCopy: Alongside = () => [[space], [bridges]];
const ofDisk: Alongside = () => [[space]];
const ofMembers: Alongside = () => [
  ["Permissions.Modify on /vms/{vmid}"],
  ["Permissions.Modify on /storage/{storage}"],
];

export const alongside: Partial<Record<EndpointKey, Alongside>> = {
  "PUT /nodes/{node}/qemu/{vmid}/config": ofConfig,
  "PUT /nodes/{node}/lxc/{vmid}/config": ofConfig,
  "POST /nodes/{node}/qemu": ofCreation,
  "POST /nodes/{node}/lxc": ofCreation,
  "POST /nodes/{node}/qemu/{vmid}/clone": ofCopy,
  "POST /nodes/{node}/lxc/{vmid}/clone": ofCopy,
  "POST /nodes/{node}/qemu/{vmid}/move_disk": ofDisk,
  "POST /nodes/{node}/lxc/{vmid}/move_volume": ofDisk,
  "PUT /nodes/{node}/qemu/{vmid}/resize": ofDisk,
  "PUT /nodes/{node}/lxc/{vmid}/resize": ofDisk,
  "PUT /pools/{poolid}": ofMembers,
  "PUT /pools": ofMembers,
  // a backup may go with less than anything else that is stored
  "DELETE /nodes/{node}/storage/{storage}/content/{volume}": ({ done = "" }) =>
    done.startsWith("Backup {volume}") ? ofBackups : [["Datastore.Allocate on /storage/{storage}"]],
};

const nodes: readonly Ways[] = [["Sys.Audit on /nodes/{node}"]];
const storages: readonly Ways[] = [["Datastore.Audit on /storage/{storage}", space]];

/** A list that leaves out what the token may not see → what shows it. */
export const seen: Partial<Record<EndpointKey, readonly Ways[]>> = {
  "GET /cluster/resources": [["VM.Audit on /vms/{vmid}"]],
  "GET /nodes": nodes,
  "GET /nodes/{node}/tasks": nodes,
  "GET /nodes/{node}/subscription": nodes,
  "GET /storage": storages,
  "GET /nodes/{node}/storage": storages,
  "GET /pools": [["Pool.Audit on /pool/{poolid}"]],
  "GET /cluster/replication": seeJob,
  "GET /cluster/sdn/zones": seeVnet,
  "GET /cluster/sdn/vnets": seeVnet,
  "GET /cluster/sdn/controllers": [["SDN.Audit on /sdn/controllers/{id}", "SDN.Allocate on /sdn/controllers/{id}"]],
  "GET /access/users": [["Sys.Audit on /access/groups", "User.Modify on /access/groups"]],
  "GET /access/groups": [["Sys.Audit on /access/groups", "User.Modify on /access/groups"]],
  "GET /access/acl": [["Sys.Audit on /access", "Permissions.Modify on /access"]],
};
