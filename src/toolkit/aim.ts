// Owns where a call goes: the guest that it names, the endpoint of that guest's kind, the node.
import { PveError } from "../pve/errors.ts";
import type { Guest, Guests, GuestType } from "../pve/guests.ts";
import type { WireValue } from "../schema/check.ts";
import { guestTypeAt } from "./arguments.ts";
import type { Caller, Cluster } from "./call.ts";
import { optionsOf } from "./footing.ts";
import type { Operation } from "./operation.ts";
import { Refusal } from "./refusal.ts";
import type { Settled, Settling } from "./settle.ts";

/** What a call means: its checked arguments at one endpoint, and the guest that they name. */
export interface Aim {
  readonly settled: Settled;
  readonly guest?: Guest;
}

/**
 * Finds the guest, and with it which of the endpoints is meant.
 * @throws Refusal with every problem when no endpoint takes the arguments; PveError when the guest can't be found
 */
export async function aim(settlings: readonly Settling[], { guests }: Cluster, caller: Caller): Promise<Aim> {
  const passed = settlings.filter(isSettled);
  const [best] = settlings.filter(isRefused).sort((one, other) => one.problems.length - other.problems.length);
  if (passed.length === 0 && best) throw new Refusal(...best.problems);
  const [first] = passed;
  if (!first) throw new Error("no endpoint passed the check");
  const named = first.settled.guest;
  if (!named) return first;
  const [only, another] = settlings;
  const type = named.type ?? (another || !only ? undefined : guestTypeAt(endpointOf(only)));
  // a number is enough to find a guest, wherever it has moved since the caller last looked
  const node = /^\d+$/.test(named.ref) ? undefined : named.node;
  const hints = { ...(node ? { node } : {}), ...(type ? { type } : {}) };
  const guest = await guests.find(named.ref, hints, optionsOf(caller)).catch((error: unknown) => {
    return stated({ ...named, type }, guests, error);
  });
  const right = settlings.find((one) => (guestTypeAt(endpointOf(one)) ?? guest.type) === guest.type);
  if (right && isRefused(right)) throw new Refusal(...right.problems);
  if (!right)
    throw new Refusal(
      `vmid ${named.ref} is ${guest.type === "lxc" ? "a container" : "a VM"}: this is for the other kind`,
    );
  return { settled: right.settled, guest };
}

const isSettled = (one: Settling) => "settled" in one;
const isRefused = (one: Settling) => "problems" in one;
const endpointOf = (one: Settling) => ("settled" in one ? one.settled.endpoint : one.endpoint);

/**
 * A guest that the list doesn't have, by the whole address that the call gives: a token sees only what it has VM.Audit
 * for, and PVE's own refusal says more than "there is none".
 */
async function stated(
  { ref, node, type }: { ref: string; node?: string; type: GuestType | undefined },
  guests: Guests,
  error: unknown,
): Promise<Guest> {
  const isUnseen = error instanceof PveError && error.kind === "missing" && /^\d+$/.test(ref);
  if (!isUnseen || node === undefined || type === undefined) throw error;
  const other = await guests.find(ref, {}).catch(() => undefined);
  if (other) throw error;
  return { vmid: Number(ref), node, type, status: "unknown", template: false };
}

/** Says so when the guest isn't on the node that the call named. */
export function elsewhere({ guest: named }: Settled, guest: Guest | undefined): string[] {
  if (!guest || named?.node === undefined || named.node === guest.node) return [];
  return [`Guest ${guest.vmid} is on ${guest.node}, not on ${named.node}: the call went there.`];
}

/** The node of an endpoint that needs one: as given, or the cluster's only one, unless the operation finds it out itself. */
export async function nodeOf(
  { optional = [] }: Operation,
  settled: Settled,
  { guests }: Cluster,
  caller: Caller,
): Promise<Record<string, WireValue>> {
  if (!settled.endpoint.path.includes("{node}") || settled.values.node !== undefined) return {};
  if (optional.includes("node")) return {};
  const nodes = await guests.nodes(optionsOf(caller));
  const [only, another] = nodes;
  if (only !== undefined && another === undefined) return { node: only };
  throw new Refusal(`node is missing: one of ${nodes.join(", ")}`);
}
