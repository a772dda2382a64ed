// Owns what an operation stands on while it runs: its arguments, the guest, and the ways to ask PVE, to wait and to send.
import type { PveAnswer, PveDownload, RequestOptions, UploadFile } from "../pve/client.ts";
import type { Guest, GuestHints } from "../pve/guests.ts";
import type { TaskEnd } from "../pve/tasks.ts";
import type { WireValue } from "../schema/check.ts";
import type { EndpointKey } from "../schema/endpoints.gen.ts";
import type { Endpoint } from "../schema/registry.ts";
import type { Row } from "./answer.ts";
import { endpointsOf } from "./arguments.ts";
import { type Footing, optionsOf } from "./footing.ts";
import { refuseHalted } from "./gate.ts";
import type { Taken } from "./half-done.ts";
import type { ContainerShell } from "./shell.ts";
import type { UploadFolder } from "./upload-folder.ts";
import { deadlineOf, waitedOut } from "./waiting.ts";

type Wire = Readonly<Record<string, WireValue>>;

/** What `compose` and `present` work with. */
export interface Ground {
  /** The endpoint that will be, or was, asked. */
  readonly endpoint: Endpoint;
  /** The checked arguments: PVE's names, then the operation's own; path variables included. */
  readonly values: Wire;
  /** The guest that `vmid` named, for operations on guests. */
  readonly guest: Guest | undefined;
  /** What stands where the operation changes something (`replaces`), before the change. */
  readonly before: Row | undefined;
  /** How the task ended that was waited for; in `present` alone. */
  readonly task?: TaskEnd;
  /** Whether the operator allows more than reading: what a read has to mask otherwise. */
  readonly elevated: boolean;
  /** The token that this program signs in with: `user@realm!name`. */
  readonly self?: string;
  /** Milliseconds since 1970. */
  now(): number;
  /** Asks PVE something on the way (GET alone). Throws PveError. */
  read(endpoint: EndpointKey, values: Wire): Promise<PveAnswer>;
  /** A guest by its number or name. Throws PveError. */
  find(ref: string | number, hints?: GuestHints): Promise<Guest>;
  /** Looks again each second or two until there is something, or the call's waiting time is over. */
  until<Found>(look: () => Promise<Found | undefined>): Promise<Found | undefined>;
}

/** What `perform` works with: it sends what its operation declares, and nothing else. */
export interface Acting extends Ground {
  /** Sends to the operation's endpoint or one of its `also`, checked like any call. Throws PveError and Refusal. */
  send(endpoint: EndpointKey, values: Readonly<Record<string, unknown>>): Promise<PveAnswer>;
  /** The same, though the caller has given up: to take back what was done on the way. */
  sendAnyway(endpoint: EndpointKey, values: Readonly<Record<string, unknown>>): Promise<PveAnswer>;
  /** The end of a task that was started on the way. */
  finish(upid: string): Promise<TaskEnd>;
  /** Sends a file to the operation's endpoint. */
  upload(values: Wire, file: UploadFile): Promise<PveAnswer>;
  /** Takes a file from the operation's endpoint. */
  download(values: Wire): Promise<PveDownload>;
  /** Commands in containers; absent where SSH isn't enabled. */
  readonly shell: ContainerShell | undefined;
  /** Whether the operator lets commands hold what a shell interprets. */
  readonly unsafeCommands: boolean;
  /** The caller's cancellation. */
  readonly signal: AbortSignal | undefined;
  /** PROXMOX_UPLOAD_DIR; absent where it isn't set. */
  readonly folder: UploadFolder | undefined;
  /** Tells that a command is about to run in a guest. */
  commanded(words: readonly string[]): void;
  /** Tells the host a line. */
  progress(line: string): void;
}

export function groundOf(footing: Footing, values: Wire): Ground {
  const { endpoint, guest, cluster, caller } = footing;
  const { client, clock, guests, policy } = cluster;
  const options = optionsOf(caller);
  return {
    endpoint,
    values,
    guest,
    before: undefined,
    elevated: policy.elevated && !policy.readOnly,
    ...(client.subject !== undefined && { self: client.subject }),
    now: () => clock.now(),
    read: async (key, asked) => {
      if (!key.startsWith("GET ")) throw new TypeError(`${key} is no reading`);
      return client.request({ endpoint: key, values: asked }, options);
    },
    find: (ref, hints = {}) => guests.find(ref, hints, options),
    until: async (look) => {
      const deadline = deadlineOf(footing);
      for (let pause = 500; ; pause = Math.min(pause * 1.5, 2_000)) {
        const found = await look();
        if (found !== undefined || clock.now() >= deadline) return found;
        await clock.sleep(Math.min(pause, deadline - clock.now()), caller.signal);
      }
    },
  };
}

/** The ground of a `perform`, from the one of its `compose`. */
export function actingOn(ground: Ground, footing: Footing, taken: Taken): Acting {
  const { operation, endpoint, cluster, caller } = footing;
  const { client, folder } = cluster;
  const options = optionsOf(caller);
  const declared = new Set([
    ...endpointsOf(operation).map(({ key }) => key),
    ...(operation.also ?? []).flatMap((other) => endpointsOf({ ...operation, endpoint: other }).map(({ key }) => key)),
  ]);
  const sent = async (key: EndpointKey, given: Readonly<Record<string, unknown>>, how: RequestOptions) => {
    if (!declared.has(key)) throw new TypeError(`${key} is not declared by its operation`);
    const values = await checked(key, given);
    return { values, answer: await client.request({ endpoint: key, values }, how) };
  };
  let told = 0;
  return {
    ...ground,
    folder,
    shell: cluster.shell,
    unsafeCommands: cluster.unsafeCommands ?? false,
    signal: caller.signal,
    send: async (key, given) => {
      await refuseHalted(key, cluster.halted);
      const { values, answer } = await sent(key, given, options);
      taken.add(key, values, answer.data);
      return answer;
    },
    sendAnyway: async (key, given) => (await sent(key, given, {})).answer,
    finish: (upid) => waitedOut(upid, footing),
    upload: async (values, file) => {
      await refuseHalted(endpoint.key, cluster.halted);
      const answer = await client.upload({ endpoint: endpoint.key, values }, file, options);
      taken.add(endpoint.key, values, answer.data);
      return answer;
    },
    download: (values) => client.download({ endpoint: endpoint.key, values }, options),
    commanded: (words) => caller.onCommand?.(words),
    progress: (line) => caller.onProgress?.(line, ++told),
  };
}

async function checked(key: EndpointKey, given: Readonly<Record<string, unknown>>): Promise<Wire> {
  const [{ checkArguments }, { sentence }, { endpoint }, { Refusal }] = await Promise.all([
    import("../schema/check.ts"),
    import("../schema/problem.ts"),
    import("../schema/registry.ts"),
    import("./refusal.ts"),
  ]);
  const { values, problems } = checkArguments(endpoint(key), given);
  if (problems.length > 0) throw new Refusal(...problems.map(sentence));
  return values;
}
