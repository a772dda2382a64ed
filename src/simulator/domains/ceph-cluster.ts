// Owns what every Ceph request asks first: whether it is installed, set up, and has monitors that answer.
import type { Ceph } from "../engine/ceph.ts";
import { failure } from "../engine/error.ts";
import type { Call, Handler } from "../engine/handler.ts";

/** The cluster's Ceph as a node with its programs sees it; PVE's refusals where that fails (facts 4). */
export function cephAt({ cluster, node }: Pick<Call, "cluster" | "node">): Ceph & { options: Record<string, string> } {
  const { ceph } = cluster.state;
  if (ceph?.installed.includes(node) !== true) throw failure("binary not installed: /usr/bin/ceph-mon");
  const { options } = ceph;
  if (options === undefined) throw failure("pveceph configuration not initialized");
  return Object.assign(ceph, { options });
}

/** The same, once a majority of its monitors answers. */
export function answering(call: Pick<Call, "cluster" | "node">, alone = "got timeout"): ReturnType<typeof cephAt> {
  const ceph = cephAt(call);
  if (Object.keys(ceph.monitors).length === 0) throw failure(alone);
  if (!hasQuorum(call, ceph)) throw failure("got timeout");
  return ceph;
}

export function hasQuorum(call: Pick<Call, "cluster">, { monitors }: Ceph): boolean {
  const all = Object.keys(monitors).length;
  return inQuorum(call, monitors).length * 2 > all;
}

/** The names of the monitors that run, by rank. */
export function inQuorum({ cluster }: Pick<Call, "cluster">, monitors: Ceph["monitors"]): string[] {
  return Object.keys(monitors).filter(
    (name) => monitors[name]?.stopped !== true && cluster.state.nodes[monitors[name]?.node ?? ""]?.online === true,
  );
}

/** What librados says where no monitor was ever made. */
export const noMonitors = "rados_connect failed - No such file or directory";

/** A handler that needs Ceph to answer. */
export const asked =
  (handler: (call: Call, ceph: ReturnType<typeof cephAt>) => unknown, alone?: string): Handler =>
  (call) =>
    handler(call, answering(call, alone));

/** A monitor's command that failed. */
export function refusedByCeph(command: string, why: string): Error {
  return failure(`error with '${command}': mon_command failed - ${why}`);
}
