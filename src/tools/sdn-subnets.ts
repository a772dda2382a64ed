// The subnets of SDN, each under its vnet: found by their network or id when the call doesn't name the vnet.
import { stagedNote, stagedRecord, stagedRows, subnetsOf } from "../handlers/sdn-staging.ts";
import { forCreate, placeOf } from "../handlers/sdn-subnets.ts";
import { destroy, read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";

const at = "/cluster/sdn/vnets/{vnet}/subnets";
const one = `${at}/{subnet}` as const;
const fields = "subnet cidr vnet zone state pending gateway snat dhcp-range dhcp-dns-server dnszoneprefix";

const looked = {
  optional: ["vnet"],
  own: { "cidr?": "CIDR" },
  unlisted: ["cidr"],
  names: { "dhcp-range": "dhcp", "dhcp-dns-server": "dns" },
  hints: { dhcp: "start-address=,end-address=" },
};
const instead = {
  mtu: "set it on the zone",
  ipam: "set it on the zone",
  comment: "a subnet has none; its vnet has an alias",
};
const show = ["gateway", "snat", "dhcp-range"];

const known = { ...looked, resolve: placeOf, present: stagedNote };

export const sdnSubnetTools = [
  tool("proxmox_sdn_subnet", "SDN subnets: staged until applied", {
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
