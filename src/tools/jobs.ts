// The cluster's jobs: backups that run by a schedule, and replication.
import type { Row } from "../toolkit/answer.ts";
import { destroy, type Ground, type Perform, type Present, read, write } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { tool } from "../toolkit/tool.ts";
import { placeOf, rowIn, rowsIn, wordsIn } from "./rows.ts";

const backups = "GET /cluster/backup";
const backup = "GET /cluster/backup/{id}";

/** Guests by number or name, as PVE wants them: their numbers. */
async function numbersOf({ values, find }: Ground): Promise<Row> {
  const lists = ["vmid", "exclude"].filter((name) => values[name] !== undefined);
  const numbers = lists.map(async (name) => {
    const refs = wordsIn(values[name]).map(async (ref) => (/^\d+$/.test(ref) ? ref : (await find(ref)).vmid));
    return [name, (await Promise.all(refs)).join(",")] as const;
  });
  return Object.fromEntries(await Promise.all(numbers));
}

function refuseBoth({ values: { schedule, starttime } }: Ground): void {
  if (schedule !== undefined && starttime !== undefined)
    throw new Refusal("schedule and starttime mean the same: give one of them");
}

/** PVE would answer what is missing with an error within an error. */
async function newJob(ground: Ground): Promise<Row> {
  const { schedule, starttime, vmid, all, pool, exclude } = ground.values;
  const missing = [
    ...((schedule ?? starttime) ? [] : ['schedule is missing: a calendar event such as "daily" or "sat 03:00"']),
    ...((vmid ?? pool ?? exclude ?? (all || undefined)) ? [] : ["vmid is missing: guests, or all=true, or a pool"]),
  ];
  if (missing.length > 0) throw new Refusal(...missing);
  refuseBoth(ground);
  return numbersOf(ground);
}

const changedJob = (ground: Ground) => {
  refuseBoth(ground);
  return numbersOf(ground);
};

/** A job as the list has it: with its next run. PVE tells the id of a new one nowhere else (facts 43). */
const createJob: Perform = async (acting, values) => {
  const known = new Set(rowsIn((await acting.read(backups, {})).data).map(({ id }) => id));
  await acting.send("POST /cluster/backup", values);
  const rows = rowsIn((await acting.read(backups, {})).data).filter(({ id }) => !known.has(id));
  const id = values.id ?? (rows.length === 1 ? rows[0]?.id : undefined);
  return { data: rows.find((row) => row.id === id) ?? rows };
};

const createdJob: Present = (data) => {
  if (Array.isArray(data))
    return { rows: rowsIn(data), summary: `The backup job was created; ${data.length} are new since it was asked for` };
  return { record: rowIn(data), summary: `Backup job ${rowIn(data).id} was created` };
};

const jobNow: Present = async (data, ground) => {
  const rows = rowsIn((await ground.read(backups, {})).data);
  const row = rows.find(({ id }) => id === ground.values.id);
  return { record: { ...rowIn(data), ...row } };
};

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
  show: ["schedule", "storage", "all", "mode", "enabled", "prune-backups", "comment"],
  hints: { vmid: "guests", schedule: "such as sat 03:00" },
  instead: { maxfiles: "use prune-backups, such as keep-last=3" },
} as const;

const replications = "GET /cluster/replication";
const replication = "GET /cluster/replication/{id}";

/** A guest stands for its next free job: 100 is 100-0, then 100-1. */
const nextJob = async ({ values, find, read: ask }: Ground) => {
  const id = String(values.id);
  if (/^\d+-\d+$/.test(id)) return { id };
  const { vmid } = await find(id);
  const taken = rowsIn((await ask(replications, {})).data).filter(({ guest }) => Number(guest) === vmid);
  const free = [...taken.keys(), taken.length].find((n) => !taken.some(({ jobnum }) => Number(jobnum) === n));
  return { id: `${vmid}-${free}` };
};

const replicationNow: Present = async (_, ground) => {
  const { data } = await ground.read(replication, placeOf(ground, "id"));
  return { record: rowIn(data) };
};

/** The job stays until its next run has taken the copies away. */
const markedJob: Present = async (_, ground) => {
  const { id } = ground.values;
  const row = rowsIn((await ground.read(replications, {})).data).find((one) => one.id === id);
  if (!row) return { summary: `Replication job ${id} was deleted` };
  const how =
    row.remove_job === "local" ? "the copies on the target stay" : "which takes the copies on the target away";
  return { record: row, summary: `Replication job ${id} is marked: it goes with its next run, ${how}` };
};

const replicationFields = {
  fields: "id guest source target schedule rate disable remove_job type comment",
} as const;

const replicationArguments = {
  show: ["schedule", "rate", "comment", "disable"],
  hints: { schedule: "default */15", rate: "MB/s" },
} as const;

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
  tool(
    "proxmox_cluster_replication_job",
    "Replication jobs: id 100-0 is guest 100's first, create takes a guest alone",
    {
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
        show: ["keep", "force"],
        hints: { keep: "the copies", force: "the entry alone, at once" },
        replaces: { at: replication, staged: true },
        present: markedJob,
      }),
    },
  ),
];
