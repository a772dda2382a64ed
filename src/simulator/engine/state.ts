// The cluster as one plain value: everything that PVE would keep in /etc/pve, on its storages and in its processes.
import type { Version } from "../../schema/registry.ts";
import type { Ceph } from "./ceph.ts";
import type { Firewall, Sdn, SectionFile } from "./files.ts";
import type { GuestConfig } from "./guest-config.ts";

export type { Firewall, IpSet, Sdn, Section, SectionFile } from "./files.ts";

export type GuestType = "qemu" | "lxc";

export interface ClusterState {
  name: string;
  /** The release of PVE that all nodes run. */
  release: Version;
  /** Quorum is lost though the nodes are up; without it the nodes that are online decide (facts 49). */
  quorumLost?: boolean;
  configVersion: number;
  nodes: Record<string, Node>;
  guests: Record<string, Guest>;
  storages: Record<string, Storage>;
  volumes: Volume[];
  pools: Record<string, Pool>;
  access: Access;
  tasks: Task[];
  options: Record<string, string>;
  /** Hosts outside that serve storages: addresses or names. */
  servers?: string[];
  /** Paths that no file system has been made for yet. */
  unformatted?: string[];
  /** Files that the nodes can fetch, by URL: bytes, and checksums by algorithm. */
  web?: Record<string, { size: number; sums: Record<string, string> }>;
  ha?: HighAvailability;
  /** Absent where nobody has set Ceph up. */
  ceph?: Ceph;
  /** LVM's volume groups on the nodes. */
  volumeGroups: string[];
  /** Directories on the nodes that a mapping may name. */
  paths: string[];
  /** Hosts that take notifications and mail. */
  receivers: string[];
  /** Kinds of storage whose volumes can be replicated. */
  replicating: string[];
  /** Replication jobs' runs, by job. */
  replications?: Record<string, Replication>;
  /** Set where the nodes have no way to Proxmox's servers. */
  isolated?: boolean;
  /** Files of sections under /etc/pve, by name: `jobs.cfg`, `notifications.cfg`. */
  files: Record<string, SectionFile>;
  /** Firewall files by what they belong to: `cluster`, `node/pve1`, `vm/100`, `vnet/v1`. */
  firewall: Record<string, Firewall>;
  /** What of the software-defined network has been applied; absent before the first time. */
  sdn?: Sdn;
}

/** What the HA manager's files hold; a section is what is written there. */
export interface HighAvailability {
  /** Managed guests: `vm:100`, `ct:200`. */
  resources: string[];
  groups: Record<string, Record<string, string>>;
  rules: Record<string, Record<string, string>>;
}

export interface Node {
  name: string;
  id: number;
  ip: string;
  online: boolean;
  /** What of an online node doesn't answer the others: its proxy refuses, or its daemon hangs (facts 48). */
  silent?: "proxy" | "daemon";
  /** Since when it hasn't been heard of; milliseconds since 1970. Kept by the door. */
  lostSince?: number;
  /** Milliseconds since 1970. */
  bootTime: number;
  cpus: number;
  /** Set where a BIOS has started the host, and where containers are counted by cgroup v1. */
  legacyBios?: boolean;
  cgroupV1?: boolean;
  /** Set where VMs can't have hardware virtualisation. */
  withoutKvm?: boolean;
  sockets: number;
  cpuModel: string;
  /** Bytes. */
  memory: number;
  disk: number;
  fingerprint: string;
  dns: Record<string, string>;
  /** What the kernel has, by interface; options as the interfaces file writes them. */
  network: Record<string, Record<string, string>>;
  /** Changes that wait to be applied: the whole new file. */
  stagedNetwork?: Record<string, Record<string, string>>;
  timezone: string;
  /** /etc/hosts, once it was written; and the node's own notes and options. */
  hosts?: string;
  config?: Record<string, string>;
  /** Set where bringing the network up fails, with what ifreload's task then ends with. */
  reloadFailure?: string;
  /** Services that were stopped. */
  stopped?: string[];
  certificates?: StoredCertificate[];
  /** Handles of Proxmox's repositories that are set up. */
  repositories: string[];
  /** Repositories that are switched off: `path:index`. */
  disabledRepositories?: string[];
  /** Shut down, and not about to come up by itself. */
  isOff?: boolean;
  subscription?: { key: string; since: number; checktime: number };
  /** Disks beside the one that the host runs from. */
  disks?: Disk[];
  /** File systems that PVE has mounted under /mnt/pve, by name: the device. */
  directories?: Record<string, string>;
  /** Packages that are newer in the repositories, by name: known once their lists were fetched. */
  upgrades?: Record<string, string>;
  /** Seconds since 1970 of the last fetching of the lists of packages. */
  listsFetched?: number;
}

export interface Disk {
  /** `sdb` */
  name: string;
  /** Bytes. */
  size: number;
  /** What lies on it, in PVE's word: `mounted`, `LVM`, `partitions`. */
  used?: string;
  gpt?: boolean;
  model?: string;
  serial?: string;
  /** 0: an SSD. */
  rpm?: number;
}

/** The runs of a replication job, times in seconds since 1970. */
export interface Replication {
  since: number;
  last_try: number;
  last_sync: number;
  fail_count: number;
  duration?: number;
  error?: string;
  /** Until when the last run is on. */
  until?: number;
  /** When a run was asked for. */
  requested?: number;
  log: string[];
}

/** A certificate as PVE tells of it; times in seconds since 1970. */
export interface StoredCertificate {
  filename: string;
  fingerprint: string;
  issuer: string;
  notafter: number;
  notbefore: number;
  pem: string;
  "public-key-bits": number;
  "public-key-type": string;
  san: string[];
  subject: string;
}

export interface Guest {
  vmid: number;
  type: GuestType;
  node: string;
  config: GuestConfig;
  /** Milliseconds since 1970; the file that GET config reads was made then. */
  created: number;
  /** Present while the guest runs. */
  process?: GuestProcess;
  /** Set for a guest whose start fails in the task with this text. */
  startFailure?: string;
  /** The config from which the cloud-init image was made. */
  cloudInit?: Record<string, string>;
  /** What a guest does when it is asked to shut down: answers in so many ms, or never. */
  shutdownTime?: number;
}

export interface GuestProcess {
  pid: number;
  /** Milliseconds since 1970. */
  since: number;
  paused: boolean;
  /** Whether an operating system runs inside: one that hears the power button and can have an agent. */
  system: boolean;
  /** Devices whose removal the inside hasn't confirmed. */
  half?: string[];
  /** What the guest agent has done inside since the start. */
  inside: Inside;
}

/** The inside of a running VM as its agent shows it. */
export interface Inside {
  files: Record<string, string>;
  frozen: boolean;
  /** Programs whose result hasn't been fetched; `until`: milliseconds since 1970. */
  programs: Record<string, { exitcode: number; out: string; err: string; until?: number }>;
}

export interface Storage {
  storage: string;
  type: string;
  /** Everything else of its section in storage.cfg, as written there. */
  options: Record<string, string>;
  /** Bytes, per node for a local storage. */
  total: number;
  /** Bytes that something other than the listed volumes uses. */
  base: number;
}

export interface Volume {
  volid: string;
  storage: string;
  /** The node that holds it; absent on a shared storage. */
  node?: string;
  content: string;
  format: string;
  size: number;
  used?: number;
  vmid?: number;
  parent?: string;
  /** Seconds since 1970. */
  ctime: number;
  notes?: string;
  protected?: boolean;
  /** Whether an operating system lies on it. */
  system?: boolean;
  /** What a backup holds. */
  backup?: Backup;
}

/** A guest as an archive keeps it. */
export interface Backup {
  type: GuestType;
  /** The config at that time, without snapshots and lock. */
  values: Record<string, string>;
  /** Its volumes by option: bytes, and where and how they lay. */
  disks: Record<string, { size: number; storage: string; format: string; system?: boolean }>;
}

export interface Pool {
  comment?: string;
  vms: number[];
  storages: string[];
}

export interface Access {
  users: Record<string, User>;
  groups: Record<string, { users: string[]; comment?: string }>;
  roles: Record<string, { privileges: string[]; special: boolean }>;
  acl: AclEntry[];
}

export interface User {
  enable: boolean;
  expire: number;
  /** What POST /access/ticket takes; without one nobody can log in. */
  password?: string;
  options: Record<string, string>;
  tokens: Record<string, Token>;
}

export interface Token {
  secret: string;
  privsep: boolean;
  expire: number;
  comment?: string;
}

export interface AclEntry {
  path: string;
  type: "user" | "group" | "token";
  ugid: string;
  roleid: string;
  propagate: boolean;
}

/** A task as its UPID and log file hold it (facts 28-33). */
export interface Task {
  upid: string;
  node: string;
  pid: number;
  pstart: number;
  /** Seconds since 1970. */
  starttime: number;
  endtime?: number;
  type: string;
  id: string;
  /** `root@pam`, without the token. */
  user: string;
  tokenid?: string;
  /** Absent while it runs. */
  exitstatus?: string;
  log: string[];
}
