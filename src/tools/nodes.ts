// The nodes: the hosts of the cluster, their state and their network, figures over time, reports.

import { series } from "../handlers/series.ts";
import { type Present, read } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";
import { placeOf, rowIn, rowsIn } from "./rows.ts";

/** A node that is away is a row as well, of which PVE knows little. */
const nodeRows: Present = (data) => {
  const rows = rowsIn(data).sort((one, other) =>
    String(one.node).localeCompare(String(other.node), "en", { numeric: true }),
  );
  const away = rows.filter(({ status }) => status !== "online").map(({ node }) => node);
  const count = `${rows.length} node${rows.length === 1 ? "" : "s"}`;
  return { summary: away.length > 0 ? `${count}, not online: ${away.join(", ")}` : count, rows };
};

/** A processor's flags are a hundred words that nobody asked for. */
const nodeState: Present = (data) => {
  const { flags: _flags, user_hz: _hertz, ...cpuinfo } = rowIn(rowIn(data).cpuinfo);
  return { record: { ...rowIn(data), cpuinfo } };
};

/** What waits to be applied is in the list already; PVE says so beside it, as a diff (facts 45). */
const interfaces: Present = async (_, ground) => {
  const { type } = ground.values;
  const asked = { ...placeOf(ground, "node"), ...(type === undefined ? {} : { type }) };
  const { changes } = await ground.read("GET /nodes/{node}/network", asked);
  const note = "Staged changes are in the list; proxmox_node_network_iface apply brings them in force.";
  return changes ? { notes: [note] } : {};
};

/** The templates whose name or description has the text in it. */
const templates: Present = (data, { values }) => {
  const wanted = String(values.search ?? "").toLowerCase();
  const has = (row: object) => JSON.stringify(Object.values(row)).toLowerCase().includes(wanted);
  return { rows: rowsIn(data).filter(({ template, headline }) => has({ template, headline })) };
};

/** Bytes of each guest's each interface since the start. */
const traffic: Present = (data) => ({
  rows: rowsIn(data).sort((one, other) => Number(one.vmid) - Number(other.vmid)),
  notes: ["in: what the guest received, out: what it sent, since it was started."],
});

/** The report, or those of its sections whose title has the text in it. */
const report: Present = (data, { values }) => {
  const sections = String(data ?? "").split(/^(?==+ .* =+$)/m);
  const titles = sections.flatMap((section) => /^=+ (.*) =+$/m.exec(section)?.[1] ?? []);
  const wanted = String(values.section ?? "").toLowerCase();
  const shown = sections.filter((section) => section.split("\n")[0]?.toLowerCase().includes(wanted));
  return { lines: shown.join("").trimEnd().split("\n"), notes: [`Its sections: ${titles.join(", ")}.`] };
};

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
      present: report,
      done: "Report of node {node}",
    }),
  }),
];
