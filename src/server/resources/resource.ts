// Owns what a resource is: an address, and the tool calls that it is made of. And the table of those that there are.
import type { Subject } from "../completions.ts";

/** A call that tells one part; `{name}` stands for a variable of the address, or for a field of what the first part told. */
export interface Part {
  readonly name: string;
  readonly title: string;
  readonly tool: string;
  readonly given: Readonly<Record<string, string>>;
  /** Its share of the budget, among those of the other parts. */
  readonly share: number;
}

export interface PveResource {
  /** An address, or a template of RFC 6570 with plain variables. */
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What completes each variable. */
  readonly variables: Readonly<Record<string, Subject>>;
  /** The first is the resource itself: without it there is none. */
  readonly parts: readonly [Part, ...Part[]];
}

const part = (name: string, title: string, tool: string, given: Part["given"] = {}, share = 1): Part => ({
  name,
  title,
  tool: `proxmox_${tool}`,
  given,
  share,
});

/** Those that run too: of itself PVE lists the ended ones alone. */
const recentTasks = { action: "list", node: "{node}", source: "all", limit: "10" } as const;

export const resources: readonly PveResource[] = [
  {
    uri: "pve://cluster",
    name: "cluster",
    title: "The cluster",
    description: "Quorum, nodes, guests, storages, HA and backup jobs",
    variables: {},
    parts: [
      part("status", "Status", "cluster", { action: "status" }, 2),
      part("nodes", "Nodes", "node", { action: "list" }, 2),
      part("guests", "Guests", "guest_list", {}, 5),
      part("storages", "Storages", "storage_config", { action: "list" }),
      part("ha", "HA", "ha_resource", { action: "status" }),
      part("jobs", "Backup jobs", "cluster_backup_job", { action: "list" }),
    ],
  },
  {
    uri: "pve://nodes/{node}",
    name: "node",
    title: "A node",
    description: "Its state, guests, storages, network and recent tasks",
    variables: { node: "node" },
    parts: [
      part("status", "Status", "node", { action: "status", node: "{node}" }, 2),
      part("guests", "Guests", "guest_list", { node: "{node}" }, 3),
      part("storages", "Storages", "storage_config", { action: "cluster_usage", node: "{node}" }),
      part("network", "Network", "node", { action: "network", node: "{node}" }),
      part("tasks", "Recent tasks", "node_task", recentTasks, 2),
    ],
  },
  {
    uri: "pve://guests/{vmid}",
    name: "guest",
    title: "A guest",
    description: "Its state, configuration with pending changes, recent tasks, snapshots and backups",
    variables: { vmid: "vmid" },
    parts: [
      part("status", "Summary", "guest_status", { vmid: "{vmid}" }),
      part("config", "Configuration", "guest_config", { vmid: "{vmid}" }, 3),
      part("pending", "Pending changes", "guest_pending", { vmid: "{vmid}" }),
      part("tasks", "Recent tasks", "node_task", { ...recentTasks, vmid: "{vmid}" }, 2),
      part("snapshots", "Snapshots", "guest_snapshot", { action: "list", vmid: "{vmid}" }),
      part("backups", "Backups", "backup", { action: "list", node: "{node}", vmid: "{vmid}" }),
    ],
  },
  {
    uri: "pve://storages/{node}/{storage}",
    name: "storage",
    title: "A storage on a node",
    description: "Its definition, usage and content",
    variables: { node: "node", storage: "storage" },
    parts: [
      part("usage", "Usage", "storage_config", { action: "cluster_usage", node: "{node}", storage: "{storage}" }),
      part("definition", "Definition", "storage_config", { action: "get", storage: "{storage}" }),
      part("content", "Content", "storage_content", { action: "list", node: "{node}", storage: "{storage}" }, 6),
    ],
  },
  {
    uri: "pve://tasks/{upid}",
    name: "task",
    title: "A task",
    description: "How it stands, with its log",
    variables: { upid: "upid" },
    parts: [
      part("status", "Status", "node_task", { action: "get", upid: "{upid}" }),
      part("log", "Log", "node_task", { action: "log", upid: "{upid}" }, 6),
    ],
  },
];

/** The resource with this address and the variables in it; `undefined` when no address of ours looks like it. */
export function resourceAt(
  uri: string,
): { resource: PveResource; values: Readonly<Record<string, string>> } | undefined {
  for (const resource of resources) {
    const names = Object.keys(resource.variables);
    const pattern = resource.uri.replaceAll(/\{\w+\}/g, "([^/?#]+)");
    const found = new RegExp(`^${pattern}$`).exec(uri);
    const values = found?.slice(1).map(decoded);
    if (!values || values.includes(undefined)) continue;
    return { resource, values: Object.fromEntries(names.map((name, place) => [name, values[place] ?? ""])) };
  }
  return undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
