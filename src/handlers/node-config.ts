// Owns how a node is set up without losing what stands there: time zone, name servers, hosts file.
import type { Compose, Perform, Present } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { changesOf, entryOf, withEntry } from "./hosts-file.ts";
import { lookedAt, unseen } from "./look.ts";
import { placeOf, rowIn, wordsIn } from "./rows.ts";

/** PVE tells the time on the wall as if its zone were UTC. */
function timesIn(data: unknown) {
  const { time, localtime, timezone } = rowIn(data);
  if (time === undefined || localtime === undefined) return {};
  const ahead = Math.round((Number(localtime) - Number(time)) / 60);
  const iso = (seconds: unknown) => new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  const offset = new Date(Math.abs(ahead) * 60_000).toISOString().slice(11, 16);
  return { timezone, utc: `${iso(time)}Z`, local: `${iso(localtime)}${ahead < 0 ? "-" : "+"}${offset}` };
}

export const bothTimes: Present = (data) => ({ record: timesIn(data) });

export const setZone: Perform = async (acting, values) => {
  const now = async () => (await acting.read("GET /nodes/{node}/time", placeOf(acting, "node"))).data;
  const before = rowIn(await lookedAt(now()));
  await acting.send("PUT /nodes/{node}/time", values);
  return { data: { old: before.timezone, ...timesIn(await lookedAt(now())) } };
};

/** What `setZone` brings: the zone that was, and the times as they are. */
export const zoneSet: Present = (data) => {
  const { old, ...record } = rowIn(data);
  if (record.timezone === undefined) return { record: {}, notes: [unseen] };
  if (old === undefined) return { record };
  return { record, changes: old === record.timezone ? [] : [{ key: "timezone", old, new: record.timezone }] };
};

/** What isn't given stays: PVE writes the file anew from what it gets. */
export const nameServers: Compose = async (ground) => {
  const gone = wordsIn(ground.values.delete);
  const wrong = gone.find((name) => !/^dns[123]$/.test(name));
  if (wrong !== undefined) throw new Refusal(`delete takes dns1, dns2 and dns3 (was ${JSON.stringify(wrong)})`);
  const both = gone.find((name) => ground.values[name] !== undefined);
  if (both !== undefined) throw new Refusal(`${both} can't be set and deleted at once`);
  const standing = rowIn((await ground.read("GET /nodes/{node}/dns", placeOf(ground, "node"))).data);
  const names = ["search", "dns1", "dns2", "dns3"].filter((name) => !gone.includes(name));
  return Object.fromEntries(names.map((name) => [name, ground.values[name] ?? standing[name]]));
};

/** One entry, or the whole file: read, changed and written with its digest, and read again. */
export const writeHosts: Perform = async (acting) => {
  const { ip, name, data: whole, digest, comment } = acting.values;
  if (whole !== undefined && (ip ?? name ?? comment) !== undefined)
    throw new Refusal("data is the whole file: give it alone, or ip and name for one entry");
  if (whole !== undefined && String(whole).trim() === "")
    throw new Refusal("data is empty: a node without its own name in /etc/hosts doesn't start its cluster file system");
  const entry = whole === undefined ? entryOf({ ip, name, comment }) : undefined;
  const place = placeOf(acting, "node");
  const file = async () => rowIn((await acting.read("GET /nodes/{node}/hosts", place)).data);
  const before = await file();
  const data = entry ? withEntry(String(before.data ?? ""), entry) : String(whole);
  await acting.send("POST /nodes/{node}/hosts", { ...place, data, digest: digest ?? before.digest });
  return { data: { before: before.data, ...((await lookedAt(file())) ?? { data, unseen }) } };
};

export const hostLines: Present = (data, { values }) => {
  const { before, data: text = "", digest, unseen: note } = rowIn(data);
  const comment = values.comment === undefined ? [] : ["PVE has no comments here: it stands behind # in the line."];
  return {
    lines: String(text).trimEnd().split("\n"),
    ...(before === undefined ? {} : { changes: changesOf(before, text) }),
    notes: [...comment, String(note ?? `digest: ${digest}`)],
  };
};
