// The prompts about one guest: making it, keeping it running, finding out what ails it, bringing it back.
import { change, look, type Prompt } from "./prompt.ts";

const guest = {
  name: "guest",
  description: "The guest's number or name",
  required: true,
  completes: "guest",
} as const;

export const guestPrompts: readonly Prompt[] = [
  {
    name: "create-vm",
    title: "Create a VM",
    description: "Finds room for a new VM, creates and starts it",
    arguments: [
      { name: "node", description: "The node that it is to run on", required: true, completes: "node" },
      { name: "name", description: "Its name, as in DNS", required: true },
      {
        name: "storage",
        description: "The storage of its disk; one with room is chosen when absent",
        completes: "storage",
      },
      { name: "cores", description: "2 when absent", usually: "2" },
      { name: "memory", description: "MiB, or 8G; 4G when absent", usually: "4G" },
      { name: "disk", description: "GiB, or 1T; 32G when absent", usually: "32G" },
      { name: "bridge", description: "vmbr0 when absent", usually: "vmbr0" },
      { name: "iso", description: "Volume id of the ISO that it is installed from" },
    ],
    task: "Create the VM {name} on node {node}: {cores} cores, {memory} of memory, a disk of {disk}.",
    steps: [
      look("room", "Is there memory left on the node", "node", { action: "status", node: "{node}" }),
      look("storages", "Which storages hold disks (images) and ISOs, with how much room", "storage_config", {
        action: "cluster_usage",
        node: "{node}",
      }),
      look("bridges", "Is the bridge {bridge} there", "node", { action: "network", node: "{node}" }),
      look("isos", "Which ISOs there are, on each storage that holds some", "storage_content", {
        action: "list",
        node: "{node}",
        storage: "<storage of storages>",
        content: "iso",
      }),
      look("number", "The next free number; nothing reserves it", "get_next_vmid"),
      change("create", "Create it", "create_vm", {
        node: "{node}",
        vmid: "<vmid of number>",
        name: "{name}",
        cores: "{cores}",
        memory: "{memory}",
        disk_size: "{disk}",
        storage: "{storage}",
        iso: "{iso}",
        net0: "virtio,bridge={bridge}",
      }),
      change("start", "Start what was created, and no other guest", "guest_start", { vmid: "<vmid of create>" }),
      look("runs", "Does it run", "guest_status", { vmid: "<vmid of create>" }),
    ],
    end: "Say its number, where it runs, what it has, and what is left to do inside it.",
  },
  {
    name: "make-highly-available",
    title: "Make a guest highly available",
    description: "Checks what HA needs, then lets the HA manager keep a guest running",
    arguments: [
      guest,
      { name: "restarts", description: "Restarts on its node before it is moved; 1 when absent", usually: "1" },
    ],
    task: "Make guest {guest} highly available, so that another node runs it when its own fails.",
    steps: [
      look(
        "guest",
        "Where it is, and what HA knows of it (hastate); one that is stopped would be started: ask first",
        "guest_status",
        { vmid: "{guest}" },
      ),
      look(
        "config",
        "Its disks and their storages; devices of the host and local ISOs tie it to its node",
        "guest_config",
        {
          vmid: "{guest}",
        },
      ),
      look("storages", "Are these storages shared", "storage_config", {
        action: "cluster_usage",
        node: "<node of guest>",
      }),
      look("replication", "Where they aren't: is it replicated", "cluster_replication_job", { action: "list" }),
      look("quorum", "Is the cluster quorate, with three votes at least", "cluster", { action: "status" }),
      look("groups", "Which nodes are preferred for whom", "ha_group", { action: "list" }),
      look("managed", "Is it managed already: then there is nothing to create", "ha_resource", { action: "list" }),
      change("create", "With nothing in the way, hand it to the HA manager", "ha_resource", {
        action: "create",
        sid: "{guest}",
        state: "started",
        max_restart: "{restarts}",
      }),
      look("state", "Does the HA manager say started", "ha_resource", { action: "status" }),
    ],
    end: "Say whether it is kept running from now on. Where something ties it to its node, say what, and stop before the change.",
  },
  {
    name: "why-wont-it-start",
    title: "Why won't it start?",
    description: "Looks for what keeps a guest from starting, in its tasks, its configuration and its node",
    arguments: [guest],
    task: "Find out why guest {guest} doesn't start.",
    steps: [
      look("guest", "Its state: a lock, or something that runs already", "guest_status", { vmid: "{guest}" }),
      look("tasks", "What was tried, how it ended, and what still runs and holds a lock", "node_task", {
        action: "list",
        node: "<node of guest>",
        source: "all",
        vmid: "<vmid of guest>",
        limit: "10",
      }),
      look("log", "The log of the last one that failed, if one did", "node_task", {
        action: "log",
        upid: "<upid of tasks>",
      }),
      look("config", "Its configuration: disks, ISOs, bridges and devices that may be gone", "guest_config", {
        vmid: "{guest}",
      }),
      look("pending", "Changes that wait for the next start", "guest_pending", { vmid: "{guest}" }),
      look("storages", "Are its storages active, and is there room on them", "storage_config", {
        action: "cluster_usage",
        node: "<node of guest>",
      }),
      look("room", "Is there memory left on the node", "node", { action: "status", node: "<node of guest>" }),
      look("bridges", "Are its bridges there", "node", { action: "network", node: "<node of guest>" }),
      look("quorum", "Is the cluster quorate: without quorum nothing starts", "cluster", { action: "status" }),
      look("managed", "Does the HA manager hold it back", "ha_resource", { action: "status" }),
      change("start", "When the cause is gone, or for its words: start it", "guest_start", { vmid: "{guest}" }),
    ],
    end: "Say what keeps it from starting, with PVE's own words for it, and what would mend it. Change nothing else without being asked.",
  },
  {
    name: "backup-and-restore",
    title: "Back up and restore",
    description: "Backs a guest up and proves the backup by restoring it beside the guest",
    arguments: [
      guest,
      { name: "storage", description: "The storage for the backup", required: true, completes: "storage" },
    ],
    task: "Back up guest {guest} to {storage}, and restore it under another number beside the guest itself.",
    steps: [
      look("guest", "Where it runs", "guest_status", { vmid: "{guest}" }),
      look("config", "On which storages its disks are, and whether onboot is set", "guest_config", { vmid: "{guest}" }),
      look(
        "storages",
        "Does {storage} take backups (content) and have room, and is there room for a second set of its disks",
        "storage_config",
        {
          action: "cluster_usage",
          node: "<node of guest>",
        },
      ),
      look("before", "Which backups there are", "backup", {
        action: "list",
        node: "<node of guest>",
        storage: "{storage}",
        vmid: "{guest}",
      }),
      change("backup", "Back it up", "backup", { action: "create", vmid: "{guest}", storage: "{storage}" }),
      look("backups", "The new backup: the newest, with its size", "backup", {
        action: "list",
        node: "<node of guest>",
        storage: "{storage}",
        vmid: "{guest}",
      }),
      look("number", "The next free number", "get_next_vmid"),
      change("restore", "Restore it under that number, with MAC addresses of its own", "backup", {
        action: "restore",
        node: "<node of guest>",
        archive: "<volid of backups>",
        vmid: "<vmid of number>",
        unique: "true",
      }),
      look("restored", "Is all there: disks, networks", "guest_config", { vmid: "<vmid of number>" }),
    ],
    end: "Say which backup it is, how big, and under which number the copy is. It may have the guest's addresses inside: leave it stopped, and don't delete it without being asked. With onboot it starts when its node does: say so.",
  },
];
