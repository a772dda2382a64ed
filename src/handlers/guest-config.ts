// Owns the reading of a guest's configuration: before a change, to change what is there, and after it, to say what came of it.
import type { Row } from "../toolkit/answer.ts";
import type { Ground, Present } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";

/** Where a guest's configuration stands, for lines that change it (`replaces`). */
export const standingConfig = "GET /nodes/{node}/{type}/{vmid}/config";

/** How its figures read; a guest's configuration holds them without a unit. */
export const configUnits = { memory: "MiB", balloon: "MiB", swap: "MiB" } as const;

/** A guest's configuration: the values as text, by key. */
export type GuestConfig = Readonly<Record<string, string>>;

/** The configuration of the guest at hand, a VM's as it will be after its pending changes (GET …/config). */
export async function configOf(ground: Ground): Promise<GuestConfig> {
  const { data } = await ground.read(`GET /nodes/{node}/${typeOf(ground)}/{vmid}/config`, pathOf(ground));
  return textsIn(isRow(data) ? data : {});
}

/** The configuration as the operation found it, whose digest its change carries; read now where it wasn't. */
export function configBefore(ground: Ground): GuestConfig | Promise<GuestConfig> {
  return ground.before ? textsIn(ground.before) : configOf(ground);
}

function textsIn(row: Row): GuestConfig {
  const texts = Object.entries(row).filter(([, value]) => typeof value === "string" || typeof value === "number");
  return Object.fromEntries(texts.map(([key, value]) => [key, String(value)]));
}

/** A key of a property string of the configuration: `size` of `local-lvm:vm-100-disk-0,size=8G`. */
export function keyIn(text: string | undefined, key: string): string | undefined {
  return text?.split(",").flatMap((part) => (part.startsWith(`${key}=`) ? [part.slice(key.length + 1)] : []))[0];
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

/** What a running guest does with a change that it can't take at once. */
export const pendingNote = "The guest runs with what it had: the change takes effect when it is stopped and started.";

/** The settings that a call changed and that wait for the guest's next stop are told as pending. */
export const pendingAfter: Present = async (_, ground) => {
  const removed = String(ground.values.delete ?? "").split(/[,; ]/);
  const settings = await settingsOf(
    ground,
    (key) => key !== "digest" && (key in ground.values || removed.includes(key)),
  );
  const waiting = settings.filter(({ pending }) => pending !== undefined);
  if (waiting.length === 0) return {};
  const summary = `The change of ${waiting.map(({ key }) => key).join(", ")} is pending`;
  return { record: recordOf(settings), notes: [pendingNote], ...(waiting.length === settings.length && { summary }) };
};

/** What is told of a volume: by what stood under its key, what stands in the configuration now, and the call. */
export type Fate = (was: string, settings: readonly Setting[], ground: Ground) => string;

/** What became of a disk or mount point that was to go: a running guest may hold it until it is stopped. */
export function goneAfter(argument: string, isListed: (key: string) => boolean, done: Fate): Present {
  return async (_, ground) => {
    const key = String(ground.values[argument]);
    const settings = await settingsOf(ground, isListed);
    const waits = isPending(settings, key) || settings.some((setting) => setting.key === key);
    const pending = `The guest runs and has not let go of ${key}: it is removed when the guest is stopped or lets go of it.`;
    return {
      record: recordOf(settings),
      ...(waits
        ? { summary: `The removal of ${key} is pending`, notes: [pending] }
        : { notes: [done((await configBefore(ground))[key] ?? "", settings, ground)] }),
    };
  };
}

const typeOf = ({ guest, endpoint }: Ground) => guest?.type ?? (endpoint.path.includes("/lxc") ? "lxc" : "qemu");
const pathOf = ({ values }: Ground) => ({ node: values.node ?? "", vmid: values.vmid ?? 0 });
