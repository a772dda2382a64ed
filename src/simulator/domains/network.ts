// /nodes/{node}/network: the interfaces of a node; changes are staged until they are applied (facts 45).

import { invalid } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";
import type { Node } from "../engine/state.ts";
import { vnetBridges } from "./sdn-nodes.ts";

type Interface = Record<string, unknown>;
type Options = Record<string, string>;

/** Numbers and lists where PVE has them; the rest are texts, netmask and bridge_fd too (facts 23). */
function shown(options: Readonly<Options>): Interface {
  const row: Interface = { ...options };
  for (const name of ["active", "autostart", "priority", "exists", "bridge_vlan_aware"]) {
    if (options[name] !== undefined) row[name] = Number(options[name]);
  }
  row.families = (options.families ?? "inet").split(",");
  return row;
}

const bridges = ["bridge", "OVSBridge"];

function wanted(type: string | undefined, filter: string | undefined): boolean {
  if (filter === undefined || filter === "include_sdn") return true;
  if (filter === "any_bridge" || filter === "any_local_bridge") return bridges.includes(type ?? "");
  return type === filter;
}

/** What the interfaces file says, staged changes included. */
function configured(node: Node): Record<string, Options> {
  return node.stagedNetwork ?? node.network;
}

function list(call: Call): Interface[] {
  const { cluster, params, caller } = call;
  const node = cluster.node(call.node);
  const filter = params.text("type");
  const bridgesOnly = filter?.startsWith("any_") === true;
  const entries = Object.entries(configured(node)).filter(([, options]) => wanted(options.type, filter));
  const visible = entries.filter(
    ([iface]) => !bridgesOnly || caller.can(`/sdn/zones/localnetwork/${iface}`, ["SDN.Audit", "SDN.Use"], true),
  );
  if (node.stagedNetwork !== undefined) call.extras.changes = difference(node.network, node.stagedNetwork);
  const vnets = filter === "any_bridge" || filter === "include_sdn" ? vnetBridges(call) : [];
  return [...visible.map(([iface, options]) => ({ iface, ...shown(options) })), ...vnets];
}

/** The staged changes as a diff of the interfaces file. */
function difference(before: Record<string, Options>, after: Record<string, Options>): string {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const lines = names.flatMap((iface) => changed(stanza(iface, before[iface]), stanza(iface, after[iface])));
  return `--- /etc/network/interfaces\n+++ /etc/network/interfaces.new\n${lines.join("\n")}\n`;
}

/** The lines of a stanza that differ, between those that don't. */
function changed(old: readonly string[], next: readonly string[]): string[] {
  if (old.join("\n") === next.join("\n")) return [];
  const differs = old.findIndex((line, at) => line !== next[at]);
  const same = differs < 0 ? old.length : differs;
  const [gone, come] = [old.slice(same), next.slice(same)];
  const kept = old.slice(0, same).map((line) => ` ${line}`);
  return ["@@", ...kept, ...gone.map((line) => `-${line}`), ...come.map((line) => `+${line}`)];
}

const written: Readonly<Record<string, string>> = {
  cidr: "address",
  bridge_ports: "bridge-ports",
  slaves: "bond-slaves",
};

function stanza(iface: string, options: Options | undefined): string[] {
  if (options === undefined) return [];
  const own = ["cidr", "gateway", "bridge_ports", "bridge_stp", "bridge_fd", "slaves", "bond_mode", "mtu"];
  const lines = own.flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : [`\t${written[name] ?? name.replace("_", "-")} ${value === "" ? "none" : value}`];
  });
  return [
    ...(options.autostart === "1" ? [`auto ${iface}`] : []),
    `iface ${iface} inet ${options.method ?? "manual"}`,
    ...lines,
    ...(options.comments === undefined
      ? []
      : options.comments
          .trimEnd()
          .split("\n")
          .map((line) => `#${line}`)),
  ];
}

const absent = () => invalid({ iface: "interface does not exist" });

function one({ cluster, node, params }: Call): Interface {
  const options = configured(cluster.node(node))[params.need("iface")];
  if (options === undefined) throw absent();
  return shown(options);
}

/** Writes to the staged copy, made at the first change. */
function stage(node: Node): Record<string, Options> {
  node.stagedNetwork ??= structuredClone(node.network);
  return node.stagedNetwork;
}

const notOptions = ["node", "iface", "delete", "bridge-access"];

/** The request's own address decides how the interface is configured: without one it is set up by hand (`manual`). */
function settled(given: Options, before: Options): Options {
  const bridge = given.type === "bridge" ? { bridge_fd: "0", bridge_ports: "", bridge_stp: "off" } : {};
  const comments = given.comments === undefined ? {} : { comments: `${given.comments.trimEnd()}\n` };
  return { ...bridge, ...before, ...given, ...addresses(given, ""), ...addresses(given, "6"), ...comments };
}

function addresses(given: Options, family: "" | "6"): Options {
  const [address, netmask] = (given[`cidr${family}`] ?? "").split("/");
  const [own, mask] = [given[`address${family}`] ?? address, given[`netmask${family}`] ?? netmask];
  if (!own || mask === undefined) return { [`method${family}`]: "manual" };
  const cidr = given[`cidr${family}`] ?? `${own}/${prefixOf(mask)}`;
  return {
    [`address${family}`]: own,
    [`cidr${family}`]: cidr,
    [`netmask${family}`]: mask,
    [`method${family}`]: "static",
  };
}

/** `255.255.255.0` → 24. */
function prefixOf(mask: string): number {
  if (!mask.includes(".")) return Number(mask);
  return mask.split(".").reduce((bits, part) => bits + Number(part).toString(2).replaceAll("0", "").length, 0);
}

function create({ cluster, node, params }: Call): null {
  const staged = stage(cluster.node(node));
  const iface = params.need("iface");
  if (staged[iface] !== undefined) throw invalid({ iface: "interface already exists" });
  const priority = String(3 + Object.keys(staged).length);
  staged[iface] = { ...settled(params.rest(...notOptions), {}), priority };
  return null;
}

/** What goes with an address that is taken away. */
const withAddress: Readonly<Record<string, readonly string[]>> = {
  cidr: ["address", "netmask"],
  cidr6: ["address6", "netmask6"],
};

function update({ cluster, node, params }: Call): null {
  const iface = params.need("iface");
  const before = configured(cluster.node(node))[iface];
  if (before === undefined) throw absent();
  const gone = params.list("delete").flatMap((name) => [name, ...(withAddress[name] ?? [])]);
  const kept = Object.fromEntries(Object.entries(before).filter(([name]) => !gone.includes(name)));
  stage(cluster.node(node))[iface] = settled(params.rest(...notOptions), kept);
  return null;
}

function remove({ cluster, node, params }: Call): null {
  const iface = params.need("iface");
  if (configured(cluster.node(node))[iface] === undefined) throw absent();
  delete stage(cluster.node(node))[iface];
  return null;
}

function apply({ cluster, caller, node: name }: Call): string {
  const node = cluster.node(name);
  return cluster.fork(caller, name, "srvreload", "networking", function* () {
    yield 1500;
    if (node.stagedNetwork === undefined) return;
    for (const [iface, options] of Object.entries(node.stagedNetwork)) {
      node.network[iface] = { ...options, active: "1" };
    }
    for (const iface of Object.keys(node.network)) {
      if (node.stagedNetwork[iface] === undefined) delete node.network[iface];
    }
    delete node.stagedNetwork;
  });
}

function revert({ cluster, node }: Call): null {
  delete cluster.node(node).stagedNetwork;
  return null;
}

export const network: Handlers = {
  "GET /nodes/{node}/network": list,
  "POST /nodes/{node}/network": create,
  "PUT /nodes/{node}/network": apply,
  "DELETE /nodes/{node}/network": revert,
  "GET /nodes/{node}/network/{iface}": one,
  "PUT /nodes/{node}/network/{iface}": update,
  "DELETE /nodes/{node}/network/{iface}": remove,
};
