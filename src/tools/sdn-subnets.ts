// The subnets of SDN, each under its vnet: found by their network or id when the call doesn't name the vnet.
import { type Compose, destroy, type Ground, read, write } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { tool } from "../toolkit/tool.ts";
import { rowsIn, stagedNote, stagedRecord, stagedRows, subnetsOf } from "./sdn-staging.ts";

const at = "/cluster/sdn/vnets/{vnet}/subnets";
const one = `${at}/{subnet}` as const;
const fields = "subnet cidr vnet zone state pending gateway snat dhcp-range dhcp-dns-server dnszoneprefix";

const looked = {
  optional: ["vnet"],
  own: { "cidr?": "CIDR" },
  unlisted: ["cidr"],
  names: { "dhcp-range": "dhcp", "dhcp-dns-server": "dns" },
  hints: { subnet: "10.0.0.0/24, or its id", dhcp: "start-address=…,end-address=…" },
};
const instead = {
  mtu: "set it on the zone",
  ipam: "set it on the zone",
  comment: "a subnet has none; its vnet has an alias",
};
const show = ["gateway", "snat", "dhcp-range"];

/** Where the subnet that the call means is. */
async function placeOf(ground: Ground) {
  const { subnet: wanted, cidr: network } = ground.values;
  const all = await subnetsOf(ground, ground.values.vnet);
  const found = all.filter(({ subnet, cidr }) => [subnet, cidr].includes(wanted) || cidr === network);
  const [first, another] = found;
  if (first && !another) return { vnet: String(first.vnet), subnet: String(first.subnet) };
  const there = (another ? found : all).map(({ vnet, subnet }) => `${subnet} (vnet ${vnet})`).join(", ");
  const what = another ? "is in several vnets, name one as vnet" : "does not exist; there is";
  throw new Refusal(`subnet ${wanted} ${what}: ${there || "none"}`);
}

/** PVE makes the id of zone and network; an absent vnet is the only one of the zone, or the only one there is. */
const forCreate: Compose = async ({ values, read: ask }) => {
  const [, zone, network, prefix] = /^(\w+)-(.+)-(\d+)$/.exec(String(values.subnet)) ?? [];
  const subnet = values.cidr ?? (zone === undefined ? values.subnet : `${network}/${prefix}`);
  if (values.vnet !== undefined) return { subnet };
  const { data } = await ask("GET /cluster/sdn/vnets", {});
  const possible = rowsIn(data).filter((row) => zone === undefined || row.zone === zone);
  if (possible.length === 1) return { subnet, vnet: possible[0]?.vnet };
  throw new Refusal(`vnet is missing: there is ${possible.map(({ vnet }) => vnet).join(", ") || "none yet"}`);
};

const known = { ...looked, resolve: placeOf, present: stagedNote };

export const sdnSubnetTools = [
  tool("proxmox_sdn_subnet", "SDN subnets: networks of a vnet, staged until applied", {
    list: read(`GET ${at}`, {
      takes: [],
      show: ["vnet"],
      optional: ["vnet"],
      perform: async (acting) => ({ data: await subnetsOf(acting, acting.values.vnet) }),
      present: stagedRows,
      done: "{count} subnets",
      fields,
    }),
    get: read(`GET ${one}`, {
      ...known,
      takes: [],
      fixed: { pending: true },
      present: stagedRecord,
      done: "Subnet {subnet} of vnet {vnet}",
      fields,
    }),
    create: write(`POST ${at}`, {
      ...looked,
      instead,
      show: ["vnet", ...show],
      fixed: { type: "subnet" },
      compose: forCreate,
      present: stagedNote,
      done: "Subnet {subnet} of vnet {vnet} was created (staged)",
    }),
    update: write(`PUT ${one}`, {
      ...known,
      instead,
      show,
      replaces: `GET ${one}`,
      done: "Subnet {subnet} of vnet {vnet} was changed (staged)",
    }),
    delete: destroy(`DELETE ${one}`, {
      ...known,
      replaces: `GET ${one}`,
      done: "Subnet {subnet} of vnet {vnet} was deleted (staged)",
    }),
  }),
];
