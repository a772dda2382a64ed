// /nodes/{node}/vzdump: backups as tasks (facts 55, 56), the defaults, the config inside an archive.
import { failure, invalid } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import { archiveOf, archiveText } from "../guests/archive.ts";
import { contents, isOnNode, storageOf } from "../guests/volumes.ts";
import { backupJob } from "./vzdump-steps.ts";

/** What only root@pam itself may say, and what takes Sys.Modify on `/`. */
const rootOnly = ["tmpdir", "dumpdir", "script", "job-id"];
const tuning = ["bwlimit", "ionice", "performance"];

export function assertMayTune({ caller, params }: Call): void {
  if (caller.tokenid === undefined && caller.userid === "root@pam") return;
  const forbidden = rootOnly.find((name) => params.has(name));
  if (forbidden !== undefined) throw invalid({ [forbidden]: "Only root may set this option." });
  if (tuning.some((name) => params.has(name))) caller.check("/", ["Sys.Modify"]);
}

const conflict = "option conflicts with option 'vmid'";

export function assertChoice({ params }: Call): void {
  for (const name of ["all", "exclude", "pool"]) {
    if (params.has("vmid") && (params.flag(name) || (name !== "all" && params.has(name))))
      throw invalid({ [name]: conflict });
  }
  const chosen = ["all", "stop", "pool", "vmid"].some((name) => params.has(name) && params.text(name) !== "0");
  if (!chosen && !params.has("exclude")) throw invalid({ vmid: "property is missing" });
}

/** The guests that are meant, by where they are; `here` holds also those that are nowhere. */
function meant({ cluster, node, params }: Call): { here: number[]; elsewhere: number[] } {
  const pool = params.text("pool");
  const excluded = params.list("exclude").map(Number);
  const all = params.flag("all") || params.has("exclude");
  const asked = params.has("vmid")
    ? params.list("vmid").map(Number)
    : pool !== undefined
      ? (cluster.state.pools[pool]?.vms ?? [])
      : all
        ? cluster.guests().map((guest) => guest.vmid)
        : [];
  const vmids = [...new Set(asked)].filter((vmid) => !excluded.includes(vmid)).sort((a, b) => a - b);
  const isElsewhere = (vmid: number) => (cluster.guest(vmid)?.node ?? node) !== node;
  return { here: vmids.filter((vmid) => !isElsewhere(vmid)), elsewhere: vmids.filter(isElsewhere) };
}

function vzdump(call: Call): string {
  const { cluster, caller, node, params } = call;
  const storage = params.text("storage");
  if (storage !== undefined) caller.check(`/storage/${storage}`, ["Datastore.AllocateSpace"]);
  assertMayTune(call);
  if (params.flag("stdout")) throw invalid({ stdout: "option is only allowed on the command line interface." });
  assertChoice(call);
  const { here, elsewhere } = meant(call);
  if (params.flag("stop")) stopRunning(call);
  if (here.length === 0 && (params.flag("stop") || !params.flag("all"))) return "OK";
  const id = here.length === 1 ? String(here[0]) : "";
  return cluster.fork(caller, node, "vzdump", id, (worker) => backupJob(call, worker, here, elsewhere));
}

/** `stop=1` ends what runs on this node. */
function stopRunning({ cluster, node }: Call): void {
  for (const task of cluster.state.tasks) {
    if (task.node === node && task.type === "vzdump" && task.exitstatus === undefined) cluster.workers.stop(task.upid);
  }
}

function defaults({ cluster, node, params }: Call): unknown {
  const storage = params.text("storage");
  const scfg = storage === undefined ? undefined : cluster.storage(storage);
  if (scfg !== undefined && !isOnNode(scfg, node))
    throw failure(`storage '${scfg.storage}' is not available on node '${node}'`);
  const prune = (scfg ?? cluster.state.storages.local)?.options["prune-backups"];
  return {
    all: 0,
    bwlimit: 0,
    compress: "0",
    ...(scfg === undefined ? { dumpdir: "/var/lib/vz/dump" } : {}),
    fleecing: { enabled: 0 },
    ionice: 7,
    lockwait: 180,
    mailnotification: "always",
    mode: "snapshot",
    "notification-mode": "auto",
    performance: { "max-workers": 16, "pbs-entries-max": 1_048_576 },
    pigz: 0,
    "prune-backups": scfg === undefined ? "keep-all=1" : (prune ?? "keep-all=1"),
    quiet: 0,
    remove: 1,
    stdexcludes: 1,
    stop: 0,
    stopwait: 10,
    storage: storage ?? "local",
    zstd: 1,
  };
}

function extractConfig(call: Call): string {
  const { cluster, caller, node, params } = call;
  const volid = params.need("volume");
  const storage = cluster.storage(storageOf(volid));
  if (!contents(storage).includes("backup")) throw failure(`storage '${storage.storage}' does not support backups`);
  const archive = archiveOf(cluster, node, volid);
  if (!caller.can(`/storage/${storage.storage}`, ["Datastore.Allocate"]))
    caller.check(`/vms/${archive.vmid ?? 0}`, ["VM.Backup"]);
  return archiveText(archive.backup);
}

export const vzdumps: Handlers = {
  "POST /nodes/{node}/vzdump": vzdump,
  "GET /nodes/{node}/vzdump/defaults": defaults,
  "GET /nodes/{node}/vzdump/extractconfig": extractConfig,
};
