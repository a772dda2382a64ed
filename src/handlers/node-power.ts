// Owns what is told when all guests of a node are touched at once, or the node itself goes down.
import { PveError } from "../pve/errors.ts";
import { parseUpid } from "../pve/upid.ts";
import type { Row } from "../toolkit/answer.ts";
import type { Compose, Ground, Perform, Present } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { linesIn, placeOf, rowIn, rowsIn, wordsIn } from "./rows.ts";

/**
 * The guests by number or name; without them all that PVE means. An empty list is no leave to take all of them, and PVE
 * passes over a guest of another node without a word.
 */
export const chosen: Compose = async ({ values, find }) => {
  if (values.vms === undefined) return {};
  const refs = wordsIn(values.vms);
  if (refs.length === 0) throw new Refusal("vms names no guest: leave it out only if all guests of the node are meant");
  const unseen = (ref: string) => (error: unknown) => {
    // a number may be that of a guest that the token doesn't see
    if (/^\d+$/.test(ref) && error instanceof PveError) return { vmid: ref, node: values.node };
    throw error;
  };
  const guests = await Promise.all(refs.map((ref) => find(ref).catch(unseen(ref))));
  const away = guests.filter(({ node }) => node !== values.node);
  if (away.length > 0)
    throw new Refusal(...away.map(({ vmid, node }) => `vms: guest ${vmid} is on ${node}, not on ${values.node}`));
  return { vms: guests.map(({ vmid }) => vmid).join(",") };
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
    const passedOver = wordsIn(ground.values.vms).filter((vmid) => !guests.includes(vmid));
    if (passedOver.length > 0) shown.notes.push(`PVE had nothing to do with ${passedOver.join(", ")}.`);
    if (guests.length === 0) return { ...shown, summary: `Nothing was to be done with the guests of ${node.node}` };
    if (failed.length === 0 && refused.length === 0)
      return { ...shown, summary, ...(skipped.length > 0 ? { outcome: "warnings" } : {}) };
    const passed = refused.map((vmid) => `${vmid}: no task was started, see the notes`);
    const reason = [...failed.map(({ id, status }) => `${id}: ${status}`), ...passed];
    return { ...shown, outcome: "failed", kind: "task-failed", summary, reason };
  };

/** What goes down with the node is looked at before: afterwards it may be the one that would have to say so. */
export const takeDown: Perform = async (acting, values) => {
  const seen = await Promise.all([runningOn(acting), withoutIt(acting)]);
  await acting.send("POST /nodes/{node}/status", values);
  return { data: { seen: seen.flat() } };
};

async function runningOn({ values, read: ask }: Ground): Promise<string[]> {
  const guests = await ask("GET /cluster/resources", { type: "vm" }).catch(unknown);
  const running = rowsIn(guests.data).filter(({ node, status }) => node === values.node && status === "running");
  return running.length === 0 ? [] : [`${running.length} of its guests were running and are shut down with it.`];
}

async function withoutIt({ values, read: ask }: Ground): Promise<string[]> {
  const rows = rowsIn((await ask("GET /cluster/status", {}).catch(unknown)).data);
  const nodes = rows.filter(({ type }) => type === "node");
  const isIt = ({ name }: Row) => name === values.node;
  const left = nodes.filter((node) => Number(node.online) === 1 && !isIt(node)).length;
  const needed = Math.floor(nodes.length / 2) + 1;
  const isCluster = rows.some(({ type }) => type === "cluster");
  return [
    ...(nodes.some((node) => isIt(node) && Number(node.local) === 1)
      ? ["It is the node that answers here: nothing more can be asked by way of it until it is back."]
      : []),
    ...(isCluster && left < needed
      ? [
          `Without it ${left} of ${nodes.length} nodes are online, and ${needed} are needed for quorum: nothing can be started or changed until it is back.`,
        ]
      : []),
  ];
}

const unknown = (error: unknown) => {
  if (error instanceof PveError) return { data: undefined };
  throw error;
};

/** Nothing proves yet that it went down. */
export const goingDown: Present = (data, { values }) => {
  const notes = linesIn(rowIn(data).seen);
  return { record: { node: values.node }, ...(notes.length > 0 ? { notes } : {}) };
};
