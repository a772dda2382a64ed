// Owns what Ceph is in the state: its programs on the nodes, daemons, disks, pools and file systems.

export interface Ceph {
  /** Nodes that have its programs. */
  installed: string[];
  /** What `[global]` of ceph.conf says; absent until it is set up. */
  options?: Record<string, string>;
  monitors: Record<string, CephDaemon>;
  managers: Record<string, CephDaemon>;
  metadata: Record<string, CephDaemon>;
  osds: Record<string, CephOsd>;
  pools: Record<string, CephPool>;
  filesystems: Record<string, { data: string; metadata: string }>;
  /** Flags of all OSDs: `noout`. */
  flags: string[];
  /** The number that the next pool gets. */
  nextPool: number;
}

export interface CephDaemon {
  node: string;
  /** Milliseconds since 1970. */
  since: number;
  stopped?: boolean;
  hotstandby?: boolean;
}

export interface CephOsd extends CephDaemon {
  /** `/dev/sdb`. */
  device: string;
  db?: string;
  wal?: string;
  /** Bytes. */
  size: number;
  used: number;
  class: string;
  in: boolean;
  encrypted?: boolean;
}

export interface CephPool {
  id: number;
  application: string;
  /** Bytes. */
  used: number;
  /** What POST …/ceph/pool sets: `size`, `min_size`, `pg_num`, `pg_autoscale_mode`, `crush_rule`, … */
  settings: Record<string, string>;
}

/** The version whose answers were recorded. */
export const cephVersion = {
  short: "18.2.7",
  build: "6b0e988052ec84cf2d4a54ff9bbbc5e720b621ad",
  release: "reef",
  full: "ceph version 18.2.7 (6b0e988052ec84cf2d4a54ff9bbbc5e720b621ad) reef (stable)",
} as const;

/** Ceph as `init` leaves it: no daemon yet. */
export function emptyCeph(installed: readonly string[]): Ceph {
  return {
    installed: [...installed],
    monitors: {},
    managers: {},
    metadata: {},
    osds: {},
    pools: {},
    filesystems: {},
    flags: [],
    nextPool: 1,
  };
}

/** What ceph.conf says from the start on. */
export function cephOptions(fsid: string, network: string, size = 3, minimum = 2): Record<string, string> {
  return {
    auth_client_required: "cephx",
    auth_cluster_required: "cephx",
    auth_service_required: "cephx",
    cluster_network: network,
    fsid,
    mon_allow_pool_delete: "true",
    osd_pool_default_min_size: String(minimum),
    osd_pool_default_size: String(size),
    public_network: network,
  };
}
