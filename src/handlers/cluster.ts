// Owns the answers on the cluster as a whole: quorum and votes, datacenter options by name, a VMID in a range, corosync's settings.
import { PveError } from "../pve/errors.ts";
import type { EndpointKey } from "../schema/endpoints.gen.ts";
import type { Row } from "../toolkit/answer.ts";
import type { Ground, Perform, Present } from "../toolkit/operation.ts";
import { recordIn } from "../toolkit/record.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { rowIn, rowsIn } from "./rows.ts";

/** The cluster's own row, then the nodes with what they use and how many votes they have. */
export const clusterStatus: Present = async (data, { read: ask }) => {
  const rows = rowsIn(data);
  const cluster = rows.find(({ type }) => type === "cluster");
  const nodes = rows.filter(({ type }) => type === "node");
  const figures = rowsIn((await ask("GET /cluster/resources", { type: "node" })).data);
  const used = (name: unknown) => rowIn(figures.find(({ node }) => node === name));
  const corosync = cluster ? rowsIn((await ask("GET /cluster/config/nodes", {})).data) : [];
  const votesOf = (name: unknown) => Number(rowIn(corosync.find((one) => one.name === name)).quorum_votes ?? 0);
  const shown = nodes.map(({ name, online, nodeid, ip, local }) => {
    const { cpu, maxcpu, mem, maxmem, uptime } = Number(online) === 1 ? used(name) : {};
    const votes = cluster ? votesOf(name) : undefined;
    return { type: "node", name, online, nodeid, ip, local, votes, cpu, maxcpu, mem, maxmem, uptime };
  });
  const online = nodes.filter((node) => Number(node.online) === 1);
  const sum = (all: readonly Row[]) => all.reduce((total, { name }) => total + votesOf(name), 0);
  const there = `${online.length} of ${nodes.length} nodes ${nodes.length === 1 ? "is" : "are"} online`;
  if (!cluster)
    return { rows: shown, summary: `${nodes[0]?.name ?? "This node"} stands alone, in no cluster; ${there}` };
  const [expected, present] = [sum(nodes), sum(online)];
  const { name, quorate, version } = cluster;
  const isQuorate = Number(quorate) === 1;
  const votes = `${present} of ${expected} expected votes, ${Math.floor(expected / 2) + 1} are needed`;
  const away = nodes.filter((node) => !online.includes(node)).map((node) => node.name);
  const notes = [
    ...(isQuorate ? [] : ["Without quorum PVE starts no guest and changes nothing until enough nodes are back."]),
    ...(away.length > 0 ? [`Not online: ${away.join(", ")}. What lists still say of their guests is old.`] : []),
  ];
  return {
    rows: [{ type: "cluster", name, quorate, version }, ...shown],
    summary: `Cluster ${name} ${isQuorate ? "is quorate" : "has NO quorum"}: ${there}, ${votes}`,
    ...(notes.length > 0 ? { notes } : {}),
  };
};

/** Options as PVE takes them: those of `options`, and those that were given by their own name. */
export const newOptions = ({ values }: Ground) => {
  const { options: _options, ...named } = values;
  const options = { ...recordIn(values.options), ...named };
  if (Object.keys(options).length > 0) return options;
  throw new Refusal('options is missing: an object such as {"keyboard": "de"}; delete takes names to reset');
};

/** Candidates are what the list of guests doesn't have; PVE says of each whether it is free, for a token may not see all. */
export const nextInRange: Perform = async (acting) => {
  const { vmid, min, max = 999_999_999 } = acting.values;
  const next = (asked: object) => acting.read("GET /cluster/nextid", { ...asked });
  if (vmid !== undefined) return next({ vmid });
  if (min === undefined && acting.values.max === undefined) return next({});
  const guests = rowsIn((await acting.read("GET /cluster/resources", { type: "vm" })).data);
  const taken = new Set(guests.map((guest) => Number(guest.vmid)));
  for (let id = Number(min ?? 100), asked = 0; id <= Number(max) && asked < 50; id++) {
    if (taken.has(id)) continue;
    asked++;
    try {
      return await next({ vmid: id });
    } catch (error) {
      if (!(error instanceof PveError) || error.errors?.vmid === undefined) throw error;
    }
  }
  throw new Refusal(`no VMID from ${min ?? 100} to ${max} is free`);
};

const alone = "The node that answers is in no cluster: there is no corosync configuration.";

/** Corosync's settings; of a node that is in no cluster PVE has an error or nothing. */
export const ofCluster =
  (endpoint: EndpointKey): Perform =>
  async (acting, values) => {
    try {
      const { data } = await acting.read(endpoint, values);
      return { data: data ?? {} };
    } catch (error) {
      if (error instanceof PveError && error.status === 424) return { data: {} };
      throw error;
    }
  };

export const unlessAlone =
  (summary: (row: Row) => string): Present =>
  (data) => {
    const row = rowIn(data);
    return Object.keys(row).length === 0 ? { record: {}, summary: alone } : { record: row, summary: summary(row) };
  };

export const joinSummary = unlessAlone(({ totem, nodelist, preferred_node: node }) => {
  const { cluster_name: name, config_version: version } = rowIn(totem);
  return `Cluster ${name}, version ${version} of its configuration: ${rowsIn(nodelist).length} nodes, to be joined by way of ${node}`;
});

export const nodesInCorosync: Present = (data, { values }) => {
  const rows = rowsIn(data);
  if (values.node === undefined) return rows.length > 0 ? {} : { rows, summary: alone };
  const row = rows.find(({ node, name }) => [node, name].includes(values.node));
  if (row) return { record: row };
  const there = rows.map(({ name }) => name).join(", ");
  throw new Refusal(`node ${values.node} is not in corosync's configuration: ${there === "" ? "it has none" : there}`);
};
