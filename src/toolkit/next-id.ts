// Owns the taking of PVE's next free VMID: alone until PVE has used it, and once more when somebody else was faster.
import { cancelled, PveError } from "../pve/errors.ts";
import { hold, type Limit } from "../pve/limit.ts";
import type { Ground } from "./operation.ts";

/** How often another id is taken. */
const attempts = 5;

/**
 * Sends what may be given PVE's next free id on the way. From the moment in which `read` asks for it to PVE's answer
 * nobody else here takes one; PVE reserves an id only when the guest is made (facts 55).
 */
export async function withNextId<Result>(
  ids: Limit,
  read: Ground["read"],
  signal: AbortSignal | undefined,
  send: (read: Ground["read"]) => Promise<Result>,
): Promise<Result> {
  for (let count = 1; ; count++) {
    let release: (() => void) | undefined;
    try {
      return await send(async (endpoint, values) => {
        if (endpoint === "GET /cluster/nextid") release ??= await hold(ids, signal).catch(gaveUp);
        return read(endpoint, values);
      });
    } catch (error) {
      if (release === undefined || count === attempts || !isTaken(error)) throw error;
    } finally {
      release?.();
    }
  }
}

/** The caller gave up while it waited for its turn. */
function gaveUp(): never {
  throw cancelled();
}

/** `VM 101 already exists on node 'pve1'`, `… atomic file '…/171.conf' failed: File exists` from another node. */
function isTaken(error: unknown): boolean {
  if (!(error instanceof PveError) || error.kind !== "exists") return false;
  return /\b(?:VM|CT) \d+ already exists|\/\d+\.conf\S* .*File exists|config file already exists/.test(error.sentence);
}
