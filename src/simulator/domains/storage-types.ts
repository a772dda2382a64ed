// The types of storage: what each can't do without, what else it takes, and what it holds unless told.

interface StorageType {
  required: string;
  /** Beside `nodes`, `disable`, `content` and `bwlimit`, which all take. */
  optional: string;
  content: string;
}

const folder = "content-dirs format mkdir create-base-path create-subdirs preallocation";
const backups = "prune-backups max-protected-backups";
const chain = "snapshot-as-volume-chain";

const types: Readonly<Record<string, StorageType>> = {
  btrfs: { required: "path", optional: `${folder} ${backups} shared is_mountpoint nocow`, content: "images,rootdir" },
  cephfs: {
    required: "",
    optional: `path ${folder} ${backups} monhost subdir options username fuse keyring fs-name`,
    content: "backup",
  },
  cifs: {
    required: "server share",
    optional: `path ${folder} ${backups} ${chain} subdir username password domain smbversion options`,
    content: "images",
  },
  dir: {
    required: "path",
    optional: `${folder} ${backups} ${chain} shared is_mountpoint`,
    content: "images,rootdir",
  },
  esxi: { required: "server username password", optional: "skip-cert-verification", content: "import" },
  iscsi: { required: "portal target", optional: "", content: "images" },
  iscsidirect: { required: "portal target", optional: "", content: "images" },
  lvm: {
    required: "vgname",
    optional: `shared saferemove saferemove-stepsize saferemove_throughput base tagged_only ${chain}`,
    content: "images",
  },
  lvmthin: { required: "thinpool vgname", optional: "", content: "images" },
  nfs: { required: "server export", optional: `path ${folder} ${backups} ${chain} options`, content: "images" },
  pbs: {
    required: "server datastore",
    optional: `${backups} namespace port username password encryption-key master-pubkey fingerprint skip-cert-verification`,
    content: "backup",
  },
  rbd: {
    required: "",
    optional: "monhost pool data-pool namespace username krbd keyring",
    content: "images",
  },
  zfs: {
    required: "portal target pool blocksize iscsiprovider",
    optional: "nowritecache sparse comstar_hg comstar_tg lio_tpg zfs-base-path",
    content: "images",
  },
  zfspool: { required: "pool", optional: "blocksize sparse mountpoint", content: "images,rootdir" },
};

const words = (list: string): string[] => list.split(" ").filter((word) => word !== "");

/** The first option that a storage of this type lacks, then the first that it can't have; or nothing. */
export function problemWith(type: string, options: Readonly<Record<string, string>>): string | undefined {
  const known = types[type];
  if (known === undefined) return undefined;
  const required = words(known.required);
  const allowed = new Set([...required, ...words(known.optional), "nodes", "disable", "content", "bwlimit"]);
  const unexpected = Object.keys(options).find((name) => !allowed.has(name));
  if (unexpected !== undefined) return `unexpected property '${unexpected}'`;
  const missing = required.find((name) => options[name] === undefined);
  return missing === undefined ? undefined : `missing value for required option '${missing}'`;
}

/** Whether an option can't be taken away from a storage of this type. */
export function isRequired(type: string, option: string): boolean {
  return words(types[type]?.required ?? "").includes(option);
}

/** What PVE writes down for a storage that wasn't told: what it holds, where it is mounted. */
export function settled(id: string, type: string, options: Readonly<Record<string, string>>): Record<string, string> {
  const mounted = ["nfs", "cifs", "cephfs"].includes(type) ? { path: `/mnt/pve/${id}` } : {};
  const shared = type === "pbs" ? { shared: "1" } : {};
  return { content: types[type]?.content ?? "images", ...mounted, ...shared, ...options };
}
