// Owns what an operation may do to a cluster: its kind, and what follows from that for tiers and MCP hints.

/**
 * - `read`: shows what PVE knows; always allowed.
 * - `reveal`: changes nothing, but shows what is inside a guest or a backup.
 * - `write`: changes something that can be changed back.
 * - `destroy`: cannot be undone (delete, wipe, rollback, prune).
 * - `exec`: runs code in a guest or on a host, console tickets included.
 */
export const kinds = ["read", "reveal", "write", "destroy", "exec"] as const;
export type Kind = (typeof kinds)[number];

/** `basic` operations always run, `elevated` ones need PROXMOX_ALLOW_ELEVATED=true. */
export function tierOf(kind: Kind): "basic" | "elevated" {
  return kind === "read" ? "basic" : "elevated";
}

/** MCP 2025-11-25 ToolAnnotations, every hint stated. */
export interface Hints {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** What the hints are made of: an operation's kind, its HTTP method, and whether its request hangs on the cluster's state. */
export interface Acting {
  readonly kind: Kind;
  readonly method: string;
  readonly composed: boolean;
}

/** The hints of a tool: the sharpest of its operations decides. MCP calls all destructive that is more than adding. */
export function hintsOf(operations: readonly Acting[]): Hints {
  const isRead = (kind: Kind) => kind === "read" || kind === "reveal";
  return {
    readOnlyHint: operations.every(({ kind }) => isRead(kind)),
    destructiveHint: operations.some(({ kind, method }) => !isRead(kind) && (kind !== "write" || method !== "POST")),
    idempotentHint: operations.every(({ kind, method, composed }) => isRead(kind) || (method !== "POST" && !composed)),
    openWorldHint: operations.some(({ kind }) => kind === "exec"),
  };
}
