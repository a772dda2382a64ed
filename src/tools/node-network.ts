// A node's network interfaces: changes are staged, then applied or dropped (facts 45).
import { parameterOf } from "../schema/registry.ts";
import { type Compose, destroy, type Ground, type Perform, type Present, write } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { tool } from "../toolkit/tool.ts";
import { placeOf, rowIn, wordsIn } from "./rows.ts";

const byHand = "PVE writes it by itself; another value is a matter of /etc/network/interfaces on the node";
const undigested = { digest: "the staged settings have none" };
const names = { comments: "comment", slaves: "bond_slaves", "bond-primary": "bond_primary" };
const settings = {
  names,
  instead: {
    method: "PVE sets static where cidr (or address and netmask) is given, else manual",
    bridge_stp: byHand,
    bridge_fd: byHand,
    bond_miimon: byHand,
    ...undigested,
  },
  show: (
    "autostart cidr gateway address netmask mtu comments bridge_ports bond_mode bond_xmit_hash_policy bond-primary " +
    "slaves vlan-id vlan-raw-device"
  ).split(" "),
};

const changesOf = async (ground: Ground) =>
  (await ground.read("GET /nodes/{node}/network", placeOf(ground, "node"))).changes ?? "";

/** What isn't given stays: PVE would set an interface to manual when the request hasn't its address. */
const merged: Compose = async (ground) => {
  const { endpoint: at, values } = ground;
  const iface = "GET /nodes/{node}/network/{iface}";
  const standing = ground.before ?? rowIn((await ground.read(iface, placeOf(ground, "node", "iface"))).data);
  const gone = wordsIn(values.delete).map(
    (name) => Object.entries(names).find(([, ours]) => ours === name)?.[0] ?? name,
  );
  const isKept = (name: string) => parameterOf(at, name) && !gone.includes(name) && !isReplaced(name, standing, values);
  const kept = Object.entries(standing).filter(([name, value]) => isKept(name) && value !== "");
  if ((values.type ?? standing.type) === undefined) throw new Refusal("type is missing");
  const trimmed = kept.map(([name, value]) => [name, typeof value === "string" ? value.trimEnd() : value]);
  return { ...Object.fromEntries(trimmed), ...values, ...(gone.length > 0 ? { delete: gone.join(",") } : {}) };
};

/** An address has two forms: of the standing ones `cidr` is enough, and one that is given takes the place of both. */
function isReplaced(name: string, standing: Readonly<Record<string, unknown>>, values: Ground["values"]): boolean {
  const [, form, family = ""] = /^(cidr|address|netmask)(6?)$/.exec(name) ?? [];
  if (form === undefined) return values[name] !== undefined;
  const isGiven = ["cidr", "address", "netmask"].some((other) => values[`${other}${family}`] !== undefined);
  return isGiven || (form !== "cidr" && standing[`cidr${family}`] !== undefined);
}

/** PVE's diff of the interfaces file, without the head that it writes into one that it touches for the first time. */
const linesOf = (diff: string) =>
  diff
    .trimEnd()
    .split("\n")
    .filter((line) => !/^\+(?:# .*|#)?$/.test(line));

const waits = "Staged, not in force: action=apply brings all staged changes in force, action=revert drops them.";

const staged: Present = async (_, ground) => {
  const changes = await changesOf(ground);
  if (changes === "") return { notes: ["Nothing differs from what is in force."] };
  return { lines: linesOf(changes), notes: [waits] };
};

const drops = ({ endpoint, values }: Ground) => endpoint.method === "DELETE" || values.revert === true;

/** The diff is what is told of it afterwards, unless the task says more. */
const apply: Perform = async (acting, values) => {
  const changes = await changesOf(acting);
  if (drops(acting)) {
    await acting.send("DELETE /nodes/{node}/network", placeOf(acting, "node"));
    return { data: changes };
  }
  const { data } = await acting.send("PUT /nodes/{node}/network", values);
  const end = await acting.finish(String(data));
  return { data: end.state === "ok" ? changes : data };
};

const applied: Present = async (data, ground) => {
  const { node } = ground.values;
  const revert = drops(ground);
  const changes = await changesOf(ground);
  if (changes !== "")
    return { summary: `Changes of ${node} are staged still`, lines: linesOf(changes), notes: [waits] };
  const summary = revert ? `The staged changes of ${node} were dropped` : `The staged changes of ${node} are in force`;
  if (data === "")
    return { summary: `Nothing was staged on ${node}${revert ? "" : "; its network was reloaded"}`, lines: [] };
  return { summary, ...(data === null ? {} : { lines: linesOf(String(data)) }) };
};

const replaces = { at: "GET /nodes/{node}/network/{iface}", staged: true } as const;

export const nodeNetworkTools = [
  tool("proxmox_node_network_iface", "Change a node's network: staged until applied", {
    create: write("POST /nodes/{node}/network", { ...settings, present: staged, done: "{iface} is staged on {node}" }),
    update: write("PUT /nodes/{node}/network/{iface}", {
      ...settings,
      show: ["type", ...settings.show, "delete"],
      optional: ["type"],
      replaces,
      compose: merged,
      present: staged,
      done: "The change of {iface} is staged on {node}",
    }),
    delete: destroy("DELETE /nodes/{node}/network/{iface}", {
      instead: undigested,
      replaces,
      present: staged,
      done: "The deletion of {iface} is staged on {node}",
    }),
    apply: write("PUT /nodes/{node}/network", {
      own: { "revert?": "boolean" },
      unlisted: ["revert"],
      also: ["DELETE /nodes/{node}/network"],
      perform: apply,
      present: applied,
    }),
    revert: write("DELETE /nodes/{node}/network", { perform: apply, present: applied }),
  }),
];
