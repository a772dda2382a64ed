// Which backups a retention keeps: keep-last, then the newest of so many hours, days, weeks, months, years.
import type { Volume } from "../engine/state.ts";

export interface Marked {
  volume: Volume;
  mark: "keep" | "remove" | "protected" | "renamed";
}

export type Retention = Readonly<Record<string, number>>;

/** `keep-last=3,keep-daily=7` → numbers by name. */
export function readRetention(text: string): Retention {
  const pairs = text.split(",").map((part) => part.split("=") as [string, string?]);
  return Object.fromEntries(pairs.map(([name, value]) => [name, Number(value ?? 0)]));
}

/** True when nothing would ever be removed. */
export function keepsAll(retention: Retention): boolean {
  return retention["keep-all"] === 1 || Object.values(retention).every((count) => count === 0);
}

const periods: readonly [name: string, of: (date: Date) => string][] = [
  ["keep-hourly", (date) => date.toISOString().slice(0, 13)],
  ["keep-daily", (date) => date.toISOString().slice(0, 10)],
  ["keep-weekly", week],
  ["keep-monthly", (date) => date.toISOString().slice(0, 7)],
  ["keep-yearly", (date) => date.toISOString().slice(0, 4)],
];

/** Year and week by ISO 8601: a week belongs to the year of its Thursday. */
function week(date: Date): string {
  const day = date.getUTCDay() === 0 ? 7 : date.getUTCDay();
  const thursday = new Date(date.getTime() + (4 - day) * 86_400_000);
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return `${thursday.getUTCFullYear()}/${Math.floor((thursday.getTime() - first) / 604_800_000) + 1}`;
}

/** Marks one guest's backups; protected ones and those with a name of their own stand outside. */
export function markBackups(backups: readonly Volume[], retention: Retention): Marked[] {
  const outside = backups.flatMap((volume): Marked[] =>
    volume.protected === true ? [{ volume, mark: "protected" }] : [],
  );
  const counted = backups.filter((volume) => volume.protected !== true).sort((a, b) => b.ctime - a.ctime);
  const kept = new Set<Volume>(keepsAll(retention) ? counted : counted.slice(0, retention["keep-last"] ?? 0));
  for (const [name, of] of periods) keepNewest(counted, kept, retention[name] ?? 0, of);
  const marks = counted.map((volume): Marked => ({ volume, mark: kept.has(volume) ? "keep" : "remove" }));
  return [...marks, ...outside];
}

function keepNewest(all: readonly Volume[], kept: Set<Volume>, count: number, of: (date: Date) => string): void {
  const key = (volume: Volume) => of(new Date(volume.ctime * 1000));
  const covered = new Set([...kept].map(key));
  const fresh = new Set<string>();
  for (const volume of all) {
    const period = key(volume);
    if (kept.has(volume) || covered.has(period) || fresh.has(period)) continue;
    if (fresh.size >= count) return;
    fresh.add(period);
    kept.add(volume);
  }
}

/** One list a guest, in the order in which their archives first appear. */
export function byGuest(volumes: readonly Volume[]): Volume[][] {
  const groups = new Map<string, Volume[]>();
  for (const volume of volumes) {
    const key = `${volume.backup?.type ?? ""}/${volume.vmid ?? 0}`;
    groups.set(key, [...(groups.get(key) ?? []), volume]);
  }
  return [...groups.values()];
}
