// What a genuine PVE 9.2 answered of nodes: bodies as they came, some long members left out.

/** GET /nodes while pve3 was cut off. */
export const nodesWithOneAway = [
  {
    maxcpu: 2,
    type: "node",
    mem: 5562650624,
    level: "",
    maxmem: 25276514304,
    id: "node/pve1",
    disk: 35919953920,
    cpu: 0.871926229508197,
    maxdisk: 270553174016,
    node: "pve1",
    status: "online",
    uptime: 4441,
  },
  {
    level: "",
    maxmem: 25276514304,
    mem: 5559549952,
    maxcpu: 2,
    type: "node",
    id: "node/pve2",
    maxdisk: 270553174016,
    cpu: 0.828886844526219,
    disk: 35919945728,
    uptime: 4440,
    status: "online",
    node: "pve2",
  },
  {
    maxmem: 25276514304,
    level: "",
    maxdisk: 270553174016,
    maxcpu: 2,
    type: "node",
    id: "node/pve3",
    node: "pve3",
    status: "offline",
  },
];

/** GET /nodes/pve1/status; of the flags the first. */
export const nodeStatus = {
  "boot-info": { mode: "legacy-bios" },
  wait: 0,
  cpuinfo: {
    vendor: "AuthenticAMD",
    sockets: 1,
    mhz: "2596.130",
    flags: "fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmo",
    family: "25",
    cores: 2,
    cpus: 2,
    model: "AMD EPYC",
    user_hz: 100,
    hvm: "",
  },
  "current-kernel": {
    sysname: "Linux",
    version: "#1 SMP PREEMPT_DYNAMIC @0",
    release: "6.17.2-1-pve",
    machine: "x86_64",
  },
  swap: { used: 0, free: 0, total: 0 },
  idle: 0,
  kversion: "Linux 6.17.2-1-pve #1 SMP PREEMPT_DYNAMIC @0",
  ksm: { shared: 0 },
  uptime: 6054,
  pveversion: "pve-manager/9.2.11/14a22df35955d97d",
  cpu: 0,
  memory: { total: 25276514304, available: 20561383424, used: 4715130880, free: 19341754368 },
  loadavg: ["1.42", "1.60", "2.31"],
  rootfs: { free: 234646409216, used: 35906764800, avail: 73037529088, total: 270553174016 },
};

/** GET /nodes/pve1/netstat */
export const netstat = [
  { out: "726", dev: "net0", vmid: "100", in: "680" },
  { vmid: "240", in: "0", dev: "net0", out: "0" },
];

/** GET /nodes/pve3/time after its zone was set. */
export const vienna = { localtime: 1795528863, time: 1795525263, timezone: "Europe/Vienna" };

/** GET /nodes/pve1/hosts */
export const hosts = {
  digest: "e41b1caf8f9590c3c12bcc6a7262f6ff95c78f1b",
  data: "127.0.0.1 localhost.localdomain localhost\n192.0.2.11 pve1.example.test pve1\n192.0.2.12 pve2.example.test pve2\n192.0.2.13 pve3.example.test pve3\n",
};

/** GET /nodes/pve3/tasks/{upid}/status of a reload that failed. */
export const failedTask = {
  id: "networking",
  node: "pve3",
  pstart: 368130,
  type: "srvreload",
  user: "root@pam",
  starttime: 1795529070,
  exitstatus: "command 'ifreload -a' failed: exit code 1",
  upid: "UPID:pve3:00000FE0:00059E02:6B05996E:srvreload:networking:root@pam!mcp:",
  status: "stopped",
  pid: 4064,
  tokenid: "mcp",
};

/** GET /nodes/pve3/tasks/{upid}/log of the same. */
export const failedLog = [{ t: "TASK ERROR: command 'ifreload -a' failed: exit code 1", n: 1 }];

/** GET /nodes/pve2/tasks/{upid}/log of a startall. */
export const startedAll = [
  { t: "Starting VM 140", n: 1 },
  { t: "TASK OK", n: 2 },
];

/** GET /nodes/pve1/apt/versions: two of many, without their descriptions. */
export const packages = [
  {
    Version: "18.2.7+ds-1+deb13u1",
    Section: "admin",
    Priority: "optional",
    Package: "ceph-fuse",
    Origin: "Debian",
    CurrentState: "NotInstalled",
    Arch: "amd64",
  },
  {
    CurrentState: "Installed",
    Arch: "amd64",
    OldVersion: "3.1.9-2+deb13u1",
    Origin: "Debian",
    Package: "corosync",
    Priority: "optional",
    Section: "admin",
    Version: "3.1.9-2+deb13u1",
  },
];

/** GET /nodes/pve1/disks/lvm */
export const groups = {
  children: [
    {
      leaf: 0,
      lvcount: 0,
      name: "thin1",
      size: 729808896,
      children: [{ size: 729808896, free: 729808896, name: "/dev/loop11", leaf: 1 }],
      free: 729808896,
    },
  ],
  leaf: 0,
};

/** GET /nodes/pve1/disks/list */
export const disks = [
  {
    used: "mounted",
    osdid: -1,
    wwn: "unknown",
    rpm: -1,
    "osdid-list": null,
    vendor: "0x1af4",
    devpath: "/dev/vda",
    health: "UNKNOWN",
    model: "unknown",
    mounted: 1,
    gpt: 0,
    serial: "unknown",
    type: "unknown",
    size: 274877906944,
    wearout: "N/A",
  },
];

/** GET /nodes/pve3/network/vmbr5 */
export const bridge = {
  cidr: "10.77.0.1/24",
  address: "10.77.0.1",
  netmask: "24",
  autostart: 1,
  method: "static",
  bridge_ports: "",
  bridge_stp: "off",
  families: ["inet"],
  bridge_fd: "0",
  priority: 6,
  comments: "test bridge\n",
  type: "bridge",
  method6: "manual",
};

/** GET /nodes/pve1/subscription */
export const unsubscribed = {
  status: "notfound",
  message: "There is no subscription key",
  url: "https://www.proxmox.com/en/proxmox-virtual-environment/pricing",
  serverid: "2B29F6BBB31EABB4904C7C175EA4ADFD",
};

/** GET /nodes/pve2/replication/150-0/status after a run that failed; its command shortened. */
export const failedJob = {
  jobnum: 0,
  type: "local",
  error: "command 'ssh \u2026' failed: exit code 255",
  last_try: 0,
  id: "150-0",
  fail_count: 1,
  next_sync: 300,
  guest: 150,
  rate: 100,
  source: "pve2",
  schedule: "*/10",
  duration: 1.135756,
  target: "pve1",
  last_sync: 0,
  vmtype: "qemu",
};

/** GET /nodes/pve2/replication/151-0/status after one that succeeded. */
export const syncedJob = {
  vmtype: "qemu",
  last_sync: 1795529580,
  target: "pve1",
  duration: 3.197283,
  schedule: "*/30",
  source: "pve2",
  guest: 151,
  next_sync: 1795530600,
  fail_count: 0,
  last_try: 1795529580,
  id: "151-0",
  type: "local",
  jobnum: 0,
};
