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

/** The hints of a tool, from the kind and HTTP method of each of its operations: the sharpest of them decides. */
export function hintsOf(operations: readonly { readonly kind: Kind; readonly method: string }[]): Hints {
  return {
    readOnlyHint: operations.every(({ kind }) => kind === "read" || kind === "reveal"),
    destructiveHint: operations.some(({ kind }) => kind === "destroy" || kind === "exec"),
    idempotentHint: operations.every(({ kind, method }) => method !== "POST" && kind !== "exec"),
    openWorldHint: operations.some(({ kind }) => kind === "exec"),
  };
}
