// Owns what PVE checks only as it carries a call out, so that its own description of the endpoint can't say it as data.
import type { EndpointKey } from "../../src/schema/registry.ts";

const ofBackups =
  "Datastore.Allocate on /storage/{storage}, or for backups Datastore.AllocateSpace there and VM.Backup on /vms/{vmid}";
const ofVnet = "SDN.Allocate on /sdn/zones/{zone}/{vnet}";
const seeVnet = "SDN.Audit or SDN.Allocate on /sdn/zones/{zone}/{vnet}";
const ofJob = "VM.Replicate on /vms/{vmid} of the job";
const seeJob = "VM.Audit on /vms/{vmid} of the job";
const power = "VM.PowerMgmt on /vms/{vmid} of each guest, or on /";
const ofTask = "for a task of another's Sys.Audit on /nodes/{node}";
const creation =
  "VM.Allocate on /vms/{vmid} or /pool/{pool}, Datastore.AllocateSpace on /storage/{storage} of each disk, SDN.Use for its bridges";

/** Endpoint → privileges. Source: the embedded cluster, which answers as recorded. */
export const inside: Partial<Record<EndpointKey, string>> = {
  "POST /nodes/{node}/qemu": creation,
  "POST /nodes/{node}/lxc": creation,
  "POST /nodes/{node}/vzdump": "VM.Backup on /vms/{vmid}, Datastore.AllocateSpace on /storage/{storage}",
  "POST /nodes/{node}/startall": power,
  "POST /nodes/{node}/stopall": power,
  "POST /nodes/{node}/suspendall": power,
  "POST /nodes/{node}/migrateall": "VM.Migrate on /vms/{vmid} of each guest, or on /",
  "GET /nodes/{node}/tasks/{upid}/status": ofTask,
  "GET /nodes/{node}/tasks/{upid}/log": ofTask,
  "DELETE /nodes/{node}/tasks/{upid}": "for a task of another's Sys.Modify on /nodes/{node}",
  "GET /nodes/{node}/replication/{id}/status": seeJob,
  "GET /nodes/{node}/replication/{id}/log": `${seeJob}, or Sys.Audit on /nodes/{node}`,
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
  "DELETE /nodes/{node}/storage/{storage}/content/{volume}": ofBackups,
  "DELETE /nodes/{node}/storage/{storage}/prunebackups": ofBackups,
};
