// Owns the one decision whether an operation may run: for lists and for calls alike.
import type { EndpointKey } from "../schema/endpoints.gen.ts";
import { type Kind, tierOf } from "./kind.ts";

/** What the operator allows; comes from the settings. */
export interface Policy {
  /** PROXMOX_ALLOW_ELEVATED */
  readonly elevated: boolean;
  /** PROXMOX_READ_ONLY: wins over `elevated`, in lists too. */
  readonly readOnly: boolean;
  /** PROXMOX_DENY: kinds taken away again. */
  readonly deny: readonly Kind[];
  /** The bearer token of the caller, whose narrowing is in the others. */
  readonly token?: string;
}

/** Why an operation may not run, and the one setting that would change it. */
export interface Denial {
  readonly reason: string;
  readonly remedy: string;
}

/** Thrown where a change is about to be sent that the operator has just forbidden. */
export class Denied extends Error {
  constructor(readonly denial: Denial) {
    super(denial.reason);
    this.name = "Denied";
  }
}

/** Where the operator's stop file (PROXMOX_STOP_FILE) is while it exists; asked before every change. */
export type Halted = () => Promise<string | undefined>;

/**
 * Keeps everything but reading from the wire while the stop file exists: looked at before every request that changes something.
 * @throws Denied
 */
export async function refuseHalted(request: Kind | EndpointKey, halted: Halted | undefined): Promise<void> {
  if (!halted || request === "read" || request.startsWith("GET ")) return;
  const file = await halted();
  if (file === undefined) return;
  throw new Denied({
    reason: "the operator has stopped everything but reading",
    remedy: `The stop file ${file} exists: once it is removed, this operation runs again.`,
  });
}

/** Whether an operation of this kind is listed at all. Only read-only mode hides: the rest is listed and answered. */
export function isListed(kind: Kind, policy: Pick<Policy, "readOnly">): boolean {
  return !policy.readOnly || kind === "read";
}

/** `undefined` when an operation of this kind may run. */
export function denialOf(kind: Kind, policy: Policy): Denial | undefined {
  if (kind === "read") return undefined;
  if (policy.readOnly) {
    if (policy.token !== undefined) {
      return {
        reason: `the token ${policy.token} may only read here`,
        remedy: byToken("--read-only", "PROXMOX_READ_ONLY"),
      };
    }
    return {
      reason: "the server runs in read-only mode",
      remedy: "Unset PROXMOX_READ_ONLY (or start without --read-only) to enable this operation.",
    };
  }
  if (!policy.elevated && tierOf(kind) === "elevated") {
    return {
      reason: "Operation requires elevated permissions",
      remedy: "Set PROXMOX_ALLOW_ELEVATED=true to enable this operation.",
    };
  }
  if (policy.deny.includes(kind)) {
    return {
      reason: `operations of the kind ${kind} are switched off`,
      remedy:
        policy.token !== undefined
          ? byToken("--deny", "PROXMOX_DENY")
          : `Take ${kind} out of PROXMOX_DENY to enable this operation.`,
    };
  }
  return undefined;
}

const byToken = (option: string, setting: string): string =>
  `The token's ${option} or the service's ${setting} says so; whoever runs the service makes tokens (proxmox-mcp token new).`;
