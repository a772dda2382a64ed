// Owns how a node's network is changed: what stays of an interface, what is staged, what was applied or dropped (facts 45).
import { parameterOf } from "../schema/registry.ts";
import type { Compose, Ground, Perform, Present } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { placeOf, rowIn, wordsIn } from "./rows.ts";

/** PVE's names, and the seed's. */
export const names = { comments: "comment", slaves: "bond_slaves", "bond-primary": "bond_primary" };

const changesOf = async (ground: Ground) =>
  (await ground.read("GET /nodes/{node}/network", placeOf(ground, "node"))).changes ?? "";

/** What isn't given stays: PVE would set an interface to manual when the request hasn't its address. */
export const merged: Compose = async (ground) => {
  const { endpoint: at, values } = ground;
  const iface = "GET /nodes/{node}/network/{iface}";
  const standing = ground.before ?? rowIn((await ground.read(iface, placeOf(ground, "node", "iface"))).data);
  mustKeepItsAddress(standing, values);
  const named = wordsIn(values.delete).map(
    (name) => Object.entries(names).find(([, ours]) => ours === name)?.[0] ?? name,
  );
  const gone = [...new Set(named.flatMap(formsOf))];
  const isKept = (name: string) => parameterOf(at, name) && !gone.includes(name) && !isReplaced(name, standing, values);
  const kept = Object.entries(standing).filter(([name, value]) => isKept(name) && value !== "");
  if ((values.type ?? standing.type) === undefined) throw new Refusal("type is missing");
  const trimmed = kept.map(([name, value]) => [name, typeof value === "string" ? value.trimEnd() : value]);
  return { ...Object.fromEntries(trimmed), ...values, ...(gone.length > 0 ? { delete: gone.join(",") } : {}) };
};

/** PVE sets an interface to manual that is changed without an address: one that asks for its own would lose it. */
function mustKeepItsAddress(standing: Readonly<Record<string, unknown>>, values: Ground["values"]): void {
  for (const family of ["", "6"]) {
    const method = standing[`method${family}`];
    const asks = method === "dhcp" || method === "auto";
    if (!asks || values[`cidr${family}`] !== undefined || values[`address${family}`] !== undefined) continue;
    throw new Refusal(
      `iface ${standing.iface ?? values.iface} gets its address by itself (method${family}: ${method}), and PVE would set it to manual with any change: give it an address (cidr${family}), or edit /etc/network/interfaces on the node`,
    );
  }
}

/** Who deletes an address in one of its forms means the address: kept in the other it would stand there as before. */
function formsOf(name: string): string[] {
  const [, form, family = ""] = /^(cidr|address|netmask)(6?)$/.exec(name) ?? [];
  return form === undefined ? [name] : ["cidr", "address", "netmask"].map((other) => `${other}${family}`);
}

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
    .replace(/^\+# network interface settings[\s\S]*?external files!\n\+\n/m, "")
    .replaceAll("\t", "    ")
    .trimEnd()
    .split("\n");

const waits = "Staged, not in force: action=apply brings all staged changes in force, action=revert drops them.";

export const staged: Present = async (_, ground) => {
  const changes = await changesOf(ground);
  if (changes === "") return { notes: ["Nothing differs from what is in force."] };
  return { lines: linesOf(changes), notes: [waits] };
};

const drops = ({ endpoint, values }: Ground) => endpoint.method === "DELETE" || values.revert === true;

/** The diff is what is told of it afterwards, unless the task says more. */
export const apply: Perform = async (acting, values) => {
  const changes = await changesOf(acting);
  if (drops(acting)) {
    await acting.send("DELETE /nodes/{node}/network", placeOf(acting, "node"));
    return { data: changes };
  }
  const { data } = await acting.send("PUT /nodes/{node}/network", values);
  const end = await acting.finish(String(data));
  return { data: end.state === "ok" ? changes : data };
};

export const applied: Present = async (data, ground) => {
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
