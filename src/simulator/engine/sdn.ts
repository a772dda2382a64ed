// The software-defined network: what is written, what is applied, how they differ, and what a node has of it.
import { sectionFile } from "./section-file.ts";
import type { ClusterState, Sdn, Section, SectionFile } from "./state.ts";

/** What is staged and applied together. */
export const sdnKinds = ["zones", "vnets", "subnets", "controllers"] as const;
export type SdnKind = (typeof sdnKinds)[number];

/** A section as the API shows it when it is asked for what is pending; `deleted` in `pending`: the option goes. */
export interface Staged extends Section {
  state?: "new" | "changed" | "deleted";
  pending?: Section["options"];
}

export function sdnOf(state: ClusterState): Sdn {
  state.sdn ??= { running: {}, version: 0, nodes: {} };
  return state.sdn;
}

export function written(state: ClusterState, kind: SdnKind): SectionFile {
  return sectionFile(state, `sdn/${kind}.cfg`);
}

export function running(state: ClusterState, kind: SdnKind): SectionFile {
  return state.sdn?.running[kind] ?? {};
}

/** What is written becomes what runs. */
export function commit(state: ClusterState): void {
  const sdn = sdnOf(state);
  for (const kind of sdnKinds) sdn.running[kind] = structuredClone(written(state, kind));
  sdn.version += 1;
}

/** What runs becomes what is written. */
export function rollBack(state: ClusterState): void {
  for (const kind of sdnKinds) state.files[`sdn/${kind}.cfg`] = structuredClone(running(state, kind));
}

/** What runs, and over it what is staged; both by id. */
export function staged(state: ClusterState, kind: SdnKind): Record<string, Staged> {
  const [now, next] = [running(state, kind), written(state, kind)];
  const ids = [...new Set([...Object.keys(now), ...Object.keys(next)])].sort();
  return Object.fromEntries(ids.map((id) => [id, difference(now[id], next[id])]));
}

export function isPending(state: ClusterState): boolean {
  return sdnKinds.some((kind) => Object.values(staged(state, kind)).some((section) => section.state !== undefined));
}

/** The vnet of a subnet stands above what is pending, as the type does. */
function difference(now: Section | undefined, next: Section | undefined): Staged {
  if (next === undefined) return { type: now?.type ?? "", options: now?.options ?? {}, state: "deleted" };
  const { vnet, ...others } = next.options;
  const lead = vnet === undefined ? {} : { vnet };
  if (now === undefined) return { type: next.type, options: lead, state: "new", pending: others };
  const set = Object.entries(next.options).filter(([name, value]) => String(now.options[name]) !== String(value));
  const gone = Object.keys(now.options).filter((name) => next.options[name] === undefined);
  if (set.length === 0 && gone.length === 0) return { type: now.type, options: now.options };
  const pending = { ...Object.fromEntries(set), ...Object.fromEntries(gone.map((name) => [name, "deleted"])) };
  return { type: now.type, options: now.options, state: "changed", pending };
}

/** How a node stands to what runs: it has it, it hasn't got it yet, or it failed to bring it up. */
export function standingOf(state: ClusterState, node: string): "available" | "pending" | "error" {
  const mine = state.sdn?.nodes[node];
  if (mine === undefined || mine.version < (state.sdn?.version ?? 0)) return "pending";
  return mine.failed ? "error" : "available";
}

/** A zone spans the nodes that it names, or all. */
export function isZoneOn({ options }: Section, node: string): boolean {
  return options.nodes === undefined || String(options.nodes).split(",").includes(node);
}

/** The zone of a vnet whose bridge a node has. */
export function zoneOfBridge(state: ClusterState, node: string, vnet: string): string | undefined {
  const name = running(state, "vnets")[vnet]?.options.zone;
  const zone = name === undefined ? undefined : running(state, "zones")[String(name)];
  if (zone === undefined || !isZoneOn(zone, node)) return undefined;
  return standingOf(state, node) === "available" ? String(name) : undefined;
}
