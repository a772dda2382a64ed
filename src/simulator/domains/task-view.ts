// How tasks are shown, and to whom (facts 31, 33).
import type { Caller } from "../engine/caller.ts";
import type { Task } from "../engine/state.ts";

/** One's own tasks are always visible; others' take Sys.Audit on the node. */
export function mayReadTask(caller: Caller, task: Pick<Task, "node" | "user" | "tokenid">): boolean {
  return isOwnTask(caller, task) || caller.can(`/nodes/${task.node}`, ["Sys.Audit"]);
}

/** A token sees its own tasks; a user those of its tokens as well. */
export function isOwnTask(caller: Caller, task: Pick<Task, "user" | "tokenid">): boolean {
  if (task.user !== caller.userid) return false;
  return caller.tokenid === undefined || caller.tokenid === task.tokenid;
}

const identity = (task: Task) => ({
  id: task.id,
  node: task.node,
  starttime: task.starttime,
  type: task.type,
  upid: task.upid,
});

const fullUser = (task: Task) => (task.tokenid === undefined ? task.user : `${task.user}!${task.tokenid}`);

const token = (task: Task) => (task.tokenid === undefined ? {} : { tokenid: task.tokenid });

/** In /cluster/tasks: a running one has neither status nor endtime. */
export function clusterTask(task: Task) {
  if (task.exitstatus === undefined) return { ...identity(task), saved: "0", user: fullUser(task) };
  return {
    ...identity(task),
    endtime: task.endtime,
    saved: "1",
    status: task.exitstatus,
    user: task.user,
    ...token(task),
  };
}

/** In the archive of a node. */
export function finishedTask(task: Task) {
  return {
    ...identity(task),
    endtime: task.endtime,
    pid: task.pid,
    pstart: task.pstart,
    status: task.exitstatus,
    user: task.user,
    ...token(task),
  };
}

/** Among the active ones of a node. */
export function activeTask(task: Task) {
  const ended = task.exitstatus === undefined ? {} : { endtime: task.endtime };
  const status = task.exitstatus ?? "RUNNING";
  const saved = task.exitstatus === undefined ? "0" : "1";
  return { ...identity(task), ...ended, pid: task.pid, pstart: task.pstart, saved, status, user: fullUser(task) };
}

export function taskStatus(task: Task) {
  return {
    ...(task.exitstatus === undefined ? {} : { exitstatus: task.exitstatus }),
    ...identity(task),
    pid: task.pid,
    pstart: task.pstart,
    status: task.exitstatus === undefined ? "running" : "stopped",
    user: task.user,
    ...token(task),
  };
}
