// Owns what is told of snapshots: the tree of them, what was taken, what a guest went back to, what is left.
import type { Row } from "../toolkit/answer.ts";
import type { Ground, Present } from "../toolkit/operation.ts";
import { guestName } from "../toolkit/present.ts";
import { stateOf } from "./guest-state.ts";
import { rowsIn } from "./rows.ts";

/** PVE's entry for the guest as it is now, behind the snapshot that it goes on from (facts 26). */
const isNow = ({ name }: Row) => name === "current";

/** Each snapshot behind the one that it was taken from, with a dash a step; what has lost its parent stands at the root. */
function tree(rows: readonly Row[]): Row[] {
  const names = new Set(rows.map(({ name }) => name));
  const below = new Map<unknown, Row[]>();
  for (const row of rows) {
    const parent = names.has(row.parent) && row.parent !== row.name ? row.parent : undefined;
    below.set(parent, [...(below.get(parent) ?? []), row]);
  }
  const order = (all: readonly Row[]) => [...all].sort((one, other) => age(one) - age(other));
  const walk = (parent: unknown, depth: number): Row[] =>
    order(below.get(parent) ?? []).flatMap((row) => [
      { ...row, tree: `${"-".repeat(depth)}${row.name}` },
      ...walk(row.name, depth + 1),
    ]);
  return walk(undefined, 0);
}

const age = (row: Row) => (isNow(row) ? Number.POSITIVE_INFINITY : Number(row.snaptime ?? 0));

export const listed: Present = (data, ground) => {
  const rows = rowsIn(data);
  const count = rows.filter((row) => !isNow(row)).length;
  const parent = rows.find(isNow)?.parent;
  const on = parent === undefined ? "" : `; it goes on from ${parent}`;
  return { summary: `${count} snapshot${count === 1 ? "" : "s"} of ${guestName(ground)}${on}`, rows: tree(rows) };
};

async function snapshotsOf({ guest, read: ask }: Ground): Promise<Row[]> {
  const path = { node: guest?.node ?? "", vmid: guest?.vmid ?? 0 };
  return rowsIn((await ask(`GET /nodes/{node}/${guest?.type ?? "qemu"}/{vmid}/snapshot`, path)).data);
}

export const taken: Present = async (_, ground) => {
  const row = (await snapshotsOf(ground)).find(({ name }) => name === ground.values.snapname);
  if (!row)
    return { outcome: "failed", kind: "task-failed", summary: "The task ended OK, but there is no such snapshot" };
  const withoutRam = Number(ground.values.vmstate ?? 0) === 1 && Number(row.vmstate ?? 0) !== 1;
  return { record: row, notes: withoutRam ? ["The VM did not run, so there was no memory to save (vmstate)."] : [] };
};

/** A guest that ran runs again only from a snapshot with its memory, or where it is started. */
export const wentBack: Present = async (_, ground) => {
  const [record, snapshots] = [await stateOf(ground), await snapshotsOf(ground)];
  const withRam = snapshots.some(({ name, vmstate }) => name === ground.values.snapname && Number(vmstate ?? 0) === 1);
  const soon =
    "PVE may refuse the next tasks for half a minute, while it cleans up after the memory that it read back.";
  return {
    summary: `${guestName(ground)} is what it was at ${ground.values.snapname}, and ${record.qmpstatus ?? record.status}`,
    record,
    notes: withRam ? [soon] : [],
  };
};

export const removed: Present = async (_, ground) => {
  const left = (await snapshotsOf(ground)).filter((row) => !isNow(row)).map(({ name }) => name);
  return { notes: [left.length === 0 ? "No snapshot of it is left." : `Left: ${left.join(", ")}.`] };
};
