// Owns what is told of nodes: the list with those that are away, their state, their network, templates, traffic, reports.
import type { Present } from "../toolkit/operation.ts";
import { placeOf, rowIn, rowsIn } from "./rows.ts";

/** A node that is away is a row as well, of which PVE knows little. */
export const nodeRows: Present = (data) => {
  const rows = rowsIn(data).sort((one, other) =>
    String(one.node).localeCompare(String(other.node), "en", { numeric: true }),
  );
  const away = rows.filter(({ status }) => status !== "online").map(({ node }) => node);
  const count = `${rows.length} node${rows.length === 1 ? "" : "s"}`;
  return { summary: away.length > 0 ? `${count}, not online: ${away.join(", ")}` : count, rows };
};

/** A processor's flags are a hundred words that nobody asked for. */
export const nodeState: Present = (data) => {
  const { flags: _flags, user_hz: _hertz, ...cpuinfo } = rowIn(rowIn(data).cpuinfo);
  return { record: { ...rowIn(data), cpuinfo } };
};

/** What waits to be applied is in the list already; PVE says so beside it, as a diff (facts 45). */
export const interfaces: Present = async (_, ground) => {
  const { type } = ground.values;
  const asked = { ...placeOf(ground, "node"), ...(type === undefined ? {} : { type }) };
  const { changes } = await ground.read("GET /nodes/{node}/network", asked);
  const note = "Staged changes are in the list; proxmox_node_network_iface apply brings them in force.";
  return changes ? { notes: [note] } : {};
};

/** The templates whose name or description has the text in it. */
export const templates: Present = (data, { values }) => {
  const wanted = String(values.search ?? "").toLowerCase();
  const has = (row: object) => JSON.stringify(Object.values(row)).toLowerCase().includes(wanted);
  return { rows: rowsIn(data).filter(({ template, headline }) => has({ template, headline })) };
};

/** Bytes of each guest's each interface since the start. */
export const traffic: Present = (data) => ({
  rows: rowsIn(data).sort((one, other) => Number(one.vmid) - Number(other.vmid)),
  notes: ["in: what the guest received, out: what it sent, since it was started."],
});

/** The report, or those of its sections whose title has the text in it. */
export const report: Present = (data, { values }) => {
  const sections = String(data ?? "").split(/^(?==+ .* =+$)/m);
  const titles = sections.flatMap((section) => /^=+ (.*) =+$/m.exec(section)?.[1] ?? []);
  const wanted = String(values.section ?? "").toLowerCase();
  const shown = sections.filter((section) => section.split("\n")[0]?.toLowerCase().includes(wanted));
  return { lines: shown.join("").trimEnd().split("\n"), notes: [`Its sections: ${titles.join(", ")}.`] };
};
