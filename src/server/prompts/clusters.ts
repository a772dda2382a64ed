// The prompts about nodes and the whole cluster: emptying a node, guests that nobody backs up, a look at security.
import { change, look, type Prompt } from "./prompt.ts";

export const clusterPrompts: readonly Prompt[] = [
  {
    name: "drain-node",
    title: "Drain a node",
    description: "Moves every guest of a node to another one, before maintenance",
    arguments: [
      { name: "node", description: "The node that is to be emptied", required: true, completes: "node" },
      { name: "target", description: "The node that takes its guests", required: true, completes: "node" },
    ],
    task: "Move all guests of node {node} to {target}.",
    steps: [
      look("quorum", "Is the cluster quorate, without {node} too", "cluster", { action: "status" }),
      look("guests", "What there is to move, with how much memory", "guest_list", { node: "{node}" }),
      look("room", "Has {target} memory for all of it that runs; if not, stop and say so", "node", {
        action: "status",
        node: "{target}",
      }),
      look(
        "storages",
        "Which storages of {target} are shared; disks on others are copied, and need room",
        "storage_config",
        {
          action: "cluster_usage",
          node: "{target}",
        },
      ),
      look("bridges", "Has {target} the same bridges", "node", { action: "network", node: "{target}" }),
      look("managed", "Which guests HA keeps: they may come back by its rules", "ha_resource", { action: "list" }),
      look("running", "Does anything run on the node that has to end first", "node_task", {
        action: "list",
        node: "{node}",
        source: "active",
        limit: "10",
      }),
      change("move", "Move them; containers that run are restarted by it", "node_bulk", {
        action: "migrate_all",
        node: "{node}",
        target: "{target}",
        "with-local-disks": "true",
      }),
      look("left", "What is left on it; what HA keeps moves later: look again", "guest_list", { node: "{node}" }),
      look("tasks", "Which moves still run, how the others ended; the log of one that failed tells why", "node_task", {
        action: "list",
        node: "{node}",
        source: "all",
        limit: "20",
      }),
    ],
    end: "Say what was moved and what is left, with the reason for each. Don't shut the node down without being asked.",
  },
  {
    name: "find-guests-without-backup",
    title: "Find guests without a backup",
    description: "Compares the guests with backup jobs and the backups that there are",
    arguments: [{ name: "storage", description: "Only backups on this storage", completes: "storage" }],
    task: "Find the guests that no backup job takes in, and those without a recent backup.",
    steps: [
      look("guests", "All guests; templates need no backup job", "guest_list"),
      look(
        "jobs",
        "Which guests the jobs take in (all, vmid, pool, exclude), and whether they are enabled",
        "cluster_backup_job",
        {
          action: "list",
        },
      ),
      look("storages", "Which storages hold backups, and which of them are shared", "storage_config", {
        action: "list",
      }),
      look(
        "backups",
        "The backups that there are; the same for each further node when a storage isn't shared",
        "backup",
        {
          action: "list",
          node: "<node of guests>",
          storage: "{storage}",
        },
      ),
    ],
    end: "Give a table: guests in no job, guests without any backup, guests whose newest is older than a week. Say what you couldn't see, and propose a job for them.",
  },
  {
    name: "review-security",
    title: "Review security",
    description: "Looks at users, tokens, rights, realms, firewall, certificates and updates",
    arguments: [
      {
        name: "node",
        description: "The node whose certificate and packages are looked at",
        required: true,
        completes: "node",
      },
    ],
    task: "Review who may do what in this cluster, and how it is guarded.",
    steps: [
      look("users", "Users: enabled ones that nobody needs, no expiry", "user", { action: "list" }),
      look("tokens", "API tokens of each user: no expiry, privsep off", "user_token", {
        action: "list",
        userid: "<userid of users>",
      }),
      look("roles", "Roles: custom ones with more than they need", "role", { action: "list" }),
      look("acl", "Who has which role where: Administrator on / above all", "acl", { action: "get" }),
      look("realms", "Realms, and where a second factor is required", "domain", { action: "list" }),
      look("firewall", "Is the firewall on, with which policy", "cluster_firewall", { action: "get_options" }),
      look("rules", "Its rules: what is open to everybody", "cluster_firewall_rule", { action: "list" }),
      look("certificate", "The node's certificates: until when, issued by whom", "certificate", {
        action: "list",
        node: "{node}",
      }),
      look("packages", "Its packages: is the kernel that runs the newest one that is installed", "apt", {
        action: "versions",
        node: "{node}",
      }),
    ],
    end: "List what you found, the worst first: what it is, why it matters, the one change that mends it. What the token may not see is no finding: say so. Change nothing.",
  },
];
