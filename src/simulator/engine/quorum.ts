// Owns whether the cluster may write: more than half of its nodes see each other.
import type { ClusterState } from "./state.ts";

export function isQuorate(state: ClusterState): boolean {
  const nodes = Object.values(state.nodes);
  return state.quorumLost !== true && nodes.filter((node) => node.online).length * 2 > nodes.length;
}
