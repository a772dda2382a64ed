// Owns where a guest is: the look-up of a vmid or a name in the cluster's resources, and the names of nodes.
import { createCached } from "./cache.ts";
import type { PveClient, RequestOptions } from "./client.ts";
import type { Clock } from "./clock.ts";
import { cancelled, PveError, type PveErrorKind } from "./errors.ts";
import { createLimit, type Limit } from "./limit.ts";
import { nearNames } from "./near.ts";
import { quoted } from "./quote.ts";

export type GuestType = "qemu" | "lxc";

/** A guest as GET /cluster/resources has it. `name` is absent right after PVE's start, and where it isn't permitted. */
export interface Guest {
  vmid: number;
  name?: string;
  node: string;
  type: GuestType;
  status: string;
  template: boolean;
}

/** What narrows a search. */
export interface GuestHints {
  node?: string;
  type?: GuestType;
}

export interface Guests {
  /**
   * The guest with this number or name; what looks like a number is taken as a vmid first.
   * Throws PveError: "missing" (with near names), "conflict" (several, all listed), "node-down" (its node is offline).
   */
  find(ref: string | number, hints: GuestHints, options?: RequestOptions): Promise<Guest>;
  /** Nothing that was read so far is used again: to be called when PVE says that a guest isn't there, and after changes. */
  forget(): void;
  /** What a guest does has been changed: its status in the list that was read so far is `unknown` from now on. */
  changed(vmid: number): void;
  /** The names of all nodes, sorted. */
  nodes(options?: RequestOptions): Promise<string[]>;
  /** Held from asking for the next free id to the end of the request that uses it. */
  readonly ids: Limit;
}

/** How long a list is used again, in milliseconds. */
const KEPT = 5_000;

/** What PVE knows of the cluster at one moment. */
interface View {
  guests: readonly Guest[];
  offline: ReadonlySet<string>;
}

export function createGuests(client: PveClient, clock: Clock): Guests {
  const states = createCached((options) => readNodes(client, options), KEPT, clock);
  const view = createCached((options) => readView(client, options), KEPT, clock);

  const changes = new Map<number, number>();

  /** The guest as the reading of that number has it. */
  const known = (guest: Guest, number: number): Guest =>
    number > (changes.get(guest.vmid) ?? 0) ? guest : { ...guest, status: "unknown" };

  const look = async (ref: string, hints: GuestHints, options: RequestOptions): Promise<Guest> => {
    const before = view.newest();
    const { value, number } = await view.get(options);
    const outcome = choose(value, ref, hints);
    if (!(outcome instanceof PveError)) return known(outcome, number);
    // What was read before this call may be older than the guest: only a newer list proves that it isn't there.
    if (number > before) throw outcome;
    const again = choose((await view.get(options, before)).value, ref, hints);
    if (again instanceof PveError) throw again;
    return again;
  };

  const guarded = <Result>(work: Promise<Result>, signal?: AbortSignal): Promise<Result> =>
    work.catch((error: unknown) => {
      throw signal?.aborted && !(error instanceof PveError) ? cancelled() : error;
    });

  return {
    find: (ref, hints, options = {}) => guarded(look(String(ref).trim(), hints, options), options.signal),
    forget() {
      states.forget();
      view.forget();
    },
    changed(vmid) {
      changes.set(vmid, view.newest());
    },
    async nodes(options = {}) {
      const { value } = await guarded(states.get(options), options.signal);
      return [...value.keys()].sort();
    },
    ids: createLimit(1),
  };
}

/** One request for guests and nodes: the nodes' state is trusted over the guests', who go on being "running" (facts 47). */
async function readView(client: PveClient, options: RequestOptions): Promise<View> {
  const { data } = await client.request({ endpoint: "GET /cluster/resources", values: {} }, options);
  const all = rows(data);
  const offline = all.filter(({ type, status }) => type === "node" && status === "offline");
  return { guests: all.flatMap(toGuest), offline: new Set(offline.map(({ node }) => String(node))) };
}

async function readNodes(client: PveClient, options: RequestOptions): Promise<Map<string, string>> {
  const { data } = await client.request({ endpoint: "GET /nodes", values: {} }, options);
  return new Map(rows(data).flatMap(({ node, status }) => (typeof node === "string" ? [[node, String(status)]] : [])));
}

/** The one guest that is meant, or the error that says why there isn't one. */
function choose({ guests, offline }: View, ref: string, hints: GuestHints): Guest | PveError {
  const named = matches(guests, ref);
  const fitting = named.filter((guest) => fits(guest, hints));
  const [guest] = fitting;
  if (fitting.length > 1) {
    return refusal(
      "conflict",
      `${fitting.length} guests are called ${ref}: ${listed(fitting)}.`,
      "Give the vmid of the one that is meant.",
    );
  }
  if (guest && offline.has(guest.node)) {
    const next = "Bring the node back, or let HA recover the guest; until then nothing can be asked of it.";
    return refusal("node-down", `${described(guest)} is on node ${guest.node}, which is offline.`, next);
  }
  if (guest) return guest;
  if (named.length > 0) {
    return refusal(
      "missing",
      `No guest ${ref} ${hinted(hints)}; there is ${listed(named)}.`,
      "Leave node and type out: they are looked up.",
    );
  }
  const near = nearNames(
    ref,
    guests.flatMap(({ name }) => name ?? []),
  );
  const meant =
    near.length > 0
      ? `; near it: ${listed(guests.filter(({ name }) => name !== undefined && near.includes(name)))}`
      : "";
  const next = "List the guests for what there is; the token sees only those that it has VM.Audit for.";
  return refusal("missing", `There is no guest ${ref}${meant}.`, next);
}

/** A vmid wins over a name of the same digits; a name that differs in its case alone is taken when no other is exact. */
function matches(guests: readonly Guest[], ref: string): Guest[] {
  const byNumber = /^\d+$/.test(ref) ? guests.filter(({ vmid }) => vmid === Number(ref)) : [];
  if (byNumber.length > 0) return byNumber;
  const byName = guests.filter(({ name }) => name === ref);
  return byName.length > 0 ? byName : guests.filter(({ name }) => name?.toLowerCase() === ref.toLowerCase());
}

const fits = (guest: Guest, { node, type }: GuestHints): boolean =>
  (node === undefined || guest.node === node) && (type === undefined || guest.type === type);

const hinted = ({ node, type }: GuestHints): string =>
  [type && `of type ${type}`, node && `on node ${node}`].filter(Boolean).join(" ");

const described = ({ vmid, name }: Guest): string => `Guest ${vmid}${name === undefined ? "" : ` (${quoted(name)})`}`;

const listed = (guests: readonly Guest[]): string =>
  guests
    .map(
      ({ vmid, name, node, type, status }) =>
        `${vmid} ${name === undefined ? "?" : quoted(name)} (${type} on ${node}, ${status})`,
    )
    .join("; ");

function refusal(kind: PveErrorKind, sentence: string, next: string): PveError {
  return new PveError({ kind, sentence, next, sent: false });
}

function toGuest(row: Readonly<Record<string, unknown>>): Guest[] {
  const { vmid, name, node, type, status, template } = row;
  if ((type !== "qemu" && type !== "lxc") || typeof node !== "string") return [];
  const guest = {
    vmid: Number(vmid),
    node,
    type,
    status: String(status ?? "unknown"),
    template: Number(template) === 1,
  } as const;
  return [typeof name === "string" ? { ...guest, name } : guest];
}

function rows(data: unknown): Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(data)) return [];
  return data.filter((row): row is Readonly<Record<string, unknown>> => typeof row === "object" && row !== null);
}
