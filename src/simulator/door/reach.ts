// Owns what is answered when another node can't be reached (facts 8, 47, 48), and since when it hasn't been heard of.
import type { Cluster } from "../engine/cluster.ts";
import type { Node } from "../engine/state.ts";
import { plain } from "./answer.ts";

/** No way to a host that is off or cut off is found out after so long, a daemon that hangs after so long; ms. */
const noRoute = 3000;
const hanging = 30_000;

/** The answer in the place of a node's own, or nothing when it answers. */
export async function unreachable(cluster: Cluster, node: Node, local: string): Promise<Response | undefined> {
  if (!node.online) {
    if (node.name === local) return undefined;
    await cluster.wait(noRoute);
    return plain(595, "No route to host", null);
  }
  if (node.silent === "proxy" && node.name !== local) return plain(595, "Connection refused", null);
  if (node.silent !== "daemon") return undefined;
  await cluster.wait(hanging);
  return plain(596, "Connection timed out", null);
}

/** Notes when a node was lost: what it had told of its guests and storages is forgotten five minutes later. */
export function watchNodes(cluster: Cluster): void {
  for (const node of Object.values(cluster.state.nodes)) {
    if (node.online) delete node.lostSince;
    else node.lostSince ??= cluster.now();
  }
}
