// Owns how long logs are read: their newest page, within a time, as lines.
import type { WireValue } from "../schema/check.ts";
import type { EndpointKey } from "../schema/registry.ts";
import type { Compose, Ground, Present } from "../toolkit/operation.ts";
import { spanOf } from "./moments.ts";
import { givenOf, linesIn, placeOf, rowIn } from "./rows.ts";

/** Lines that are shown unless the call says so. */
const usual = 50;

/** The newest page of a log whose lines PVE counts from its oldest: asks how many there are (facts 32). */
export async function newestPage(
  ground: Ground,
  log: EndpointKey,
  at: Readonly<Record<string, WireValue>>,
  most = usual,
) {
  const { start, limit = most } = ground.values;
  if (start !== undefined || limit === 0) return { ...at, start: start ?? 0, limit };
  const { total = 0 } = await ground.read(log, { ...at, limit: 1 });
  return { ...at, start: Math.max(0, total - Number(limit)), limit };
}

export const newestLines: Present = (data) => ({ lines: linesIn(data), newest: "last" });

/** PVE takes the times of this log in the node's own zone. */
export const syslogPage: Compose = async (ground) => {
  const times = Object.entries(spanOf(ground.values));
  const { localtime, time, timezone } =
    times.length > 0 ? rowIn((await ground.read("GET /nodes/{node}/time", placeOf(ground, "node"))).data) : {};
  const shift = Number(localtime ?? 0) - Number(time ?? 0);
  const local = times.map(([name, at]) => [name, wallClock(Number(at), timezone, shift)]);
  const at = { ...givenOf(ground, "node", "service"), ...Object.fromEntries(local) };
  return newestPage(ground, "GET /nodes/{node}/syslog", at);
};

/** `2026-07-01 14:00:00`: what the clock on the wall showed then, in summer as in winter; `ahead` (s) where the zone is unknown. */
export function wallClock(at: number, zone: unknown, ahead: number): string {
  try {
    const form = { timeZone: String(zone), dateStyle: "short", timeStyle: "medium" } as const;
    return new Intl.DateTimeFormat("sv-SE", form).format(at * 1000);
  } catch {
    return new Date((at + ahead) * 1000).toISOString().slice(0, 19).replace("T", " ");
  }
}

/** The newest ones unless the call says from when. */
export const journalSpan: Compose = ({ values }) => ({
  ...(values.since === undefined ? { lastentries: values.lastentries ?? usual } : {}),
  ...spanOf(values),
});

/** Where the lines begin and end is told as a cursor, in a line of its own. */
export const journalLines: Present = (data) => ({
  lines: linesIn(data).filter((line) => !/^s=[\da-f]+;i=[\da-f]+;b=/.test(line)),
  newest: "last",
});
