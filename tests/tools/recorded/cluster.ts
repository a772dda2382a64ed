// What a genuine PVE 9.2 answered of the cluster, HA, jobs, certificates and notifications: bodies as they came, keys and certificates cut short.

/** GET /cluster/config/join */
export const joinInfo = {
  preferred_node: "pve1",
  config_digest: "0a21a8a64b75526acb6cc5dda2528be087b59cfc",
  nodelist: [
    {
      pve_fp: "1C:BE:03:A3:A8:22:60:30:8A:26:BC:C1:D4:DE:B1:9E:1F:FB:80:C9:EC:BA:C1:97:F1:A3:B5:53:7B:40:2B:98",
      quorum_votes: "1",
      name: "pve1",
      nodeid: "1",
      ring0_addr: "192.0.2.11",
      pve_addr: "192.0.2.11",
    },
    {
      pve_addr: "192.0.2.13",
      nodeid: "3",
      ring0_addr: "192.0.2.13",
      name: "pve3",
      quorum_votes: "1",
      pve_fp: "EA:D5:12:A5:D7:4C:D6:24:78:2E:F8:BB:D3:B4:FF:58:43:32:E4:E5:77:54:60:A4:96:14:F0:C4:19:95:EA:E2",
    },
    {
      quorum_votes: "1",
      pve_fp: "3C:80:D2:66:6F:AA:2F:3C:F6:B1:7B:3B:3C:C7:E3:AD:D1:98:7D:27:10:13:51:23:7D:5A:D2:11:3D:BF:37:73",
      pve_addr: "192.0.2.12",
      name: "pve2",
      ring0_addr: "192.0.2.12",
      nodeid: "2",
    },
  ],
  totem: {
    cluster_name: "testcl",
    config_version: "3",
    version: "2",
    ip_version: "ipv4-6",
    interface: { "0": { linknumber: "0" } },
    token_coefficient: "125",
    link_mode: "passive",
    secauth: "on",
  },
};

/** GET /cluster/config/nodes */
export const corosyncNodes = [
  { quorum_votes: "1", ring0_addr: "192.0.2.12", nodeid: "2", node: "pve2", name: "pve2" },
  { quorum_votes: "1", ring0_addr: "192.0.2.13", nodeid: "3", node: "pve3", name: "pve3" },
  { quorum_votes: "1", node: "pve1", name: "pve1", ring0_addr: "192.0.2.11", nodeid: "1" },
];

/** GET /cluster/acme/plugins/dns1 */
export const acmePlugin = {
  type: "dns",
  data: "CF_Token=x",
  api: "cf",
  plugin: "dns1",
  digest: "3ca86611f85517b93380429007b18f51e4dbf301",
};

/** GET /cluster/notifications/endpoints/smtp/m1 */
export const smtpTarget = {
  digest: "e2b75d77328ee84963f6c82b7aa1cbea22e5f81a8d389e5d88263949b56b618c",
  mailto: ["ops@example.test", "b@example.test"],
  comment: "mail",
  server: "127.0.0.1",
  "from-address": "pve@example.test",
  mode: "insecure",
  name: "m1",
  port: 2525,
  origin: "user-created",
  "mailto-user": ["root@pam"],
};

/** GET /cluster/ha/rules */
export const haRules = [
  {
    comment: "prefer pve2",
    rule: "na1",
    resources: "vm:130",
    type: "node-affinity",
    order: 1,
    nodes: "pve2:2,pve3:1",
    strict: 0,
    digest: "4df2a3d280cc81af8a73664465404bb69c58c16b",
  },
];

/** GET /cluster/replication */
export const replications = [
  { rate: 100, jobnum: 0, id: "150-0", schedule: "*/10", target: "pve1", type: "local", source: "pve2", guest: 150 },
  { jobnum: 1, target: "pve3", schedule: "hourly", id: "150-1", type: "local", guest: 150, source: "pve2", disable: 1 },
];

/** GET /cluster/status */
export const clusterStatus = [
  { name: "testcl", type: "cluster", version: 3, nodes: 3, id: "cluster", quorate: 1 },
  { local: 0, nodeid: 3, online: 0, name: "pve3", type: "node", level: "", ip: "192.0.2.13", id: "node/pve3" },
  { ip: "192.0.2.11", id: "node/pve1", level: "", type: "node", name: "pve1", online: 1, nodeid: 1, local: 1 },
  { type: "node", name: "pve2", ip: "192.0.2.12", id: "node/pve2", level: "", nodeid: 2, local: 0, online: 1 },
];

/** GET /cluster/acme/account/acc1 */
export const acmeAccount = {
  directory: "https://localhost:14000/dir",
  tos: "data:text/plain,Do%20what%20thou%20wilt",
  account: {
    contact: ["mailto:ops@example.test"],
    orders: "https://localhost:14000/list-orderz/118b33903119062c",
    key: { use: "sig", n: "wCYPd_Rjge9JnBgjZ39Ax1RES0Db48eYBAejk4XR", kty: "RSA", e: "AQAB" },
    status: "valid",
  },
  location: "https://localhost:14000/my-account/118b33903119062c",
};

/** GET /nodes/pve1/certificates/info */
export const certificates = [
  {
    fingerprint: "AD:50:AC:AF:D4:3B:02:7D:22:6A:91:67:6D:D2:67:94:19:6A:B6:6A:D8:FF:5F:D5:54:02:6C:44:7A:52:70:BB",
    san: [],
    subject: "/CN=Proxmox Virtual Environment/OU=63d6fd66-5f41-4a74-b5bd-0dbcfd3ea20a/O=PVE Cluster Manager CA",
    filename: "pve-root-ca.pem",
    issuer: "/CN=Proxmox Virtual Environment/OU=63d6fd66-5f41-4a74-b5bd-0dbcfd3ea20a/O=PVE Cluster Manager CA",
    notafter: 2110801289,
    "public-key-type": "rsaEncryption",
    pem: "-----BEGIN CERTIFICATE-----\nMIIF3TCCA8WgAwIBAgIUJq\n-----END CERTIFICATE-----\n",
    notbefore: 1795441289,
    "public-key-bits": 4096,
  },
  {
    notbefore: 1795441289,
    "public-key-bits": 2048,
    pem: "-----BEGIN CERTIFICATE-----\nMIIE/zCCAuegAwIBAgIBAT\n-----END CERTIFICATE-----\n",
    "public-key-type": "rsaEncryption",
    notafter: 1858513289,
    issuer: "/CN=Proxmox Virtual Environment/OU=63d6fd66-5f41-4a74-b5bd-0dbcfd3ea20a/O=PVE Cluster Manager CA",
    filename: "pve-ssl.pem",
    san: [
      "127.0.0.1",
      "0000:0000:0000:0000:0000:0000:0000:0001",
      "localhost",
      "192.0.2.11",
      "pve1",
      "pve1.example.test",
    ],
    subject: "/OU=PVE Cluster Node/O=Proxmox Virtual Environment/CN=pve1.example.test",
    fingerprint: "1C:BE:03:A3:A8:22:60:30:8A:26:BC:C1:D4:DE:B1:9E:1F:FB:80:C9:EC:BA:C1:97:F1:A3:B5:53:7B:40:2B:98",
  },
  {
    subject: "",
    san: ["pve1.example.test", "www.example.test"],
    fingerprint: "72:F5:30:C4:87:58:B5:C1:ED:E4:A9:AF:1A:FB:34:84:E4:F5:66:6B:BB:4E:74:B3:54:05:1B:C0:88:3F:B1:E1",
    issuer: "/CN=Pebble Intermediate CA 31a709",
    filename: "pveproxy-ssl.pem",
    notafter: 1953296394,
    pem: "-----BEGIN CERTIFICATE-----\nMIIEXjCCA0agAwIBAgIINH\n-----END CERTIFICATE-----\n",
    "public-key-bits": 4096,
    notbefore: 1795529995,
    "public-key-type": "rsaEncryption",
  },
];

/** GET /cluster/ha/status/current */
export const haCurrent = [
  { node: "pve1", id: "quorum", status: "OK", type: "quorum", quorate: 1 },
  {
    id: "master",
    node: "pve1",
    timestamp: 1795530065,
    type: "master",
    status: "pve1 (active, Tue Nov 24 14:21:05 2026)",
  },
  { type: "fencing", status: "armed (CRM watchdog active)", node: "pve1", id: "fencing", "armed-state": "armed" },
  {
    timestamp: 1795530065,
    id: "lrm:pve1",
    node: "pve1",
    status: "pve1 (idle, watchdog standby, Tue Nov 24 14:21:05 2026)",
    type: "lrm",
  },
  {
    type: "lrm",
    status: "pve2 (old timestamp - dead?, watchdog standby, Tue Nov 24 14:20:35 2026)",
    node: "pve2",
    id: "lrm:pve2",
    timestamp: 1795530035,
  },
  {
    type: "lrm",
    status: "pve3 (old timestamp - dead?, watchdog standby, Tue Nov 24 14:20:05 2026)",
    node: "pve3",
    id: "lrm:pve3",
    timestamp: 1795530005,
  },
  {
    node: "pve2",
    request_state: "disabled",
    crm_state: "freeze",
    id: "service:vm:130",
    failback: 1,
    max_relocate: 1,
    status: "vm:130 (pve2, freeze)",
    sid: "vm:130",
    type: "service",
    max_restart: 2,
    state: "freeze",
  },
  {
    failback: 1,
    id: "service:vm:132",
    node: "pve3",
    request_state: "started",
    crm_state: "started",
    sid: "vm:132",
    state: "started",
    max_restart: 1,
    type: "service",
    max_relocate: 1,
    status: "vm:132 (pve3, started)",
  },
];

/** GET /cluster/ha/status/manager_status */
export const haManager = {
  manager_status: {
    master_node: "pve1",
    service_status: {
      "vm:132": { state: "started", running: 1, node: "pve3", uid: "f7VKb9pdjDqjN3e7JmFJUA" },
      "vm:130": { state: "freeze", uid: "tI5coRlHPRWT/ZSdRZaCew", node: "pve2" },
    },
    timestamp: 1795530065,
    node_status: { pve2: "online", pve3: "unknown", pve1: "online" },
  },
  lrm_status: {
    pve2: { state: "wait_for_agent_lock", results: {}, mode: "restart", timestamp: 1795530035 },
    pve3: {
      mode: "active",
      timestamp: 1795530005,
      state: "active",
      results: { "mKM1eyxB8cVhzsJpqU46/Q": { state: "started", sid: "vm:132", exit_code: 0 } },
    },
    pve1: { mode: "active", timestamp: 1795530065, results: {}, state: "wait_for_agent_lock" },
  },
  quorum: { node: "pve1", quorate: "1" },
};

/** GET /cluster/backup */
export const backupJobs = [
  {
    "next-run": 1795564800,
    all: 1,
    schedule: "daily",
    mode: "snapshot",
    storage: "local",
    type: "vzdump",
    compress: "zstd",
    enabled: 1,
    "prune-backups": { "keep-last": "3" },
    id: "99d6c2c2-5a86-4693-ada9-97471605f090",
  },
];

/** GET /cluster/ha/resources */
export const haResources = [
  { type: "vm", digest: "600e515c9ffc55d5295095aa7d5f4ccc26b2e3e2", state: "stopped", sid: "vm:132" },
];
