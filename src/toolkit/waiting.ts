// Owns how long a call waits for its task, and what it answers when the task's end can't be read.
import { PveError } from "../pve/errors.ts";
import { type TaskEnd, type WaitOptions, waitForTask } from "../pve/tasks.ts";
import type { Answer } from "./answer.ts";
import type { Caller, Cluster } from "./call.ts";

/** Seconds from the call's begin when the call doesn't say: below the patience of every known client. */
const usual = 45;
/** The same for a host that takes progress: what it is told keeps it patient. */
const withProgress = 240;
/** What is left at least of that when the request itself took long. */
const least = 5;

/** The end of a task, or the answer that says why it isn't known. `begun`: when the call began, by the cluster's clock. */
export async function waitedFor(
  upid: string,
  { client, clock }: Cluster,
  { signal, onProgress, onRequest }: Caller,
  { wait, begun, label }: { wait: number | undefined; begun: number; label: string },
): Promise<TaskEnd | Answer> {
  const spent = (clock.now() - begun) / 1000;
  const seconds = wait ?? Math.max(least, (onProgress ? withProgress : usual) - spent);
  const options: WaitOptions = {
    seconds,
    clock,
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
    ...(onRequest && { onRequest }),
  };
  try {
    return await waitForTask(client, upid, options);
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
          `Ask for the status of task ${upid} before calling again: calling again would start a second task.`,
        ],
    kind: gone ? "cancelled" : "unknown-fate",
    task: { upid },
  };
}
