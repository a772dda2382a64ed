// Owns what a guest does after an operation on it, and the waiting for the HA manager, which acts some seconds after the task.

import type { Answer, Row } from "../toolkit/answer.ts";
import type { Ground, Present } from "../toolkit/operation.ts";
import { guestName, isRow } from "../toolkit/present.ts";

/** What the guest does: status, qmpstatus, lock, template, and `hastate` of a managed one (GET …/status/current). Throws PveError. */
export async function stateOf({ guest, read }: Ground, node = guest?.node ?? ""): Promise<Row> {
  const vmid = guest?.vmid ?? 0;
  const { data } = await read(`GET /nodes/{node}/${guest?.type ?? "qemu"}/{vmid}/status/current`, { node, vmid });
  const { status, qmpstatus, lock, ha, template } = isRow(data) ? data : {};
  const managed = isRow(ha) && Number(ha.managed) === 1;
  const known = { status, qmpstatus, lock, hastate: managed ? (ha.state ?? "managed") : undefined, template };
  const set = Object.entries(known).filter(([, value]) => value !== undefined && value !== null);
  return { vmid, node, ...Object.fromEntries(set) };
}

/** A state that an operation is to bring a guest into. */
export interface Goal {
  readonly word: string;
  is(state: Row): boolean;
}

export const running: Goal = {
  word: "running",
  is: ({ status, qmpstatus }) => status === "running" && qmpstatus !== "paused",
};
export const stopped: Goal = { word: "stopped", is: ({ status }) => status === "stopped" };
export const paused: Goal = { word: "paused", is: ({ qmpstatus }) => qmpstatus === "paused" };

/**
 * Tells whether the guest is where it was to be: at the task's end, or when the HA manager has got it there. Where the
 * list, which is some seconds old, had it in the state `before`, that is said: the operation may have changed nothing.
 */
export const brings =
  (goal: Goal, before?: string): Present =>
  async (_, ground) => {
    const record = await settled(ground, () => stateOf(ground), goal.is);
    if (!goal.is(record)) return notThere(ground, record, goal.word);
    if (before === undefined || ground.guest?.status !== before) return { record, notes: byManager(ground) };
    return { record, summary: `${guestName(ground)} is ${goal.word}, as PVE's list had it before` };
  };

/** Who did it, where PVE's task was only the asking. */
export const byManager = ({ task }: Ground): string[] =>
  /:ha(?:start|stop|migrate):/.test(task?.upid ?? "")
    ? ["PVE's task asked the HA manager, which did it after the task had ended."]
    : [];

/** The state once it is what is wanted; of a guest that no HA manager keeps, the state as it is. */
export async function settled(ground: Ground, look: () => Promise<Row>, is: (state: Row) => boolean): Promise<Row> {
  let last: Row = {};
  await ground.until(async () => {
    last = await look();
    return last.hastate === undefined || last.hastate === "error" || is(last) ? last : undefined;
  });
  return last;
}

/** PVE's task ended well and the guest isn't where it was to be. */
export function notThere(ground: Ground, record: Row, wanted: string): Partial<Answer> {
  const name = guestName(ground);
  const now = `${name} is ${record.qmpstatus ?? record.status} on ${record.node}`;
  if (record.hastate === undefined)
    return { outcome: "failed", kind: "task-failed", summary: `The task ended OK, but ${now}`, record };
  if (record.hastate === "error")
    return {
      outcome: "failed",
      kind: "task-failed",
      summary: `The HA manager gave up: ${now}`,
      reason: [
        "Its HA resource is in the state error. Set the resource's state to disabled, mend the cause, then ask again.",
      ],
      record,
    };
  return {
    outcome: "running",
    summary: `The HA manager was asked to have ${name} ${wanted}, and has not done it yet`,
    notes: [
      "It acts some seconds after it was asked. Look at the guest's status in a while; asking again changes nothing.",
    ],
    record,
  };
}

/** How long a guest may be down between its reboot's task and the one that starts it, in milliseconds. */
const gap = 30_000;

/** A guest that reboots is started by a task of PVE's own, which begins when the one that was waited for has ended. */
export const rebooted: Present = async (_, ground) => {
  const since = ground.now();
  let record: Row = {};
  await ground.until(async () => {
    record = await stateOf(ground);
    return running.is(record) || ground.now() - since > gap ? record : undefined;
  });
  if (running.is(record)) return { record, notes: byManager(ground) };
  return {
    outcome: "running",
    summary: `${guestName(ground)} went down for its reboot, and is ${record.qmpstatus ?? record.status} still`,
    notes: ["PVE starts it in a task of its own after this one: look at its status in a while, then at its tasks."],
    record,
  };
};

/** A VM that is suspended to disk doesn't run any more. */
export const suspended: Present = async (data, ground) => {
  if (Number(ground.values.todisk ?? 0) === 0) return brings(paused)(data, ground);
  const saved = await brings(stopped)(data, ground);
  return { summary: `${guestName(ground)} was suspended to disk; resuming it reads its memory back`, ...saved };
};

/** The state, with the HA manager's word for guests that it keeps. */
export const status: Present = (data, ground) => {
  if (!isRow(data)) return {};
  const { ha, ...row } = data;
  const managed = isRow(ha) && Number(ha.managed) === 1;
  const { guest } = ground;
  return {
    summary: `${guestName(ground)} is ${row.qmpstatus ?? row.status}${guest ? ` on ${guest.node}` : ""}`,
    record: { ...row, node: guest?.node, ...(managed ? { hastate: ha.state ?? "managed" } : {}) },
  };
};

/** PVE says whether the guest has it as it is, and for VMs where. */
export const feature: Present = (data, ground) => {
  if (!isRow(data)) return {};
  const answer = Number(data.hasFeature) === 1 ? "yes" : "no";
  return { summary: `Feature ${ground.values.feature} of ${guestName(ground)}: ${answer}` };
};
