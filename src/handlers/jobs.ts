// Owns what the cluster's jobs are made of: guests by name, the new job's id, the next free replication job, a mark that is no deletion yet.
import type { Row } from "../toolkit/answer.ts";
import type { Ground, Perform, Present } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { lookedAt, unseen } from "./look.ts";
import { placeOf, rowIn, rowsIn, wordsIn } from "./rows.ts";

const backups = "GET /cluster/backup";
const replications = "GET /cluster/replication";
const replication = "GET /cluster/replication/{id}";

/** Guests by number or name, as PVE wants them: their numbers. */
async function numbersOf({ values, find }: Ground): Promise<Row> {
  const lists = ["vmid", "exclude"].filter((name) => values[name] !== undefined);
  const empty = lists.filter((name) => wordsIn(values[name]).length === 0);
  if (empty.length > 0)
    throw new Refusal(...empty.map((name) => `${name} names no guest: delete takes it out of a job`));
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
export async function newJob(ground: Ground): Promise<Row> {
  const { vmid, all, pool, exclude } = ground.values;
  if ((vmid ?? pool ?? exclude ?? (all || undefined)) === undefined)
    throw new Refusal("vmid is missing: guests, or all=true, or a pool");
  refuseBoth(ground);
  return numbersOf(ground);
}

export const changedJob = (ground: Ground) => {
  refuseBoth(ground);
  return numbersOf(ground);
};

/** A job as the list has it: with its next run. PVE tells the id of a new one nowhere else (facts 43). */
export const createJob: Perform = async (acting, values) => {
  const before = await lookedAt(acting.read(backups, {}));
  await acting.send("POST /cluster/backup", values);
  const after = await lookedAt(acting.read(backups, {}));
  if (!after || (!before && values.id === undefined)) return { data: null };
  const known = new Set(rowsIn(before?.data).map(({ id }) => id));
  const rows = rowsIn(after.data).filter(({ id }) => !known.has(id));
  const id = values.id ?? (rows.length === 1 ? rows[0]?.id : undefined);
  return { data: rows.find((row) => row.id === id) ?? rows };
};

export const createdJob: Present = (data, { values: { id } }) => {
  if (data === null)
    return {
      record: { id },
      summary: `${id === undefined ? "The backup job" : `Backup job ${id}`} was created`,
      notes: [unseen],
    };
  if (Array.isArray(data))
    return { rows: rowsIn(data), summary: `The backup job was created; ${data.length} are new since it was asked for` };
  return { record: rowIn(data), summary: `Backup job ${rowIn(data).id} was created` };
};

export const jobNow: Present = async (data, ground) => {
  const rows = rowsIn((await ground.read(backups, {})).data);
  const row = rows.find(({ id }) => id === ground.values.id);
  return { record: { ...rowIn(data), ...row } };
};

/** A guest stands for its next free job: 100 is 100-0, then 100-1. */
export const nextJob = async ({ values, find, read: ask }: Ground) => {
  const id = String(values.id);
  if (/^\d+-\d+$/.test(id)) return { id };
  const { vmid } = await find(id);
  const taken = rowsIn((await ask(replications, {})).data).filter(({ guest }) => Number(guest) === vmid);
  const free = [...taken.keys(), taken.length].find((n) => !taken.some(({ jobnum }) => Number(jobnum) === n));
  return { id: `${vmid}-${free}` };
};

export const replicationNow: Present = async (_, ground) => {
  const { data } = await ground.read(replication, placeOf(ground, "id"));
  return { record: rowIn(data) };
};

/** The job stays until its next run has taken the copies away. */
export const markedJob: Present = async (_, ground) => {
  const { id } = ground.values;
  const row = rowsIn((await ground.read(replications, {})).data).find((one) => one.id === id);
  if (!row) return { summary: `Replication job ${id} was deleted` };
  const how =
    row.remove_job === "local" ? "the copies on the target stay" : "which takes the copies on the target away";
  return { record: row, summary: `Replication job ${id} is marked: it goes with its next run, ${how}` };
};
