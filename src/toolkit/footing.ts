// Owns what a call runs with: its operation and where that goes, the cluster, the caller, the time it has.
import type { RequestOptions } from "../pve/client.ts";
import type { Guest } from "../pve/guests.ts";
import type { Endpoint } from "../schema/registry.ts";
import type { Caller, Cluster } from "./call.ts";
import type { Operation } from "./operation.ts";

/** What a call's ground is made of. */
export interface Footing {
  readonly operation: Operation;
  readonly endpoint: Endpoint;
  readonly guest: Guest | undefined;
  readonly cluster: Cluster;
  readonly caller: Caller;
  /** When the call began, by the cluster's clock, and how long it asked to wait. */
  readonly begun: number;
  readonly wait: number | undefined;
}

/** A caller as the PVE client takes it. */
export const optionsOf = ({ signal, onRequest }: Caller): RequestOptions => ({
  ...(signal && { signal }),
  ...(onRequest && { onRequest }),
});
