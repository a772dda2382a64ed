// Owns a Ceph that is at work: a monitor, a manager and two disks on each node, a pool for guests and a file system.
import { type Ceph, cephOptions, emptyCeph } from "../engine/ceph.ts";
import type { ClusterState } from "../engine/state.ts";

const tib = 1024 ** 4;
const day = 86_400_000;

/** @param now milliseconds since 1970; Ceph was set up ten days before. */
export function workingCeph({ nodes }: ClusterState, now: number): Ceph {
  const names = Object.keys(nodes).slice(0, 3);
  const since = now - 10 * day;
  const daemons = () => Object.fromEntries(names.map((node) => [node, { node, since }]));
  const osds = names.flatMap((node) => ["/dev/sdb", "/dev/sdc"].map((device) => ({ node, device })));
  const pool = (id: number, application: string, groups: string, used: number) => ({
    id,
    application,
    used,
    settings: { size: "3", min_size: "2", pg_num: groups, pg_autoscale_mode: "on" },
  });
  return {
    ...emptyCeph(Object.keys(nodes)),
    options: cephOptions("3b1f2b0a-6f0f-4a5e-9d0c-2f6f4d1c7e11", "192.0.2.0/24"),
    monitors: daemons(),
    managers: daemons(),
    metadata: Object.fromEntries(names.slice(0, 2).map((node) => [node, { node, since }])),
    osds: Object.fromEntries(
      osds.map(({ node, device }, id) => [
        String(id),
        { node, device, since, size: 4 * tib, used: Math.floor(0.31 * tib), class: "ssd", in: true },
      ]),
    ),
    pools: {
      ".mgr": pool(1, "mgr", "1", 1_388_544),
      vms: pool(2, "rbd", "128", Math.floor(1.6 * tib)),
      cephfs_data: pool(3, "cephfs", "32", Math.floor(0.2 * tib)),
      cephfs_metadata: pool(4, "cephfs", "16", 41_943_040),
    },
    filesystems: { cephfs: { data: "cephfs_data", metadata: "cephfs_metadata" } },
    nextPool: 5,
  };
}
