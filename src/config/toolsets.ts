// Owns the names of toolsets: the categories of the tools, and roles that stand for several of them.

/** A tool is in exactly one category. */
export const categoryNames = [
  "nodes",
  "guests",
  "guest-creation",
  "agent",
  "cluster",
  "cluster-firewall",
  "ha",
  "storage",
  "sdn",
  "access",
  "ceph",
  "console",
  "backup",
  "vm-disks",
  "lxc-mountpoints",
  "lxc-exec",
  "cloud-init",
  "certificates",
  "acme",
  "notifications",
] as const;

export type CategoryName = (typeof categoryNames)[number];

/** What a person in a role works with. */
export const roles = {
  monitoring: ["nodes", "guests", "cluster", "ha", "storage", "ceph", "backup"],
  operator: [
    "nodes",
    "guests",
    "guest-creation",
    "agent",
    "cluster",
    "ha",
    "storage",
    "ceph",
    "console",
    "backup",
    "vm-disks",
    "lxc-mountpoints",
    "lxc-exec",
    "cloud-init",
  ],
  all: categoryNames,
} as const satisfies Readonly<Record<string, readonly CategoryName[]>>;

export type Toolset = CategoryName | keyof typeof roles;

export const toolsetNames: readonly Toolset[] = ["monitoring", "operator", "all", ...categoryNames];

/** The categories that some toolsets stand for. */
export function categoriesOf(toolsets: readonly Toolset[]): ReadonlySet<CategoryName> {
  return new Set(toolsets.flatMap((name): readonly CategoryName[] => (isRole(name) ? roles[name] : [name])));
}

function isRole(name: Toolset): name is keyof typeof roles {
  return Object.hasOwn(roles, name);
}
