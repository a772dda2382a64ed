// The nodes: the hosts of the cluster, their state and their network.
import { read } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";
import { tool } from "../toolkit/tool.ts";

/** A processor's flags are a hundred words that nobody asked for. */
function withoutFlags(cpuinfo: unknown): unknown {
  if (!isRow(cpuinfo)) return cpuinfo;
  const { flags: _flags, user_hz: _hertz, ...rest } = cpuinfo;
  return rest;
}

export const nodeTools = [
  tool("proxmox_node", "Nodes: the cluster's hosts", {
    list: read("GET /nodes", {
      done: "{count} nodes",
      fields: "node status cpu maxcpu mem maxmem disk maxdisk uptime level",
    }),
    status: read("GET /nodes/{node}/status", {
      done: "Status of node {node}",
      present: (data) => (isRow(data) ? { record: { ...data, cpuinfo: withoutFlags(data.cpuinfo) } } : {}),
      fields: "uptime loadavg cpu cpuinfo wait memory swap rootfs pveversion kversion current-kernel boot-info ksm",
    }),
    network: read("GET /nodes/{node}/network", {
      show: ["type"],
      done: "{count} network interfaces of node {node}",
      fields:
        "iface type active autostart method cidr gateway method6 cidr6 gateway6 bridge_ports bridge_vlan_aware slaves bond_mode vlan-id vlan-raw-device mtu comments",
    }),
    dns: read("GET /nodes/{node}/dns", { done: "DNS settings of node {node}", fields: "search dns1 dns2 dns3" }),
    iface: read("GET /nodes/{node}/network/{iface}", {
      done: "Network interface {iface} of node {node}",
      present: (data, { values }) => (isRow(data) ? { record: { iface: values.iface, ...data } } : {}),
    }),
  }),
];
