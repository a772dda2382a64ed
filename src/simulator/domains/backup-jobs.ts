// /cluster/backup: scheduled backups (facts 43), what they include, which guests none includes; /cluster/jobs.
import { ApiError, failure, invalid } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import { assertFresh, changeSection, sectionFile } from "../engine/section-file.ts";
import type { Guest, Section } from "../engine/state.ts";
import { isIncluded, mountPath } from "../guests/archive.ts";
import { nextRun } from "../guests/calendar.ts";
import { disksOf } from "../guests/copy.ts";
import { guestName } from "../guests/figures.ts";
import { typed } from "./firewall-scope.ts";
import { assertChoice, assertMayTune } from "./vzdump.ts";

type Row = Record<string, unknown>;

const jobs = ({ cluster }: Call) => sectionFile(cluster.state, "jobs.cfg");
const notOptions = ["id", "delete", "digest", "starttime", "dow"];

function shown(call: Call, id: string, job: Section): Row {
  const values = Object.fromEntries(
    Object.entries(job.options).map(([name, value]) => [name, [value].flat().join(",")]),
  );
  const { "prune-backups": prune, schedule = "", ...rest } = values;
  const next = rest.enabled === "0" ? undefined : nextRun(schedule, call.cluster.seconds());
  return {
    ...typed("POST /cluster/backup", rest),
    id,
    ...(next === undefined ? {} : { "next-run": next }),
    ...(prune === undefined
      ? {}
      : { "prune-backups": Object.fromEntries(prune.split(",").map((part) => part.split("=") as [string, string])) }),
    schedule,
    type: "vzdump",
  };
}

function list(call: Call): Row[] {
  return Object.entries(jobs(call)).flatMap(([id, job]) => (job.type === "vzdump" ? [shown(call, id, job)] : []));
}

function found(call: Call): { id: string; job: Section } {
  const id = call.params.need("id");
  const job = jobs(call)[id];
  if (job?.type !== "vzdump") throw invalid({ id: `No such job '${id}'` });
  return { id, job };
}

/** Old clients give a day and a time; the job keeps a calendar event. */
function scheduleOf({ params }: Call): string | undefined {
  const [time, schedule] = [params.text("starttime"), params.text("schedule")];
  if (time !== undefined && schedule !== undefined)
    throw invalid({ starttime: "'starttime' and 'schedule' cannot both be set" });
  if (time === undefined) return schedule;
  const days = params.text("dow");
  return days === undefined ? time : `${days} ${time}`;
}

/** What PVE finds wrong while it holds the file's lock is a 500 around the 400 (facts 4). */
function wrapped<Result>(look: () => Result): Result {
  try {
    return look();
  } catch (problem) {
    if (!(problem instanceof ApiError) || problem.errors === undefined) throw problem;
    const lines = Object.entries(problem.errors).map(([name, text]) => `${name}: ${text}`);
    throw failure([`400 ${problem.message}`, ...lines].join("\n"));
  }
}

function create(call: Call): null {
  const { params, cluster } = call;
  const file = jobs(call);
  const id = params.text("id") ?? `backup-${cluster.random.hex(8)}-${cluster.random.hex(4)}`;
  assertMayTune(call);
  const schedule = scheduleOf(call);
  if (schedule === undefined) throw invalid({ schedule: "neither 'starttime' nor 'schedule' were set" });
  if (file[id] !== undefined) throw failure(`Job '${id}' already exists`);
  wrapped(() => assertChoice(call));
  file[id] = { type: "vzdump", options: { enabled: "1", mode: "snapshot", ...params.rest(...notOptions), schedule } };
  return null;
}

function update(call: Call): null {
  assertMayTune(call);
  const schedule = scheduleOf(call);
  const { job } = wrapped(() => found(call));
  const set: Record<string, string> = {
    ...call.params.rest(...notOptions),
    ...(schedule === undefined ? {} : { schedule }),
  };
  changeSection(job, set, call.params.list("delete"));
  for (const [name, others] of [
    ["vmid", ["all", "pool", "exclude"]],
    ["all", ["vmid", "pool"]],
    ["pool", ["vmid", "all"]],
  ] as const) {
    if (set[name] !== undefined && set[name] !== "0") for (const other of others) delete job.options[other];
  }
  return null;
}

function remove(call: Call): null {
  const { id } = wrapped(() => found(call));
  delete jobs(call)[id];
  return null;
}

/** The guests of a job. */
function included({ cluster }: Call, { options }: Section): Guest[] {
  const text = (name: string) => [options[name] ?? ""].flat().join(",");
  const node = text("node");
  const excluded = text("exclude").split(",").map(Number);
  const pool = text("pool");
  const wanted = text("vmid").split(",").map(Number);
  return cluster.guests().filter((guest) => {
    if (node !== "" && guest.node !== node) return false;
    if (pool !== "") return cluster.state.pools[pool]?.vms.includes(guest.vmid) === true;
    return text("all") === "1" ? !excluded.includes(guest.vmid) : wanted.includes(guest.vmid);
  });
}

function includedVolumes(call: Call): Row {
  const { job } = found(call);
  const children = included(call, job).map((guest) => ({
    children: disksOf(call.cluster, guest, guest.config.values).map(({ name, properties, volume }) => {
      const inside = isIncluded(guest.type, name, properties.backup);
      return {
        id: `${guest.vmid}:${name}`,
        included: inside ? 1 : 0,
        leaf: 1,
        name: guest.type === "qemu" ? volume.volid : mountPath(name, guest.config.values[name] ?? ""),
        reason: inside ? "enabled" : "disabled",
      };
    }),
    id: guest.vmid,
    leaf: 0,
    name: guestName(guest),
    type: guest.type,
  }));
  return { children };
}

function notBackedUp(call: Call): Row[] {
  const covered = new Set(
    Object.values(jobs(call)).flatMap((job) =>
      job.type === "vzdump" && job.options.enabled !== "0" ? included(call, job).map((guest) => guest.vmid) : [],
    ),
  );
  return call.cluster
    .guests()
    .filter((guest) => !covered.has(guest.vmid) && call.caller.can(`/vms/${guest.vmid}`, ["VM.Audit"]))
    .map((guest) => ({ name: guestName(guest), type: guest.type, vmid: guest.vmid }));
}

function analyze(call: Call): Row[] {
  const { params, cluster } = call;
  const rows: Row[] = [];
  let time = params.number("starttime") ?? cluster.seconds();
  for (let count = params.number("iterations") ?? 10; count > 0; count -= 1) {
    const next = nextRun(params.need("schedule"), time);
    if (next === undefined) break;
    const [day, date, month, year, clock] = new Date(next * 1000).toUTCString().replace(",", "").split(" ");
    rows.push({ timestamp: next, utc: `${day} ${month} ${Number(date)} ${clock} ${year}` });
    time = next;
  }
  return rows;
}

function syncJob(call: Call): Section {
  const id = call.params.need("id");
  const job = jobs(call)[id];
  if (job?.type !== "realm-sync") throw failure(`no such job '${id}'`);
  return job;
}

function shownSync(job: Section): Row {
  const texts = Object.fromEntries(
    Object.entries(job.options).map(([name, value]) => [name, [value].flat().join(",")]),
  );
  return { ...typed("POST /cluster/jobs/realm-sync/{id}", texts), type: "realm-sync" };
}

export const backupJobs: Handlers = {
  "GET /cluster/backup": list,
  "POST /cluster/backup": create,
  "GET /cluster/backup/{id}": (call) => {
    const { id, job } = found(call);
    const { "next-run": _, ...row } = shown(call, id, job);
    return row;
  },
  "PUT /cluster/backup/{id}": update,
  "DELETE /cluster/backup/{id}": remove,
  "GET /cluster/backup/{id}/included_volumes": includedVolumes,
  "GET /cluster/backup-info/not-backed-up": notBackedUp,
  "GET /cluster/jobs/schedule-analyze": analyze,
  "GET /cluster/jobs/realm-sync": (call) =>
    Object.entries(jobs(call)).flatMap(([id, job]) =>
      job.type === "realm-sync"
        ? [
            {
              ...shownSync(job),
              id,
              "last-run": null,
              "next-run": nextRun(String(job.options.schedule), call.cluster.seconds()),
            },
          ]
        : [],
    ),
  "GET /cluster/jobs/realm-sync/{id}": (call) => shownSync(syncJob(call)),
  "POST /cluster/jobs/realm-sync/{id}": (call) => {
    const id = call.params.need("id");
    if (jobs(call)[id] !== undefined) throw failure(`Job '${id}' already exists`);
    if (!call.params.has("scope")) throw failure("missing value for required option 'scope'");
    jobs(call)[id] = { type: "realm-sync", options: { enabled: "1", ...call.params.rest("id") } };
    return null;
  },
  "PUT /cluster/jobs/realm-sync/{id}": (call) => {
    assertFresh(jobs(call), call.params.text("digest"));
    changeSection(syncJob(call), call.params.rest("id", "delete", "digest"), call.params.list("delete"));
    return null;
  },
  "DELETE /cluster/jobs/realm-sync/{id}": (call) => {
    syncJob(call);
    delete jobs(call)[call.params.need("id")];
    return null;
  },
};
