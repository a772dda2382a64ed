// Where the HA manager would have a managed guest: by node affinity (8.4: by its group), then beside or apart from others.
import type { ClusterState, Guest } from "../engine/state.ts";
import { haFile, sidOf } from "./ha.ts";

/** The nodes that a guest prefers, by priority, and whether it may be elsewhere. */
interface Affinity {
  readonly nodes: ReadonlyMap<string, number>;
  readonly strict: boolean;
  readonly failback: boolean;
}

/** Another node that the manager would move a guest to; nothing where it is as well off as anywhere. */
export function betterNode(state: ClusterState, guest: Guest): string | undefined {
  const affinity = affinityOf(state, guest);
  if (affinity === undefined) return besideOrApart(state, guest);
  const { nodes, strict, failback } = affinity;
  const isAllowed = nodes.has(guest.node) || !strict;
  if (isAllowed && !failback) return undefined;
  const online = [...nodes].filter(([name]) => state.nodes[name]?.online === true);
  const best = Math.max(...online.map(([, priority]) => priority));
  if (nodes.get(guest.node) === best) return undefined;
  return online.find(([, priority]) => priority === best)?.[0];
}

function affinityOf(state: ClusterState, guest: Guest): Affinity | undefined {
  const sid = sidOf(guest);
  const { groups = {} } = state.ha ?? {};
  const resource = haFile(state)[sid]?.options ?? {};
  const group = groups[String(resource.group ?? "")];
  if (group !== undefined) {
    return {
      nodes: prioritiesIn(group.nodes),
      strict: group.restricted === "1",
      failback: group.nofailback !== "1",
    };
  }
  const rule = rulesOf(state, sid).find(({ type }) => type === "node-affinity");
  if (rule === undefined) return undefined;
  return { nodes: prioritiesIn(rule.nodes), strict: rule.strict === "1", failback: resource.failback !== "0" };
}

/** The rules in force that name a resource. */
function rulesOf(state: ClusterState, sid: string): Record<string, string>[] {
  const rules = Object.values(state.ha?.rules ?? {});
  return rules.filter(({ disable, resources = "" }) => disable !== "1" && resources.split(",").includes(sid));
}

function prioritiesIn(nodes = ""): Map<string, number> {
  const pairs = nodes.split(",").map((text) => text.split(":"));
  return new Map(pairs.map(([name = "", priority = "0"]) => [name, Number(priority)]));
}

function besideOrApart(state: ClusterState, guest: Guest): string | undefined {
  const sid = sidOf(guest);
  const rule = rulesOf(state, sid).find(({ type }) => type === "resource-affinity");
  if (rule === undefined) return undefined;
  const sids = (rule.resources ?? "").split(",");
  const places = sids.flatMap((other) => state.guests[other.split(":")[1] ?? ""]?.node ?? []);
  const [first] = places;
  if (rule.affinity === "positive") return first === guest.node ? undefined : first;
  const isFirst = sids.find((other) => state.guests[other.split(":")[1] ?? ""]?.node === guest.node) === sid;
  if (isFirst || places.filter((place) => place === guest.node).length < 2) return undefined;
  return Object.values(state.nodes).find(({ name, online }) => online && !places.includes(name))?.name;
}
