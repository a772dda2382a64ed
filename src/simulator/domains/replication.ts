// Replication jobs: /cluster/replication and a node's view of them. Volumes are replicated where the storage can.
import { failure } from "../engine/error.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";
import { assertFresh, changeSection, sectionDigest, sectionFile } from "../engine/section-file.ts";
import type { Guest, Section, SectionFile } from "../engine/state.ts";
import { disksOf } from "../guests/copy.ts";
import { typed } from "./firewall-scope.ts";
import { request, runOf, stateOf, usualSchedule } from "./replication-run.ts";

type Row = Record<string, unknown>;

/** A marked job is gone with the scheduler's next round, seconds. */
const round = 60;

/** The jobs; those that were marked and whose time has come are taken away first. */
function jobs({ cluster }: Call): SectionFile {
  const file = sectionFile(cluster.state, "replication.cfg");
  for (const [id, { options }] of Object.entries(file)) {
    if (options[marked] !== undefined && Number(options[marked]) + round <= cluster.seconds()) delete file[id];
  }
  return file;
}

/** When a job was marked; not an option of PVE's. */
const marked = "marked-at";

const guestOf = (id: string) => Number(id.split("-")[0]);

function found(call: Call, what = "no such replication job"): Section {
  const id = call.params.need("id");
  const job = jobs(call)[id];
  if (job === undefined) throw failure(`${what} '${id}'`);
  return job;
}

/** PVE asks for the privilege on the guest before it looks for the job; 8.4 has asked for another one at the door. */
function checked(privilege: "VM.Audit" | "VM.Replicate", handler: Handler, orOnNode = false): Handler {
  return (call) => {
    const { cluster, caller, node } = call;
    const isKnown = privilege === "VM.Audit" || cluster.state.release !== "8.4";
    const may = orOnNode && caller.can(`/nodes/${node}`, ["Sys.Audit"]);
    if (isKnown && !may) caller.check(`/vms/${guestOf(call.params.need("id"))}`, [privilege]);
    return handler(call);
  };
}

function shown(call: Call, id: string, { type, options }: Section): Row {
  const { [marked]: _, ...own } = options;
  const texts = Object.fromEntries(Object.entries(own).map(([name, value]) => [name, String(value)]));
  const guest = guestOf(id);
  const source = call.cluster.guest(guest)?.node;
  return {
    ...typed("POST /cluster/replication", texts),
    guest,
    id,
    jobnum: Number(id.split("-")[1]),
    ...(source === undefined ? {} : { source }),
    type,
  };
}

const visible = (call: Call, id: string) => call.caller.can(`/vms/${guestOf(id)}`, ["VM.Audit"]);

/** Only ZFS replicates; other local storages say so, shared ones have nothing to replicate. */
function assertReplicable({ cluster }: Call, guest: Guest): void {
  const disks = disksOf(cluster, guest, guest.config.values).filter(({ properties }) => properties.replicate !== "0");
  const local = disks.filter(({ volume }) => volume.node !== undefined);
  const unfit = local.find(({ volume }) => !cluster.state.replicating.includes(cluster.storage(volume.storage).type));
  if (unfit !== undefined) throw failure(`missing replicate feature on volume '${unfit.volume.volid}'`);
  if (local.length === 0) throw failure("No replicatable volumes found");
}

function create(call: Call): null {
  const { cluster, params } = call;
  const id = params.need("id");
  const target = params.need("target");
  const file = jobs(call);
  if (file[id] !== undefined) throw failure(`replication job '${id}' already exists`);
  const same = Object.entries(file).some(
    ([other, job]) => guestOf(other) === guestOf(id) && job.options.target === target,
  );
  if (same) throw failure(`replication job for guest '${guestOf(id)}' to target 'local/${target}' already exists`);
  const guest = cluster.guest(guestOf(id));
  if (guest === undefined) throw failure(`guest '${guestOf(id)}' does not exist`);
  if (guest.node === target) throw failure("Source and target must not be identical");
  if (cluster.state.nodes[target] === undefined) throw failure(`no such cluster node '${target}'`);
  assertReplicable(call, guest);
  const job = { type: params.need("type"), options: params.rest("id", "type") };
  file[id] = job;
  // the runs of a job of the same id that was there before aren't this one's
  delete cluster.state.replications?.[id];
  runOf(cluster, id, job);
  return null;
}

const optionNames = ["comment", "disable", "rate", "remove_job", "schedule", "source"];

function update(call: Call): null {
  const job = found(call, "no such job");
  assertFresh(jobs(call), call.params.text("digest"));
  const unknown = call.params.list("delete").find((name) => !optionNames.includes(name));
  if (unknown !== undefined) throw failure(`no such option '${unknown}'`);
  changeSection(job, call.params.rest("id", "delete", "digest"), call.params.list("delete"));
  return null;
}

/** The job is marked; its next run takes the copies away, with `force` it goes at once. */
function remove(call: Call): null {
  const { params } = call;
  const id = params.need("id");
  const job = jobs(call)[id];
  if (params.flag("force")) delete jobs(call)[id];
  else if (job === undefined) throw failure(`no such job '${id}'`);
  else
    Object.assign(job.options, {
      remove_job: params.flag("keep") ? "local" : "full",
      [marked]: String(call.cluster.seconds()),
    });
  return null;
}

function state(call: Call, id: string, job: Section): Row {
  const { cluster } = call;
  const guest = cluster.guest(guestOf(id));
  return {
    ...shown(call, id, job),
    ...stateOf(cluster, id, job),
    schedule: String(job.options.schedule ?? usualSchedule),
    vmtype: guest?.type ?? "qemu",
  };
}

function ofNode(call: Call): Row[] {
  const wanted = call.params.number("guest");
  return Object.entries(jobs(call))
    .filter(([id]) => visible(call, id) && call.cluster.guest(guestOf(id))?.node === call.node)
    .filter(([id]) => wanted === undefined || guestOf(id) === wanted)
    .map(([id, job]) => state(call, id, job));
}

function log(call: Call): Row[] {
  const { cluster, params, extras } = call;
  const { log: written } = runOf(cluster, params.need("id"), found(call));
  const lines = written.length === 0 ? ["unable to open file - No such file or directory"] : written;
  extras.total = lines.length;
  const start = params.number("start") ?? 0;
  const limit = params.number("limit") ?? 50;
  return lines.slice(start, limit === 0 ? undefined : start + limit).map((t, index) => ({ n: start + index + 1, t }));
}

export const replication: Handlers = {
  "GET /cluster/replication": (call) =>
    Object.entries(jobs(call))
      .filter(([id]) => visible(call, id))
      .map(([id, job]) => shown(call, id, job)),
  "POST /cluster/replication": checked("VM.Replicate", create),
  "GET /cluster/replication/{id}": checked("VM.Audit", (call) => {
    const job = found(call);
    return { ...shown(call, call.params.need("id"), job), digest: sectionDigest(jobs(call)) };
  }),
  "PUT /cluster/replication/{id}": checked("VM.Replicate", update),
  "DELETE /cluster/replication/{id}": checked("VM.Replicate", remove),
  "GET /nodes/{node}/replication": ofNode,
  "GET /nodes/{node}/replication/{id}": (call) => {
    found(call);
    return ["schedule_now", "log", "status"].map((name) => ({ name }));
  },
  "GET /nodes/{node}/replication/{id}/status": checked("VM.Audit", (call) =>
    state(call, call.params.need("id"), found(call)),
  ),
  "GET /nodes/{node}/replication/{id}/log": checked("VM.Audit", log, true),
  "POST /nodes/{node}/replication/{id}/schedule_now": checked("VM.Replicate", (call) => {
    request(call.cluster, call.params.need("id"), found(call));
    return "";
  }),
};
