// The cluster's jobs: backups that run by a schedule, and replication.
import {
  changedJob,
  createdJob,
  createJob,
  jobNow,
  markedJob,
  newJob,
  nextJob,
  replicationNow,
} from "../handlers/jobs.ts";
import { destroy, read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const backups = "GET /cluster/backup";
const backup = "GET /cluster/backup/{id}";

const job = {
  fields:
    "id enabled schedule next-run storage all vmid pool exclude node mode compress prune-backups bwlimit " +
    "notes-template protected repeat-missed mailto mailnotification notification-mode fleecing performance comment",
  units: { "next-run": "moment" },
} as const;
const jobArguments = {
  ...job,
  own: { "vmid?": "string-list", "exclude?": "string-list" },
  unlisted: ["exclude"],
  show: ["schedule", "storage", "all", "mode", "enabled"],
  instead: { maxfiles: "use prune-backups, such as keep-last=3" },
} as const;

const replications = "GET /cluster/replication";
const replication = "GET /cluster/replication/{id}";

const replicationFields = {
  fields: "id guest source target schedule rate disable remove_job type comment",
} as const;

const replicationArguments = { show: ["schedule", "rate"] } as const;

export const jobTools = [
  tool("proxmox_cluster_backup_job", "Backup jobs", {
    list: read(backups, { ...job, done: "{count} backup jobs" }),
    get: read(backup, { ...job, present: jobNow, done: "Backup job {id}" }),
    create: write("POST /cluster/backup", {
      ...jobArguments,
      compose: newJob,
      perform: createJob,
      present: createdJob,
    }),
    update: write("PUT /cluster/backup/{id}", {
      ...jobArguments,
      instead: { ...jobArguments.instead, digest: "PVE guards changes of backup jobs by no digest: leave it out" },
      replaces: backup,
      compose: changedJob,
      present: jobNow,
      done: "Backup job {id} was changed",
    }),
    delete: destroy("DELETE /cluster/backup/{id}", { replaces: backup, done: "Backup job {id} was deleted" }),
  }),
  tool("proxmox_cluster_replication_job", "Replication jobs: guest 100's are 100-0, 100-1", {
    list: read(replications, { ...replicationFields, done: "{count} replication jobs" }),
    get: read(replication, { ...replicationFields, done: "Replication job {id}" }),
    create: write("POST /cluster/replication", {
      ...replicationFields,
      ...replicationArguments,
      own: { id: "guest-name", "type?": ["===", "local"] },
      unlisted: ["type"],
      resolve: nextJob,
      compose: ({ values }) => ({ id: values.id, type: values.type ?? "local" }),
      present: replicationNow,
      done: "Replication job {id} was created",
    }),
    update: write("PUT /cluster/replication/{id}", {
      ...replicationFields,
      ...replicationArguments,
      instead: { target: "delete the job and create one to the other target" },
      replaces: replication,
      present: replicationNow,
      done: "Replication job {id} was changed",
    }),
    delete: destroy("DELETE /cluster/replication/{id}", {
      ...replicationFields,
      show: ["keep"],
      replaces: { at: replication, staged: true },
      present: markedJob,
    }),
  }),
];
