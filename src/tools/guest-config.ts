// Owns the reading of a guest's configuration: before a change, to change what is there, and after it, to say what came of it.
import type { Row } from "../toolkit/answer.ts";
import type { Ground } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";

/** What GET …/config says: the values as text, and the digest that a change carries so that it meets the same state. */
export interface GuestConfig {
  readonly values: Readonly<Record<string, string>>;
  readonly digest: { readonly digest?: string };
}

/** The configuration of the guest at hand as it will be after its pending changes (GET /nodes/{node}/{type}/{vmid}/config). */
export async function configOf(ground: Ground): Promise<GuestConfig> {
  const { data } = await ground.read(`GET /nodes/{node}/${typeOf(ground)}/{vmid}/config`, pathOf(ground));
  const config = isRow(data) ? data : {};
  const digest = typeof config.digest === "string" ? { digest: config.digest } : {};
  const text = Object.entries(config).filter(([, value]) => typeof value === "string" || typeof value === "number");
  return { values: Object.fromEntries(text.map(([key, value]) => [key, String(value)])), digest };
}

/** A key of the configuration as GET …/pending shows it: what is in force, and what is to come at the next stop. */
export interface Setting {
  readonly key: string;
  /** In force now; absent when the key is new. */
  readonly now?: string;
  /** What a pending change will make it: its text, or gone. */
  readonly pending?: { readonly value: string } | "removed";
}

/** The settings of the guest with these keys, by name (GET /nodes/{node}/{type}/{vmid}/pending). */
export async function settingsOf(ground: Ground, isWanted: (key: string) => boolean): Promise<readonly Setting[]> {
  const { data } = await ground.read(`GET /nodes/{node}/${typeOf(ground)}/{vmid}/pending`, pathOf(ground));
  const rows = (Array.isArray(data) ? data.filter(isRow) : []).filter(({ key }) => isWanted(String(key)));
  return rows.map(settingIn).sort((one, other) => one.key.localeCompare(other.key, "en", { numeric: true }));
}

function settingIn(row: Row): Setting {
  const { key, value, pending } = row;
  return {
    key: String(key),
    ...(value === undefined || value === null ? {} : { now: String(value) }),
    ...(pending === undefined || pending === null ? {} : { pending: { value: String(pending) } }),
    ...(Number(row.delete ?? 0) > 0 ? { pending: "removed" } : {}),
  };
}

/** The settings for an answer: what is in force, and under `pending` what isn't yet. */
export function recordOf(settings: readonly Setting[]): Row {
  const now = settings.flatMap(({ key, now: value }) => (value === undefined ? [] : [[key, value]]));
  const pending = settings.flatMap(({ key, pending: to }) => (to ? [[key, to === "removed" ? to : to.value]] : []));
  return { ...Object.fromEntries(now), ...(pending.length > 0 ? { pending: Object.fromEntries(pending) } : {}) };
}

/** Whether a change of this key waits for the guest's next stop. */
export function isPending(settings: readonly Setting[], key: string): boolean {
  return settings.some((setting) => setting.key === key && setting.pending !== undefined);
}

const typeOf = ({ guest, endpoint }: Ground) => guest?.type ?? (endpoint.path.includes("/lxc") ? "lxc" : "qemu");
const pathOf = ({ values }: Ground) => ({ node: values.node ?? "", vmid: values.vmid ?? 0 });
