// What of SDN is staged: shown beside what runs, applied and taken back.
import { parseUpid } from "../pve/upid.ts";
import type { Answer, Row } from "../toolkit/answer.ts";
import type { Ground, Perform, Present } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";
import { linesIn, rowsIn } from "./rows.ts";

export const stagedNote: Present = () => ({
  notes: ["Staged: proxmox_sdn_zone action=apply puts all staged SDN changes into force, action=rollback drops them."],
});

/** A section as it will be when it is new; else as it is, and what of it will change. */
function asStaged({ pending, ...row }: Row): Row {
  if (!isRow(pending) || Object.keys(pending).length === 0) return row;
  return row.state === "new" ? { ...row, ...pending } : { ...row, pending };
}

export const stagedRecord: Present = (data) => (isRow(data) ? { record: asStaged(data) } : {});

export const stagedRows: Present = (data) => {
  const rows = rowsIn(data).map(asStaged);
  const waiting = rows.filter(({ state }) => state !== undefined).length;
  return { rows, ...(waiting > 0 ? { notes: [`${waiting} staged, not in force.`] } : {}) };
};

/** Subnets with what is pending, of one vnet or of all; PVE knows none of a vnet whose deletion is staged. */
export async function subnetsOf({ read }: Ground, vnet: unknown): Promise<Row[]> {
  const { data } = vnet === undefined ? await read("GET /cluster/sdn/vnets", {}) : { data: [{ vnet }] };
  const all = rowsIn(data).map(async ({ vnet: name }) => {
    const asked = { vnet: String(name), pending: true };
    const { data: found } = await read("GET /cluster/sdn/vnets/{vnet}/subnets", asked);
    return rowsIn(found).map((row) => ({ ...row, vnet: name }));
  });
  return (await Promise.all(all)).flat();
}

async function stagedNow(ground: Ground): Promise<Row[]> {
  const lists = [
    ["zone", "GET /cluster/sdn/zones"],
    ["vnet", "GET /cluster/sdn/vnets"],
    ["controller", "GET /cluster/sdn/controllers"],
  ] as const;
  const asked = lists.map(async ([object, key]) => {
    const { data } = await ground.read(key, { pending: true });
    return rowsIn(data).map((row): Row => ({ ...row, object, id: row[object] }));
  });
  const subnets = (await subnetsOf(ground, undefined)).map(
    (row): Row => ({ ...row, object: "subnet", id: row.subnet }),
  );
  return [...(await Promise.all(asked)).flat(), ...subnets].filter(({ state }) => state !== undefined).map(asStaged);
}

export const rolledBack: Perform = async (acting, values) => {
  const rows = await stagedNow(acting);
  await acting.send("POST /cluster/sdn/rollback", values);
  return { data: rows };
};

/** The task ends OK whatever became of the nodes (facts 29), so that its log is read. */
export const applied: Perform = async (acting, values) => {
  const rows = await stagedNow(acting);
  const answer = await acting.send("PUT /cluster/sdn", values);
  const upid = String(answer.data);
  const node = parseUpid(upid)?.node;
  const end = node && (await acting.finish(upid).catch(() => undefined));
  if (!node || !end || !["ok", "warnings"].includes(end.state)) return answer;
  const log = await acting.read("GET /nodes/{node}/tasks/{upid}/log", { node, upid, limit: 0 }).catch(() => undefined);
  if (!log) return answer;
  return { data: { upid, rows, log: linesIn(log.data), exitstatus: end.exitstatus } };
};

export const appliedOn: Present = (data) => {
  if (!isRow(data)) return { notes: ["Whether every node took it could not be read: look at their zones."] };
  const rows = rowsIn(data.rows);
  const log = linesIn(data.log);
  const exitstatus = String(data.exitstatus ?? "OK");
  const told = verdict(log, rows.length);
  const warned = exitstatus !== "OK" && told.outcome === undefined;
  return { rows, task: { upid: String(data.upid), exitstatus, log }, ...told, ...(warned && { outcome: "warnings" }) };
};

/** A node's heading, and behind it what went wrong there. */
function verdict(log: readonly string[], count: number): Partial<Answer> {
  const nodes: { node: string; lines: string[] }[] = [];
  for (const line of log) {
    const [, node] = /^([\w.-]+): reloading network config$/.exec(line) ?? [];
    if (node !== undefined) nodes.push({ node, lines: [] });
    else if (!line.startsWith("TASK ")) nodes.at(-1)?.lines.push(line);
  }
  const failed = nodes.filter(({ lines }) => lines.some((line) => !/\bwarning/i.test(line)));
  const warned = nodes.filter(({ lines }) => lines.length > 0);
  const what = `SDN: ${count} staged ${count === 1 ? "change was" : "changes were"} applied`;
  if (failed.length === 0) {
    const summary = `${what}, ${nodes.length} nodes reloaded their network`;
    return warned.length === 0
      ? { summary }
      : { outcome: "warnings", summary: `${summary}, ${warned.length} with warnings` };
  }
  return {
    outcome: "failed",
    kind: "task-failed",
    summary: `${what}, and ${failed.length} of ${nodes.length} nodes could not reload their network`,
    reason: failed.flatMap(({ node, lines }) => lines.map((line) => `${node}: ${line}`)),
  };
}
