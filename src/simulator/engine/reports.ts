// Owns how long the cluster remembers what a lost node last told of its guests and storages (facts 47).
import type { Cluster } from "./cluster.ts";

/** ms. Source: pmxcfs drops what wasn't told again for five minutes. */
const remembered = 300_000;

export function isForgotten(cluster: Cluster, name: string): boolean {
  const node = cluster.state.nodes[name];
  return node?.online === false && node.lostSince !== undefined && cluster.now() - node.lostSince >= remembered;
}
