// What is set up on a node: time zone, name servers, hosts file.
import { type Compose, type Perform, type Present, read, write } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { tool } from "../toolkit/tool.ts";
import { changesOf, entryOf, withEntry } from "./hosts-file.ts";
import { placeOf, rowIn, wordsIn } from "./rows.ts";

/** PVE tells the time on the wall as if its zone were UTC. */
function bothTimes(data: unknown) {
  const { time, localtime, timezone } = rowIn(data);
  if (time === undefined || localtime === undefined) return {};
  const ahead = Math.round((Number(localtime) - Number(time)) / 60);
  const iso = (seconds: unknown) => new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  const offset = new Date(Math.abs(ahead) * 60_000).toISOString().slice(11, 16);
  return { timezone, utc: `${iso(time)}Z`, local: `${iso(localtime)}${ahead < 0 ? "-" : "+"}${offset}` };
}

const setZone: Perform = async (acting, values) => {
  const now = async () => (await acting.read("GET /nodes/{node}/time", placeOf(acting, "node"))).data;
  const before = rowIn(await now());
  await acting.send("PUT /nodes/{node}/time", values);
  return { data: { old: before.timezone, ...bothTimes(await now()) } };
};

/** What isn't given stays: PVE writes the file anew from what it gets. */
const nameServers: Compose = async (ground) => {
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
const writeHosts: Perform = async (acting) => {
  const { ip, name, data: whole, digest, comment } = acting.values;
  if (whole !== undefined && (ip ?? name ?? comment) !== undefined)
    throw new Refusal("data is the whole file: give it alone, or ip and name for one entry");
  const entry = whole === undefined ? entryOf({ ip, name, comment }) : undefined;
  const place = placeOf(acting, "node");
  const file = async () => rowIn((await acting.read("GET /nodes/{node}/hosts", place)).data);
  const before = await file();
  const data = entry ? withEntry(String(before.data ?? ""), entry) : String(whole);
  await acting.send("POST /nodes/{node}/hosts", { ...place, data, digest: digest ?? before.digest });
  return { data: { before: before.data, ...(await file()) } };
};

const hostLines: Present = (data, { values }) => {
  const { before, data: text = "", digest } = rowIn(data);
  const comment = values.comment === undefined ? [] : ["PVE has no comments here: it stands behind # in the line."];
  return {
    lines: String(text).trimEnd().split("\n"),
    ...(before === undefined ? {} : { changes: changesOf(before, text) }),
    notes: [...comment, `digest: ${digest}`],
  };
};

export const nodeConfigTools = [
  tool("proxmox_node_config", "Node settings: time zone, DNS, hosts file", {
    get_time: read("GET /nodes/{node}/time", {
      present: (data) => ({ record: bothTimes(data) }),
      done: "The time on {node}",
    }),
    set_time: write("PUT /nodes/{node}/time", {
      instead: { time: "chrony keeps the clock (`chronyc makestep` or `timedatectl set-time` on the node)" },
      perform: setZone,
      present: (data) => {
        const { old, ...record } = rowIn(data);
        return { record, changes: old === record.timezone ? [] : [{ key: "timezone", old, new: record.timezone }] };
      },
      done: "The time zone of {node} is {timezone}",
    }),
    set_dns: write("PUT /nodes/{node}/dns", {
      own: { "delete?": "string" },
      optional: ["search"],
      show: ["search", "dns1", "dns2", "dns3"],
      hints: { delete: "such as dns3" },
      replaces: "GET /nodes/{node}/dns",
      compose: nameServers,
      done: "DNS settings of {node} were set",
    }),
    get_hosts: read("GET /nodes/{node}/hosts", { present: hostLines, done: "/etc/hosts of {node}" }),
    set_hosts: write("POST /nodes/{node}/hosts", {
      own: { "ip?": "ip", "name?": "string", "comment?": "string" },
      optional: ["data"],
      show: ["data"],
      hints: { data: "whole file instead" },
      perform: writeHosts,
      present: hostLines,
      done: "/etc/hosts of {node} was written",
    }),
  }),
];
