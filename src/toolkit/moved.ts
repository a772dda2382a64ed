// Owns the second look for a guest: once, when PVE says that it isn't where it was.
import type { RequestOptions } from "../pve/client.ts";
import { PveError } from "../pve/errors.ts";
import type { Guest, Guests } from "../pve/guests.ts";
import type { Endpoint } from "../schema/registry.ts";
import type { Answer } from "./answer.ts";

/**
 * Carries something out where the guest is. When PVE says that it isn't there, at once or at the end of the task, the
 * guest is looked up anew, and what has changed nothing is carried out once more if the guest is elsewhere by now.
 */
export async function wherever(
  guest: Guest | undefined,
  guests: Guests,
  options: RequestOptions,
  carryOut: (guest: Guest | undefined) => Promise<Answer>,
): Promise<Answer> {
  try {
    const answer = await carryOut(guest);
    const moved = guest && isGoneTask(answer, guest) ? await elsewhere(guest, guests, options) : undefined;
    return moved ? await carryOut(moved) : answer;
  } catch (error) {
    const moved = guest && isGone(error, guest) ? await elsewhere(guest, guests, options) : undefined;
    if (!moved) throw error;
    return carryOut(moved);
  }
}

/** Whether a request may change where a guest is, how it is called, or that it is there. Starting one doesn't. */
export function mayMove({ method, path }: Endpoint): boolean {
  return method !== "GET" && !/\{vmid\}\/(?:status|agent)\b/.test(path);
}

/** PVE's 500 for a guest whose configuration isn't on the node, or a node that nothing arrived at (facts 4, 8). */
function isGone(error: unknown, guest: Guest): boolean {
  if (!(error instanceof PveError)) return false;
  return error.kind === "missing" ? namesIt(error.sentence, guest) : error.kind === "node-down" && error.sent === false;
}

/** A task that was started for a guest that had just left fails with the same words, and has done nothing (facts 28). */
const isGoneTask = ({ outcome, task }: Answer, guest: Guest): boolean =>
  outcome === "failed" && namesIt(task?.exitstatus ?? "", guest);

function namesIt(text: string, { node, vmid }: Guest): boolean {
  const [, where, id] = /nodes\/([^/]+)\/(?:qemu-server|lxc)\/(\d+)\.conf' does not exist/.exec(text) ?? [];
  return where === node && id === String(vmid);
}

async function elsewhere(guest: Guest, guests: Guests, options: RequestOptions): Promise<Guest | undefined> {
  guests.forget();
  const now = await guests.find(guest.vmid, {}, options).catch(() => undefined);
  return now && now.type === guest.type && now.node !== guest.node ? now : undefined;
}
