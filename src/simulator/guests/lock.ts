// The lock in a guest's config (facts 34): who may still work on it.
import { failure } from "../engine/error.ts";
import type { Guest } from "../engine/state.ts";

export function assertUnlocked(guest: Guest): void {
  const { lock } = guest.config.values;
  if (lock !== undefined) throw failure(`${guest.type === "qemu" ? "VM" : "CT"} is locked (${lock})`);
}
