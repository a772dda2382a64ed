// Owns that the requests that change one guest go one after the other, and which of them don't wait for their turn.
import { createLimit, type Limit } from "./limit.ts";
import type { PveRequest } from "./request.ts";

/** Runs work in the turn of a guest. Rejects with the signal's reason when it is aborted while waiting. */
export type Turns = <Result>(vmid: number, work: () => Promise<Result>, signal?: AbortSignal) => Promise<Result>;

export function createTurns(): Turns {
  const queues = new Map<number, { limit: Limit; users: number }>();
  return async (vmid, work, signal) => {
    const queue = queues.get(vmid) ?? { limit: createLimit(1), users: 0 };
    queues.set(vmid, queue);
    queue.users++;
    try {
      return await queue.limit(work, signal);
    } finally {
      queue.users--;
      if (queue.users === 0) queues.delete(vmid);
    }
  };
}

/** What ends a jam must not stand in it: stopping a guest, and thawing its file systems. */
const PASSES = /\/(?:status\/stop|agent\/fsfreeze-thaw)$/;

/** Under a guest, and changes nothing of it: consoles, and what the guest's agent is asked. */
const CHANGES_NOTHING =
  /\/(?:vncproxy|termproxy|spiceproxy|mtunnel|agent\/(?:ping|get-[a-z-]+|info|network-[a-z-]+|fsfreeze-status))$/;

/** The guest that a request changes, if it has to wait for those before it; undefined: it may go at once. */
export function turnOf({ endpoint, values }: PveRequest): number | undefined {
  if (endpoint.startsWith("GET ") || !/\/(?:qemu|lxc)(?:\/\{vmid\}|$)/.test(endpoint)) return undefined;
  if (PASSES.test(endpoint) || CHANGES_NOTHING.test(endpoint)) return undefined;
  // The agent's general door: its command says whether it thaws.
  if (endpoint.endsWith("/agent") && values.command === "fsfreeze-thaw") return undefined;
  const vmid = Number(values.vmid);
  return Number.isInteger(vmid) ? vmid : undefined;
}
