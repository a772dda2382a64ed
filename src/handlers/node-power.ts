// Owns what is told when all guests of a node are touched at once, or the node itself goes down.
import { parseUpid } from "../pve/upid.ts";
import type { Compose, Present } from "../toolkit/operation.ts";
import { linesIn, placeOf, rowIn, rowsIn, wordsIn } from "./rows.ts";

/** The guests by number or name; without them all that PVE means. */
export const chosen: Compose = async ({ values, find }) => {
  const ids = wordsIn(values.vms).map(async (ref) => (/^\d+$/.test(ref) ? ref : (await find(ref)).vmid));
  return ids.length > 0 ? { vms: (await Promise.all(ids)).join(",") } : {};
};

/** PVE wants to know how many guests leave at a time; where neither the call nor the datacenter says so, one does (facts 51). */
export const withWorkers: Compose = async (ground) => {
  const guests = await chosen(ground);
  if (ground.values.maxworkers !== undefined || ground.values["max-workers"] !== undefined) return guests;
  const options = await ground.read("GET /cluster/options", {}).catch(() => undefined);
  return rowIn(options?.data).max_workers === undefined ? { ...guests, maxworkers: 1 } : guests;
};

/** The tasks that the one at hand has started, one a guest: PVE's OK says nothing of how those ended. */
export const guestTasks =
  (types: RegExp): Present =>
  async (_, ground) => {
    const node = placeOf(ground, "node");
    const upid = ground.task?.upid ?? "";
    const log = await ground.read("GET /nodes/{node}/tasks/{upid}/log", { ...node, upid, limit: 0 });
    const said = linesIn(log.data).filter((line) => !line.startsWith("TASK "));
    const guests = [...new Set(said.flatMap((line) => /(?:VM|CT) (\d+)/.exec(line)?.[1] ?? []))];
    const since = parseUpid(upid)?.startTime ?? 0;
    const tasks = await ground.read("GET /nodes/{node}/tasks", { ...node, source: "all", since, limit: 1000 });
    const rows = rowsIn(tasks.data).filter(({ id, type }) => guests.includes(String(id)) && types.test(String(type)));
    const skipped = said.flatMap((line) => /^skip (?:VM|CT) (\d+)/.exec(line)?.[1] ?? []);
    const untouched = guests.filter((vmid) => !rows.some(({ id }) => String(id) === vmid));
    const refused = untouched.filter((vmid) => !skipped.includes(vmid));
    const failed = rows.filter(({ status }) => !/^(?:OK|WARNINGS: \d+|RUNNING)$/.test(String(status ?? "RUNNING")));
    const count = `${rows.length - failed.length} of ${guests.length} guests of ${node.node}`;
    const summary = skipped.length > 0 ? `${count} are done, PVE skipped ${skipped.join(", ")}` : `${count} are done`;
    const shown = { rows, notes: said.filter((line) => !/^(?:Starting|Stopping|Suspending|Migrating) /.test(line)) };
    if (guests.length === 0) return { ...shown, summary: `Nothing was to be done with the guests of ${node.node}` };
    if (failed.length === 0 && refused.length === 0)
      return { ...shown, summary, ...(skipped.length > 0 ? { outcome: "warnings" } : {}) };
    const passed = refused.map((vmid) => `${vmid}: no task was started, see the notes`);
    const reason = [...failed.map(({ id, status }) => `${id}: ${status}`), ...passed];
    return { ...shown, outcome: "failed", kind: "task-failed", summary, reason };
  };

/** Nothing proves yet that it went down. */
export const goingDown: Present = async (_, { values, read: ask }) => {
  const { data } = await ask("GET /cluster/resources", { type: "vm" });
  const running = rowsIn(data).filter(({ node, status }) => node === values.node && status === "running");
  return running.length === 0
    ? {}
    : { notes: [`${running.length} of its guests were running and are shut down with it.`] };
};
