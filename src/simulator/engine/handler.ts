// What a domain is: a table from endpoints to handlers. A handler gets the checked call and returns what `data` holds.
import type { EndpointKey } from "../../schema/endpoints.gen.ts";
import type { Caller } from "./caller.ts";
import type { Cluster } from "./cluster.ts";
import type { Params } from "./params.ts";

/** What stands beside `data` in the envelope (facts 22, 45). */
export interface Extras {
  total?: number;
  changes?: string;
}

export interface Call {
  readonly cluster: Cluster;
  readonly caller: Caller;
  readonly params: Params;
  /** The node of the path, `localhost` resolved; the door's own where the path has none. */
  readonly node: string;
  readonly extras: Extras;
  /** The file that came with the request. */
  readonly upload?: { name: string; bytes: Uint8Array };
}

export type Handler = (call: Call) => unknown;

export type Handlers = Partial<Record<EndpointKey, Handler>>;
