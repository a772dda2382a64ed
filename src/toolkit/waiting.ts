// Owns how long a call waits for its task, and what it answers when the task's end can't be read.
import { PveError } from "../pve/errors.ts";
import { type TaskEnd, waitForTask } from "../pve/tasks.ts";
import type { Answer } from "./answer.ts";
import { type Footing, optionsOf } from "./footing.ts";

/** Seconds from the call's begin when the call doesn't say: below the patience of every known client. */
const usual = 45;
/** The same for a host that takes progress: what it is told keeps it patient. */
const withProgress = 240;
/** What is left at least of that when the request itself took long. */
const least = 5;

/** When a call has waited long enough, in milliseconds by the cluster's clock. */
export function deadlineOf({ caller: { onProgress }, begun, wait }: Footing): number {
  return begun + (wait ?? (onProgress ? withProgress : usual)) * 1000;
}

/** The end of a task, or `running` when the call has waited long enough. Throws PveError. */
export function waitedOut(upid: string, footing: Footing): Promise<TaskEnd> {
  const { client, clock } = footing.cluster;
  const { onProgress } = footing.caller;
  const seconds = footing.wait ?? Math.max(least, (deadlineOf(footing) - clock.now()) / 1000);
  return waitForTask(client, upid, {
    seconds,
    clock,
    ...optionsOf(footing.caller),
    ...(onProgress && { onProgress }),
  });
}

/** The end of a task, or the answer that says why it isn't known. */
export async function waitedFor(upid: string, footing: Footing, label: string): Promise<TaskEnd | Answer> {
  try {
    return await waitedOut(upid, footing);
  } catch (error) {
    if (!(error instanceof PveError)) throw error;
    return unread(label, upid, error);
  }
}

/** The task was started, and that is all that is known: neither a success nor a failure. */
function unread(label: string, upid: string, error: PveError): Answer {
  const gone = error.kind === "cancelled";
  return {
    outcome: "error",
    summary: gone
      ? `${label}: the waiting was cancelled, the task goes on`
      : `${label}: the task was started, and how it ends could not be read`,
    reason: gone
      ? [error.sentence, error.next]
      : [
          error.sentence,
          `Ask proxmox_node_task action=get upid=${upid} before calling again: calling again would start a second task.`,
        ],
    kind: gone ? "cancelled" : "unknown-fate",
    task: { upid },
  };
}
