// The cluster as a whole: its nodes and quorum, its options, its corosync configuration; the next free VMID.
import {
  clusterStatus,
  joinSummary,
  newOptions,
  nextInRange,
  nodesInCorosync,
  ofCluster,
  unlessAlone,
} from "../handlers/cluster.ts";
import { destroy, read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const members = "GET /cluster/config/nodes";
const memberFields = "name nodeid quorum_votes ring0_addr ring1_addr";

export const clusterTools = [
  tool("proxmox_cluster", "Cluster: nodes, quorum, datacenter options", {
    status: read("GET /cluster/status", {
      present: clusterStatus,
      fields: "type name quorate version online nodeid ip local votes cpu maxcpu mem maxmem uptime",
    }),
    options: read("GET /cluster/options", { done: "The datacenter's options" }),
    update_options: write("PUT /cluster/options", {
      own: { "options?": "json-object" },
      replaces: "GET /cluster/options",
      compose: newOptions,
      done: "The datacenter's options were changed",
    }),
  }),
  tool(
    "proxmox_get_next_vmid",
    "Next free VMID",
    read("GET /cluster/nextid", {
      own: { "min?": "pve-vmid", "max?": "pve-vmid" },
      perform: nextInRange,
      present: (data) => ({ record: { vmid: Number(data) }, summary: `VMID ${Number(data)} is free` }),
    }),
  ),
  tool("proxmox_cluster_config", "Corosync: join makes this host a member of another cluster", {
    get: read("GET /cluster/config/join", { perform: ofCluster("GET /cluster/config/join"), present: joinSummary }),
    list_nodes: read(members, { present: nodesInCorosync, done: "{count} nodes in corosync", fields: memberFields }),
    get_node: read(members, {
      own: { node: "pve-node" },
      present: nodesInCorosync,
      done: "Node {node} in corosync",
      fields: memberFields,
    }),
    join: destroy("POST /cluster/config/join", {
      done: "The node that was asked has given up its own configuration and joined the cluster of {hostname}",
    }),
    totem: read("GET /cluster/config/totem", {
      perform: ofCluster("GET /cluster/config/totem"),
      present: unlessAlone(({ cluster_name: name }) => `Totem settings of cluster ${name}`),
    }),
  }),
];
