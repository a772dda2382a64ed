// A guest's configuration file: values, pending changes, snapshots, and the digest that guards them (facts 17, 18).
import { createHash } from "node:crypto";
import { failure } from "./error.ts";

export type Values = Record<string, string>;

export interface GuestConfig {
  values: Values;
  pending: Values;
  /** Names whose removal is pending, with whether it is forced. */
  pendingDelete: Record<string, boolean>;
  snapshots: Record<string, Values>;
}

export function guestConfig(values: Values): GuestConfig {
  return { values, pending: {}, pendingDelete: {}, snapshots: {} };
}

/** The file as text, sections in PVE's order: the thing that the digest is made of. */
export function configText(config: GuestConfig): string {
  const section = (values: Values) =>
    Object.keys(values)
      .sort()
      .map((name) => `${name}: ${values[name]}\n`)
      .join("");
  const deletions = Object.keys(config.pendingDelete).sort().join(",");
  const pending =
    Object.keys(config.pending).length + Object.keys(config.pendingDelete).length === 0
      ? ""
      : `\n[PENDING]\n${deletions === "" ? "" : `delete: ${deletions}\n`}${section(config.pending)}`;
  const snapshots = Object.keys(config.snapshots)
    .sort()
    .map((name) => `\n[${name}]\n${section(config.snapshots[name] ?? {})}`);
  return section(config.values) + pending + snapshots.join("");
}

export function digestOf(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

export function configDigest(config: GuestConfig): string {
  return digestOf(configText(config));
}

/** The two texts that PVE has for a digest that no longer fits (facts 18). */
export const staleDigest = {
  qemu: "checksum mismatch (file change by other user?)",
  other: "detected modified configuration - file changed by other user? Try again.",
} as const;

export function assertDigest(current: string, given: string | undefined, text: string): void {
  if (given !== undefined && given !== current) throw failure(text);
}

/** Values with the pending changes laid over them: what the guest has after its next start. */
export function futureValues(config: GuestConfig): Values {
  const values = { ...config.values, ...config.pending };
  for (const name of Object.keys(config.pendingDelete)) delete values[name];
  return values;
}
