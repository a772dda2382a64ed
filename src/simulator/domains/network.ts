// /nodes/{node}/network: the interfaces of a node, as its interfaces file and the kernel have them.

import { invalid } from "../engine/error.ts";
import type { Call, Handlers } from "../engine/handler.ts";

type Interface = Record<string, unknown>;

/** Numbers and lists where PVE has them; the rest are texts, netmask and bridge_fd too (facts 23). */
function shown(options: Readonly<Record<string, string>>): Interface {
  const row: Interface = { ...options };
  for (const name of ["active", "autostart", "priority", "exists", "bridge_vlan_aware"]) {
    if (options[name] !== undefined) row[name] = Number(options[name]);
  }
  row.families = (options.families ?? "inet").split(",");
  return row;
}

const bridges = ["bridge", "OVSBridge"];

function wanted(type: string | undefined, filter: string | undefined): boolean {
  if (filter === undefined || filter === "include_sdn") return true;
  if (filter === "any_bridge" || filter === "any_local_bridge") return bridges.includes(type ?? "");
  return type === filter;
}

function list({ cluster, node, params, caller }: Call): Interface[] {
  const filter = params.text("type");
  const bridgesOnly = filter?.startsWith("any_") === true;
  const entries = Object.entries(cluster.node(node).network).filter(([, options]) => wanted(options.type, filter));
  const visible = entries.filter(
    ([iface]) => !bridgesOnly || caller.can(`/sdn/zones/localnetwork/${iface}`, ["SDN.Audit", "SDN.Use"], true),
  );
  return visible.map(([iface, options]) => ({ iface, ...shown(options) }));
}

function one({ cluster, node, params }: Call): Interface {
  const options = cluster.node(node).network[params.need("iface")];
  if (options === undefined) throw invalid({ iface: "interface does not exist" });
  return shown(options);
}

export const network: Handlers = {
  "GET /nodes/{node}/network": list,
  "GET /nodes/{node}/network/{iface}": one,
};
