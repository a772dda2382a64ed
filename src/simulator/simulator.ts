// The embedded cluster: a PVE cluster in memory behind one function of fetch's shape.
import { handlers } from "./domains/all.ts";
import { answer } from "./door/door.ts";
import { realClock, type SimulatorClock } from "./engine/clock.ts";
import { Cluster } from "./engine/cluster.ts";
import { seededRandom } from "./engine/random.ts";
import type { ClusterState } from "./engine/state.ts";
import { withFaults } from "./faults/faults.ts";
import type { FaultRule } from "./faults/rule.ts";
import { type StartOptions, startState } from "./start/start.ts";

export interface Simulator {
  /** Answers as pve1's proxy does; any host is taken, the path begins with /api2/json or /api2/extjs. */
  fetch(request: Request): Promise<Response>;
  /** Complete API tokens ("root@pam!mcp=uuid"), to be sent as `Authorization: PVEAPIToken=…`. */
  tokens: { root: string; auditor: string; operator: string; powerless: string };
  /** The cluster as one plain value; a test may look into it and change it between requests. */
  state: ClusterState;
  /** Faults on demand; a test may add rules and take them away between requests. */
  faults: FaultRule[];
}

export interface SimulatorOptions extends StartOptions {
  /** Real time unless told. */
  clock?: SimulatorClock;
  /** How many times quicker tasks and PVE's waiting are; 1 unless told. Infinity takes no time at all. */
  speed?: number;
  /** Decides all that is random: secrets, MAC addresses, figures. */
  seed?: number;
  faults?: readonly FaultRule[];
}

export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const clock = options.clock ?? realClock;
  const random = seededRandom(options.seed ?? Math.floor(Math.random() * 4294967296));
  const { state, secrets } = startState(options, clock.now(), random);
  const cluster = new Cluster({ state, clock, random, speed: options.speed ?? 1 });
  const door = { cluster, handlers, local: "pve1" };
  const faults = [...(options.faults ?? [])];
  const fetch = withFaults((request) => answer(door, request), faults, { clock, workers: cluster.workers });
  return { fetch: (request) => abortable(request.signal, () => fetch(request)), tokens: secrets, state, faults };
}

/** A fetch that is aborted rejects at once; what the request has set going goes on, as on a real host. */
function abortable(signal: AbortSignal, go: () => Promise<Response>): Promise<Response> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    go()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", abort));
  });
}
