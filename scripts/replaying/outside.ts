// Owns what happened to the recorded cluster outside of its API, and before which step.
import type { ClusterState } from "../../src/simulator/engine/state.ts";

/** What happened to the cluster outside of its API, and before which step: nodes cut off, locks set and guests removed on a shell. */
export const outside: readonly [before: number, event: (state: ClusterState) => void][] = [
  [95, (state) => delete state.unformatted],
  [945, (state) => delete state.guests["210"]],
  ...(["backup", "migrate", "snapshot", "create", "suspended"] as const).map(
    (lock, index): [number, (state: ClusterState) => void] => [
      [2970, 2975, 3012, 3039, 3045][index] ?? 0,
      (state) => Object.assign(state.guests["174"]?.config.values ?? {}, { lock }),
    ],
  ),
  // containers don't start on pve2, and this one is moved on by hand
  [1707, (state) => failing(state, "230")],
  [1900, (state) => delete state.guests["230"]?.startFailure],
  // Ceph's programs are installed, and two disks made by hand
  [2192, ({ ceph, nodes }) => ceph?.installed.push(...Object.keys(nodes))],
  [2275, giveOsds],
  // pve3 couldn't reach the monitors
  [2280, ({ ceph }) => delete ceph?.monitors.pve3],
  [3394, ({ ceph }) => Object.assign(ceph?.monitors.pve1 ?? {}, { stopped: true })],
  [2428, (state) => delete state.storages.p2],
  [4081, (state) => delete state.storages.lvm1],
  [3051, (state) => delete state.guests["174"]?.config.values.lock],
  [3094, (state) => setNode(state, { silent: "proxy" })],
  [3097, (state) => setNode(state, {})],
  [3101, (state) => setNode(state, { online: false })],
  [3120, (state) => setNode(state, {})],
  [3182, (state) => setNode(state, { online: false })],
  [3240, (state) => setNode(state, {})],
  [3310, (state) => setNode(state, { online: false })],
  [3344, (state) => setNode(state, {})],
];

function giveOsds({ ceph }: ClusterState): void {
  const osd = (node: string) => ({
    ...{ node, since: 0, device: "/dev/loop0", class: "hdd", in: true },
    ...{ size: 3_221_225_472, used: 27_791_360 },
  });
  if (ceph !== undefined) ceph.osds = { 0: osd("pve1"), 1: osd("pve2") };
}

function failing({ guests }: ClusterState, vmid: string): void {
  const guest = guests[vmid];
  if (guest !== undefined) guest.startFailure = `unable to get PID for CT ${vmid} (not running?)`;
}

/** The node that was cut off and switched off again and again. */
function setNode({ nodes }: ClusterState, now: { online?: boolean; silent?: "proxy" }): void {
  const node = nodes.pve3;
  if (node === undefined) return;
  node.online = now.online ?? true;
  delete node.silent;
  if (now.silent !== undefined) node.silent = now.silent;
}
