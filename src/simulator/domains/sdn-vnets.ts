// Vnets and the subnets under them: who may see and change them, and what PVE finds wrong with one.
import { failure, invalid } from "../engine/error.ts";
import type { Call } from "../engine/handler.ts";
import { written } from "../engine/sdn.ts";
import type { ClusterState, Section } from "../engine/state.ts";
import { isAddressIn } from "./sdn-addresses.ts";
import { at, audits, type Row, type Sort } from "./sdn-sections.ts";

const missingVnet = (id: string) => `sdn vnet '${id}' does not exist`;

/** A vnet's permissions hang on its zone, so that one that isn't there is an error first. */
function checkVnet({ caller }: Call, id: string, section: Section | undefined, audit: boolean): void {
  if (section === undefined) throw failure(missingVnet(id));
  caller.check(`/sdn/zones/${section.options.zone}/${id}`, audit ? audits : ["SDN.Allocate"], audit);
}

function assertVnet({ cluster: { state } }: Call, id: string, { options }: Section, before: Section | undefined): void {
  const moved = before !== undefined && before.options.zone !== options.zone;
  if (moved && hasSubnets(state, id)) throw invalid({ zone: "can't change zone if subnets exist" });
  const zone = written(state, "zones")[String(options.zone)];
  if (zone === undefined) throw failure(`cannot lookup undefined type!${at("API2/Network/SDN/Vnets.pm", 326)}`);
  const { tag } = options;
  if (zone.type === "simple" && tag !== undefined) throw invalid({ tag: "vlan tag is not allowed on simple zone" });
  if (zone.type === "simple") return;
  if (tag === undefined) throw invalid({ tag: `missing ${/vxlan|evpn/.test(zone.type) ? "vxlan" : "vlan"} tag` });
  const other = Object.entries(written(state, "vnets")).find(
    ([name, one]) => name !== id && one.options.zone === options.zone && one.options.tag === tag,
  );
  if (other !== undefined) throw invalid({ tag: `tag ${tag} already exist in vnet ${other[0]}` });
}

const hasSubnets = (state: ClusterState, vnet: string) =>
  Object.values(written(state, "subnets")).some(({ options }) => options.vnet === vnet);

export const vnets: Sort = {
  kind: "vnets",
  noun: "vnet",
  create: "POST /cluster/sdn/vnets",
  idOf: ({ params }) => params.need("vnet"),
  typeOf: () => "vnet",
  missing: missingVnet,
  check: (call, id, section, audit) => checkVnet(call, id, section, audit),
  isListed: ({ caller }, id, { options, pending }) =>
    caller.can(`/sdn/zones/${options.zone ?? pending?.zone}/${id}`, audits, true),
  assert: assertVnet,
  assertUnused: (state, id) => {
    if (hasSubnets(state, id)) throw invalid({ vnet: "Can't delete vnet if subnets exists" });
  },
};

/** `z1-10.0.0.0-24`: zone, network and prefix. */
const parts = (id: string) => /^([^-]+)-(.+)-(\d+)$/.exec(id)?.slice(1) ?? [];

export const cidrOf = (id: string) => `${parts(id)[1]}/${parts(id)[2]}`;

/** A subnet by its id, or by its network in the vnet's zone. */
function subnetId({ params, cluster: { state } }: Call): string {
  const given = params.need("subnet");
  if (!given.includes("/")) return given;
  return `${written(state, "vnets")[params.need("vnet")]?.options.zone}-${given.replace("/", "-")}`;
}

function addsToSubnet(id: string, { options }: Section): Row {
  const [zone, network, mask] = parts(id);
  const ranges = [options["dhcp-range"] ?? []].flat().map((range) => {
    return Object.fromEntries(range.split(",").map((pair) => pair.split("=")));
  });
  return { id, zone, network, mask, cidr: cidrOf(id), "dhcp-range": ranges };
}

export const subnets: Sort = {
  kind: "subnets",
  noun: "subnet",
  create: "POST /cluster/sdn/vnets/{vnet}/subnets",
  idOf: subnetId,
  typeOf: () => "subnet",
  missing: (id) => `sdn subnet '${id}' does not exist`,
  check: (call, _, section, audit) => {
    const vnet = call.params.need("vnet");
    checkVnet(call, vnet, written(call.cluster.state, "vnets")[vnet], audit);
    if (audit && section !== undefined && section.options.vnet !== vnet) throw invalid({ vnet: "wrong vnet" });
  },
  isListed: ({ params }, _, { options }) => options.vnet === params.need("vnet"),
  adds: addsToSubnet,
  assert: (_, id, { options }) => {
    const { gateway } = options;
    if (typeof gateway === "string" && !isAddressIn(gateway, cidrOf(id)))
      throw invalid({ gateway: `${gateway} is not in subnet ${cidrOf(id)}` });
  },
};

/** The subnet of a vnet that an address belongs to. */
export function subnetWith(state: ClusterState, vnet: string, address: string): string | undefined {
  const mine = Object.entries(written(state, "subnets")).filter(([, { options }]) => options.vnet === vnet);
  return mine.map(([id]) => id).find((id) => isAddressIn(address, cidrOf(id)));
}
