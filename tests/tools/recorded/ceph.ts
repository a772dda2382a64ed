// What a genuine PVE 9.2 answered of Ceph: bodies as they came, the longest lists left out.

/** GET /nodes/pve1/ceph/status */
export const cephStatus = {
  pgmap: {
    bytes_total: 6442450944,
    degraded_objects: 21,
    data_bytes: 2362,
    num_pools: 3,
    read_op_per_sec: 0,
    degraded_total: 63,
    bytes_used: 55582720,
    bytes_avail: 6386868224,
    pgs_by_state: [
      { count: 138, state_name: "active+undersized" },
      { state_name: "active+undersized+degraded", count: 6 },
    ],
    num_objects: 21,
    write_op_per_sec: 3,
    num_pgs: 144,
    degraded_ratio: 0.333333333333333,
    write_bytes_sec: 1023,
  },
  quorum_names: ["pve1", "pve2"],
  quorum_age: 95,
  fsmap: {
    by_rank: [{ gid: 14285, status: "up:active", filesystem_id: 1, name: "pve2", rank: 0 }],
    epoch: 7,
    max: 1,
    up: 1,
    id: 1,
    in: 1,
    "up:standby": 1,
  },
  fsid: "b8b6af3c-4f28-475b-afde-a19d4d5442ca",
  health: {
    checks: {
      MON_DISK_LOW: {
        summary: { message: "mons pve1,pve2 are low on available space", count: 2 },
        muted: false,
        detail: [],
        severity: "HEALTH_WARN",
      },
      TOO_FEW_OSDS: {
        severity: "HEALTH_WARN",
        detail: [],
        summary: { message: "OSD count 2 < osd_pool_default_size 3", count: 1 },
        muted: false,
      },
      PG_DEGRADED: {
        summary: { count: 6, message: "Degraded data redundancy: 21/63 objects degraded (33.333%), 6 pgs degraded" },
        muted: false,
        severity: "HEALTH_WARN",
        detail: [],
      },
    },
    status: "HEALTH_WARN",
    mutes: [],
  },
  election_epoch: 8,
  quorum: [0, 1],
  mgrmap: { standbys: [], available: true, active_name: "pve1" },
  monmap: {
    mons: [
      { name: "pve1", weight: 0, priority: 0, public_addr: "192.0.2.11:6789/0", rank: 0, addr: "192.0.2.11:6789/0" },
      { name: "pve2", weight: 0, priority: 0, public_addr: "192.0.2.12:6789/0", rank: 1, addr: "192.0.2.12:6789/0" },
    ],
    epoch: 2,
    quorum: [0, 1],
  },
  progress_events: {},
  osdmap: {
    num_osds: 2,
    osd_in_since: 1795529277,
    num_up_osds: 2,
    num_in_osds: 2,
    osd_up_since: 1795529270,
    num_remapped_pgs: 0,
    epoch: 33,
  },
};

/** GET /nodes/pve1/ceph/mon */
export const cephMonitors = [
  {
    host: "pve2",
    ceph_version_short: "18.2.7",
    service: true,
    quorum: 1,
    ceph_version: "ceph version 18.2.7 (6b0e988052ec84cf2d4a54ff9bbbc5e720b621ad) reef (stable)",
    addr: "192.0.2.12:6789/0",
    state: "running",
    name: "pve2",
    direxists: true,
    rank: 1,
  },
  {
    ceph_version: "ceph version 18.2.7 (6b0e988052ec84cf2d4a54ff9bbbc5e720b621ad) reef (stable)",
    quorum: 1,
    service: true,
    ceph_version_short: "18.2.7",
    host: "pve1",
    addr: "192.0.2.11:6789/0",
    state: "running",
    rank: 0,
    name: "pve1",
    direxists: true,
  },
];

/** GET /nodes/pve1/ceph/mds */
export const cephServers = [
  {
    direxists: true,
    host: "pve1",
    standby_replay: false,
    name: "pve1",
    ceph_version_short: "18.2.7",
    addr: "192.0.2.11:6811/4186819205",
    ceph_version: "ceph version 18.2.7 (6b0e988052ec84cf2d4a54ff9bbbc5e720b621ad) reef (stable)",
    state: "up:standby",
    rank: -1,
    service: true,
  },
  {
    state: "up:creating",
    ceph_version: "ceph version 18.2.7 (6b0e988052ec84cf2d4a54ff9bbbc5e720b621ad) reef (stable)",
    addr: "192.0.2.12:6809/3144840149",
    rank: 0,
    service: true,
    host: "pve2",
    direxists: true,
    ceph_version_short: "18.2.7",
    fs_name: "cephfs",
    standby_replay: false,
    name: "pve2",
  },
];

/** GET /nodes/pve1/ceph/fs */
export const cephFilesystems = [
  {
    data_pool: "cephfs_data",
    data_pools: ["cephfs_data"],
    metadata_pool_id: 4,
    data_pool_ids: [3],
    metadata_pool: "cephfs_metadata",
    name: "cephfs",
  },
];

/** GET /nodes/pve1/ceph/osd before there was an OSD */
export const cephTree = {
  flags: "sortbitwise,recovery_deletes,purged_snapdirs,pglog_hardlimit",
  root: { children: [{ id: "-1", type: "root", reweight: -1, name: "default", leaf: 0, pgs: 0 }], leaf: 0 },
};
