// What a node has of the software-defined network: its zones, their vnets, their bridges and who hangs on them.
import { failure, invalid } from "../engine/error.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";
import { isZoneOn, running, standingOf } from "../engine/sdn.ts";
import { bridgeOf } from "../guests/network.ts";
import { isNet } from "../guests/options.ts";
import { audits, type Row } from "./sdn-sections.ts";

/** The zone of a node's own bridges, which no file has. */
const local = "localnetwork";

const stale = {
  pending: "local sdn network configuration is not yet generated, please reload",
  error: "the network of this node could not be brought up",
  available: null,
};

const zones: Handler = ({ cluster: { state }, node, caller }) =>
  Object.entries(running(state, "zones"))
    .filter(([zone, section]) => isZoneOn(section, node) && caller.can(`/sdn/zones/${zone}`, ["SDN.Audit"]))
    .map(([zone]) => ({ zone, status: standingOf(state, node) }));

/** Each node's zones as /cluster/resources has them, that of its own bridges among them. */
export function zoneResources({ cluster: { state }, caller }: Call): Row[] {
  const all = [[local, undefined] as const, ...Object.entries(running(state, "zones"))];
  return all.flatMap(([network, zone]) =>
    Object.keys(state.nodes).flatMap((node) => {
      if (!caller.can(`/sdn/zones/${network}`, ["SDN.Audit"]) || (zone && !isZoneOn(zone, node))) return [];
      const status = zone ? { status: standingOf(state, node), "zone-type": zone.type } : { status: "ok" };
      return [
        { id: `network/${node}/zone/${network}`, network, "network-type": "zone", node, type: "network", ...status },
      ];
    }),
  );
}

const vnetsOf = ({ cluster: { state } }: Call, zone: string): string[] =>
  Object.entries(running(state, "vnets")).flatMap(([vnet, { options }]) => (options.zone === zone ? [vnet] : []));

/** The vnets of a node as its list of bridges has them. */
export function vnetBridges({ cluster: { state }, node, caller }: Call): Row[] {
  return Object.entries(running(state, "vnets")).flatMap(([iface, { options }]) => {
    const zone = running(state, "zones")[String(options.zone)];
    const isSeen = caller.can(`/sdn/zones/${options.zone}/${iface}`, ["SDN.Audit", "SDN.Use"], true);
    if (zone === undefined || !isZoneOn(zone, node) || !isSeen) return [];
    const ipam = zone.options.ipam === undefined ? 0 : 1;
    const vlanaware = Number(options.vlanaware ?? 0);
    return [{ iface, type: "vnet", active: "1", ipam, vlanaware, comments: options.alias ?? null }];
  });
}

/** A node's own bridges belong to a zone of their own. */
const bridgesOf = ({ cluster, node }: Call): string[] =>
  Object.entries(cluster.node(node).network).flatMap(([iface, { type }]) => (type === "bridge" ? [iface] : []));

const content: Handler = (call) => {
  const { cluster, node, params } = call;
  const zone = params.need("zone");
  if (zone === local) return bridgesOf(call).map((vnet) => ({ vnet, status: "available" }));
  const status = standingOf(cluster.state, node);
  return vnetsOf(call, zone).map((vnet) => ({ vnet, status, statusmsg: stale[status] }));
};

const bridges: Handler = (call) => {
  const { cluster, node, params } = call;
  const zone = params.need("zone");
  const names = zone === local ? bridgesOf(call) : vnetsOf(call, zone);
  const isUp = zone === local || standingOf(cluster.state, node) === "available";
  return names.map((name) => ({ name, ports: portsOn(call, name), vlan_filtering: isUp ? 0 : null }));
};

function portsOn({ cluster, node }: Call, bridge: string): Row[] {
  const guests = cluster.guests().filter((guest) => guest.node === node && guest.process !== undefined);
  return guests.flatMap(({ vmid, type, config }) =>
    Object.entries(config.values).flatMap(([index, value]) => {
      if (!isNet(index) || bridgeOf(value) !== bridge) return [];
      return [{ index, name: `${type === "qemu" ? "tap" : "veth"}${vmid}i${index.slice(3)}`, vmid: String(vmid) }];
    }),
  );
}

const ipVrf: Handler = ({ cluster: { state }, params }) => {
  const zone = running(state, "zones")[params.need("zone")];
  if (zone === undefined) throw invalid({ zone: "zone does not exist" });
  if (zone.type !== "evpn") throw invalid({ zone: "zone is not an EVPN zone" });
  return [];
};

/** A vnet that runs, to those who may see it. */
function zoneOfVnet({ cluster: { state }, params, caller }: Call): string {
  const vnet = params.need("vnet");
  const zone = running(state, "vnets")[vnet]?.options.zone;
  if (zone === undefined) throw failure(`sdn vnet '${vnet}' does not exist`);
  caller.check(`/sdn/zones/${zone}/${vnet}`, audits, true);
  return String(zone);
}

const macVrf: Handler = (call) => {
  const zone = zoneOfVnet(call);
  if (running(call.cluster.state, "zones")[zone]?.type !== "evpn")
    throw invalid({ zone: `zone ${zone} is not an EVPN zone.` });
  return [];
};

const subdirs = (names: string) => names.split(" ").map((subdir) => ({ subdir }));

export const sdnNodes: Handlers = {
  "GET /nodes/{node}/sdn/zones": zones,
  "GET /nodes/{node}/sdn/zones/{zone}": () => subdirs("content bridges ip-vrf"),
  "GET /nodes/{node}/sdn/zones/{zone}/content": content,
  "GET /nodes/{node}/sdn/zones/{zone}/bridges": bridges,
  "GET /nodes/{node}/sdn/zones/{zone}/ip-vrf": ipVrf,
  "GET /nodes/{node}/sdn/vnets/{vnet}": (call) => {
    zoneOfVnet(call);
    return subdirs("mac-vrf");
  },
  "GET /nodes/{node}/sdn/vnets/{vnet}/mac-vrf": macVrf,
};
