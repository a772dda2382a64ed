// Owns what is told of a request that was sent: enough for a log, and nothing that can hold a secret.
import type { EndpointKey } from "../schema/endpoints.gen.ts";
import type { PveErrorKind } from "./errors.ts";
import type { PveRequest } from "./request.ts";

/** One request and how it ended. */
export interface RequestTrace {
  readonly endpoint: EndpointKey;
  readonly node?: string;
  readonly vmid?: number;
  readonly milliseconds: number;
  /** HTTP status; absent when no answer came. */
  readonly status?: number;
  /** The kind of the error, where it was one. */
  readonly kind?: PveErrorKind;
}

/** How a request ended. */
interface End {
  readonly status?: number | undefined;
  readonly kind?: PveErrorKind;
}

export function traceOf({ endpoint, values }: PveRequest, milliseconds: number, { status, kind }: End): RequestTrace {
  const vmid = Number(values.vmid);
  return {
    endpoint,
    ...(typeof values.node === "string" && { node: values.node }),
    ...(Number.isInteger(vmid) && { vmid }),
    milliseconds,
    ...(status !== undefined && { status }),
    ...(kind !== undefined && { kind }),
  };
}
