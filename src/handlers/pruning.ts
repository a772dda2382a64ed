// Owns the pruning of backups: what a retention would remove, and its removal, told backup by backup.
import type { Ground, Perform, Present } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { rowIn, rowsIn } from "./rows.ts";

const plan = "GET /nodes/{node}/storage/{storage}/prunebackups";
const prune = "DELETE /nodes/{node}/storage/{storage}/prunebackups";

/** How many to keep of each span. */
export const spans = ["last", "hourly", "daily", "weekly", "monthly", "yearly"].map((span) => `keep-${span}`);

/** What to keep, in PVE's form; nothing given is the storage's own retention, which only a dry run may use unsaid. */
export async function toKeep({ values, read }: Ground) {
  const parts = spans.filter((name) => values[name] !== undefined).map((name) => `${name}=${values[name]}`);
  const given = values["prune-backups"];
  if (parts.length > 0 && given !== undefined) {
    throw new Refusal(`prune-backups and ${parts.join(", ")} mean the same: give one of them`);
  }
  if (parts.length > 0) return { "prune-backups": parts.join(",") };
  if (given !== undefined) return {};
  const { data } = await read("GET /storage/{storage}", { storage: values.storage ?? "" });
  const own = written(rowIn(data)["prune-backups"]);
  if (values["dry-run"] === true) return own === "" ? {} : { "prune-backups": own };
  const usual = own === "" ? "has no retention of its own" : `would keep ${own}`;
  throw new Refusal(
    `what to keep is missing: keep-last=3 or the like; the storage ${usual}. dry-run=true shows what would go`,
  );
}

/** A retention as text; PVE gives it as an object here and there (facts 23). */
const written = (retention: unknown): string =>
  isRow(retention)
    ? Object.entries(retention)
        .map(([name, count]) => `${name}=${count}`)
        .join(",")
    : String(retention ?? "");

/** The plan alone, or the plan, its removal, and what of it is gone. */
export const pruned: Perform = async (acting, values) => {
  const planned = rowsIn((await acting.read(plan, values)).data);
  if (acting.values["dry-run"] === true) return { data: planned };
  const started = await acting.send(prune, values);
  // what can't be read from here on makes no failure of what PVE has begun
  const end = await acting.finish(String(started.data)).catch(() => undefined);
  const after = end?.state === "ok" ? await acting.read(plan, values).catch(() => undefined) : undefined;
  if (!after) return started;
  const left = new Set(rowsIn(after.data).map(({ volid }) => volid));
  return { data: planned.map((row) => (left.has(row.volid) ? row : { ...row, mark: "removed" })) };
};

const unread = "What was removed could not be read: look at the list, and at the task's log.";

/** What goes is told first. */
const order = ["removed", "remove", "protected", "renamed", "keep"];

export const prunedRows: Present = (data, { values }) => {
  if (!Array.isArray(data)) return { summary: `Backups on ${values.storage} were pruned`, notes: [unread] };
  const rows = rowsIn(data).sort((one, other) => order.indexOf(String(one.mark)) - order.indexOf(String(other.mark)));
  const count = (mark: string) => rows.filter((row) => row.mark === mark).length;
  const rule = values["prune-backups"] ?? "everything (the storage has no retention)";
  const [gone, left] = [count("removed"), count("remove")];
  const summary =
    values["dry-run"] === true
      ? `${left} of ${rows.length} backups on ${values.storage} would be removed, keeping ${rule}; nothing was changed`
      : `${gone} of ${rows.length} backups on ${values.storage} were removed, keeping ${rule}`;
  const missed = left > 0 && values["dry-run"] !== true ? [`${left} that were to go are still there.`] : [];
  return { rows, summary, ...(missed.length > 0 ? { notes: missed } : {}) };
};
