// The runs of replication jobs: by their schedule or on demand, in the scheduler's next minute. What has run by now is worked out when it is asked for.
import type { Cluster } from "../engine/cluster.ts";
import type { Replication, Section } from "../engine/state.ts";
import { nextRun } from "../guests/calendar.ts";
import { copyTime, type Disk, disksOf } from "../guests/copy.ts";

const minute = 60;
/** More than so many missed runs leave no trace: only the last of them do. */
const rounds = 3;
/** Seconds until the next try after so many failures. */
const retry = 300;

export const usualSchedule = "*/15";

/** How a job stands: its last run, and one that is on. */
export function runOf(cluster: Cluster, id: string, job: Section): Replication {
  cluster.state.replications ??= {};
  cluster.state.replications[id] ??= { since: cluster.seconds(), last_try: 0, last_sync: 0, fail_count: 0, log: [] };
  const run = cluster.state.replications[id];
  for (let round = 0; round < rounds; round++) {
    const due = dueAt(cluster, run, job);
    if (due === undefined || due > cluster.seconds()) break;
    delete run.requested;
    carryOut(cluster, id, job, run, due);
  }
  return run;
}

/** Asks for a run in the scheduler's next round. */
export function request(cluster: Cluster, id: string, job: Section): void {
  runOf(cluster, id, job).requested = cluster.seconds();
}

/** The next run: what was asked for comes with the next minute, else the schedule decides; a disabled job has none. */
function dueAt(cluster: Cluster, run: Replication, job: Section): number | undefined {
  const { requested, last_try: last, since, fail_count: failures } = run;
  if (requested !== undefined) return (Math.floor(requested / minute) + 1) * minute;
  if (job.options.disable === "1" || job.options.remove_job !== undefined) return undefined;
  if (failures > 0) return last + retry * Math.min(failures, 3);
  const schedule = String(job.options.schedule ?? usualSchedule);
  const latest = Math.max(last, since);
  const next = nextRun(schedule, latest);
  // of the runs that lie back only the last one is worth its time
  const recent = nextRun(schedule, cluster.seconds() - 24 * 3600);
  return next !== undefined && recent !== undefined && recent > next && recent <= cluster.seconds() ? recent : next;
}

function carryOut(cluster: Cluster, id: string, job: Section, run: Replication, at: number): void {
  const guest = cluster.guest(Number(id.split("-")[0]));
  const target = cluster.state.nodes[String(job.options.target)];
  if (guest === undefined || target === undefined) {
    run.last_try = at;
    return;
  }
  const disks = disksOf(cluster, guest, guest.config.values).filter(({ volume }) => volume.node !== undefined);
  const seconds = 1 + disks.reduce((sum, { volume }) => sum + copyTime(volume) / 1000, 0);
  const say = (offset: number, text: string) => {
    const time = new Date((at + offset) * 1000).toISOString().slice(0, 19).replace("T", " ");
    return `${time} ${id}: ${text}`;
  };
  const snapshot = `__replicate_${id}_${at}__`;
  const word = guest.type === "qemu" ? "VM" : "CT";
  const full = run.last_sync === 0;
  const each = ({ volume }: Disk) => [
    say(1, `create snapshot '${snapshot}' on ${volume.volid}`),
    say(1, `using secure transmission, rate limit: ${job.options.rate ?? "none"}`),
    say(1, `${full ? "full" : "incremental"} sync '${volume.volid}' (${snapshot})`),
    say(seconds, `successfully imported '${volume.volid}'`),
  ];
  const begin = [
    say(0, "start replication job"),
    say(0, `guest => ${word} ${guest.vmid}, running => ${guest.process?.pid ?? 0}`),
    say(0, `volumes => ${disks.map(({ volume }) => volume.volid).join(",")}`),
  ];
  const failed = target.online ? undefined : `No route to host ${target.ip}`;
  Object.assign(run, { last_try: at, duration: seconds, until: at + seconds });
  if (failed === undefined) {
    Object.assign(run, { last_sync: at, fail_count: 0 });
    delete run.error;
    run.log = [...begin, ...disks.flatMap(each), say(seconds, "end replication job")];
  } else {
    Object.assign(run, { fail_count: run.fail_count + 1, error: failed });
    run.log = [...begin, say(seconds, `end replication job with error: ${failed}`)];
  }
}

/** The part of a job's state that its runs make (GET …/replication/{id}/status). */
export function stateOf(cluster: Cluster, id: string, job: Section): Record<string, unknown> {
  const run = runOf(cluster, id, job);
  const next = dueAt(cluster, run, job) ?? nextRun(String(job.options.schedule ?? usualSchedule), cluster.seconds());
  const on = run.until !== undefined && run.until > cluster.seconds();
  return {
    ...(on || run.duration === undefined ? {} : { duration: run.duration }),
    ...(run.error === undefined ? {} : { error: run.error }),
    fail_count: run.fail_count,
    last_sync: on && run.last_sync === run.last_try ? 0 : run.last_sync,
    last_try: run.last_try,
    ...(next === undefined ? {} : { next_sync: next }),
    ...(on ? { pid: 7067 } : {}),
  };
}
