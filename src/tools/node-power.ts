// A node's power, and all of its guests at once.
import { parseUpid } from "../pve/upid.ts";
import { type Compose, destroy, type Options, type Present, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";
import { linesIn, placeOf, rowIn, rowsIn, wordsIn } from "./rows.ts";

/** The guests by number or name; without them all that PVE means. */
const chosen: Compose = async ({ values, find }) => {
  const ids = wordsIn(values.vms).map(async (ref) => (/^\d+$/.test(ref) ? ref : (await find(ref)).vmid));
  return ids.length > 0 ? { vms: (await Promise.all(ids)).join(",") } : {};
};

/** PVE wants to know how many guests leave at a time; where neither the call nor the datacenter says so, one does (facts 51). */
const withWorkers: Compose = async (ground) => {
  const guests = await chosen(ground);
  if (ground.values.maxworkers !== undefined || ground.values["max-workers"] !== undefined) return guests;
  const options = await ground.read("GET /cluster/options", {}).catch(() => undefined);
  return rowIn(options?.data).max_workers === undefined ? { ...guests, maxworkers: 1 } : guests;
};

/** The tasks that the one at hand has started, one a guest: PVE's OK says nothing of how those ended. */
const guestTasks: Present = async (_, ground) => {
  const node = placeOf(ground, "node");
  const upid = ground.task?.upid ?? "";
  const log = await ground.read("GET /nodes/{node}/tasks/{upid}/log", { ...node, upid, limit: 0 });
  const said = linesIn(log.data).filter((line) => !line.startsWith("TASK "));
  const guests = said.flatMap((line) => /(?:VM|CT) (\d+)/.exec(line)?.[1] ?? []);
  const since = parseUpid(upid)?.startTime ?? 0;
  const tasks = await ground.read("GET /nodes/{node}/tasks", { ...node, source: "all", since, limit: 0 });
  const rows = rowsIn(tasks.data).filter((row) => row.upid !== upid && guests.includes(String(row.id)));
  const failed = rows.filter(({ status }) => !/^(?:OK|WARNINGS: \d+|RUNNING)$/.test(String(status ?? "RUNNING")));
  const notes = said.filter((line) => !/^(?:Starting|Stopping|Suspending|Migrating) /.test(line));
  if (guests.length === 0) return { rows, notes, summary: `Nothing was to be done with the guests of ${node.node}` };
  if (failed.length === 0) return { rows, notes, summary: `${rows.length} guests of ${node.node}: done` };
  const summary = `${failed.length} of ${rows.length} guests of ${node.node} failed`;
  const reason = failed.map(({ id, status }) => `${id}: ${status}`);
  return { rows, notes, summary, reason, outcome: "failed", kind: "task-failed" };
};

const all = (...show: string[]) =>
  ({
    own: { "vms?": "string" },
    hints: { vms: "numbers or names" },
    show,
    compose: chosen,
    present: guestTasks,
    fields: "id type status starttime endtime upid",
  }) satisfies Options;

/** Nothing proves yet that it went down. */
const goingDown: Present = async (_, { values, read: ask }) => {
  const { data } = await ask("GET /cluster/resources", { type: "vm" });
  const running = rowsIn(data).filter(({ node, status }) => node === values.node && status === "running");
  return running.length === 0
    ? {}
    : { notes: [`${running.length} of its guests were running and are shut down with it.`] };
};

export const nodePowerTools = [
  tool(
    "proxmox_node_bulk",
    "A node's guests at once: those in vms, else all; start_all takes onboot ones unless force",
    {
      start_all: write("POST /nodes/{node}/startall", all("force")),
      stop_all: write("POST /nodes/{node}/stopall", all("timeout", "force-stop")),
      suspend_all: write("POST /nodes/{node}/suspendall", all()),
      migrate_all: write("POST /nodes/{node}/migrateall", {
        ...all("maxworkers", "with-local-disks"),
        compose: withWorkers,
      }),
    },
  ),
  tool("proxmox_node_power", "Power of a node: its guests go down with it", {
    shutdown: destroy("POST /nodes/{node}/status", {
      fixed: { command: "shutdown" },
      present: goingDown,
      done: "Node {node} was told to shut down",
    }),
    reboot: destroy("POST /nodes/{node}/status", {
      fixed: { command: "reboot" },
      present: goingDown,
      done: "Node {node} was told to reboot",
    }),
    wakeonlan: write("POST /nodes/{node}/wakeonlan", {
      present: (data, { values }) => ({ record: { node: values.node, mac: data } }),
      done: "A wake-on-LAN packet was sent for node {node}",
    }),
  }),
];
