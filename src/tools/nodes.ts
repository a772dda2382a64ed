// The nodes: the hosts of the cluster, their state and their network, figures over time, reports.
import { interfaces, nodeRows, nodeState, report, templates, traffic } from "../handlers/nodes.ts";
import { rowIn } from "../handlers/rows.ts";
import { series } from "../handlers/series.ts";
import { read } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

export const nodeTools = [
  tool("proxmox_node", "Nodes: the cluster's hosts", {
    list: read("GET /nodes", {
      present: nodeRows,
      fields: "node status cpu maxcpu mem maxmem disk maxdisk uptime level",
    }),
    status: read("GET /nodes/{node}/status", {
      done: "Status of node {node}",
      present: nodeState,
      fields: "uptime loadavg cpu cpuinfo wait memory swap rootfs pveversion kversion current-kernel boot-info ksm",
      units: { avail: "bytes" },
    }),
    network: read("GET /nodes/{node}/network", {
      show: ["type"],
      done: "{count} network interfaces of node {node}",
      present: interfaces,
      fields:
        "iface type active autostart method cidr gateway method6 cidr6 gateway6 bridge_ports bridge_vlan_aware slaves bond_mode vlan-id vlan-raw-device mtu comments",
    }),
    dns: read("GET /nodes/{node}/dns", { done: "DNS settings of node {node}", fields: "search dns1 dns2 dns3" }),
    iface: read("GET /nodes/{node}/network/{iface}", {
      done: "Network interface {iface} of node {node}",
      present: (data, { values }) => ({ record: { iface: values.iface, ...rowIn(data) } }),
    }),
  }),
  tool("proxmox_node_info", "Node info", {
    aplinfo: read("GET /nodes/{node}/aplinfo", {
      own: { "search?": "string" },
      present: templates,
      done: "{count} container templates that {node} can download",
      fields: "template os version section headline",
    }),
    netstat: read("GET /nodes/{node}/netstat", {
      present: traffic,
      done: "{count} network interfaces of guests on {node}",
      fields: "vmid dev in out",
      units: { in: "bytes", out: "bytes" },
    }),
    rrddata: read("GET /nodes/{node}/rrddata", { ...series, done: "Figures of node {node} over time" }),
    storage_rrddata: read("GET /nodes/{node}/storage/{storage}/rrddata", {
      ...series,
      done: "Usage of storage {storage} on {node} over time",
    }),
    report: read("GET /nodes/{node}/report", {
      own: { "section?": "string" },
      unlisted: ["section"],
      present: report,
      done: "Report of node {node}",
    }),
  }),
];
