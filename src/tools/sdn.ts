// Software-defined networks: zones, vnets, controllers; the subnets have a file of their own.
import { applied, appliedOn, rolledBack, stagedNote, stagedRecord, stagedRows } from "../handlers/sdn-staging.ts";
import { vnetCreated } from "../handlers/sdn-vnets.ts";
import { destroy, type Perform, read, write } from "../toolkit/operation.ts";
import { tool } from "../toolkit/tool.ts";
import { sdnSubnetTools } from "./sdn-subnets.ts";

const one = {
  zone: "/cluster/sdn/zones/{zone}",
  vnet: "/cluster/sdn/vnets/{vnet}",
  controller: "/cluster/sdn/controllers/{controller}",
} as const;

/** What clients see of one kind of section, and what to use instead of what PVE hasn't got there. */
interface Shown {
  readonly show: readonly string[];
  readonly fields: string;
  readonly instead: Readonly<Record<string, string>>;
  readonly created?: Perform;
}

/** The operations on one kind of section of SDN's configuration. */
function sections(kind: keyof typeof one, { show, fields, instead, created }: Shown) {
  const all = `/cluster/sdn/${kind}s` as const;
  const fixed = { pending: true };
  const present = stagedNote;
  const replaces = `GET ${one[kind]}` as const;
  return {
    list: read(`GET ${all}`, { takes: ["type"], fixed, present: stagedRows, done: `{count} ${kind}s`, fields }),
    get: read(`GET ${one[kind]}`, { takes: [], fixed, present: stagedRecord, done: `SDN ${kind} {${kind}}`, fields }),
    create: write(`POST ${all}`, {
      show,
      instead,
      ...(created ? { perform: created } : {}),
      present,
      done: `SDN ${kind} {${kind}} was created (staged)`,
    }),
    update: write(`PUT ${one[kind]}`, {
      show,
      instead: { ...instead, type: `the type of a ${kind} stays as it was created` },
      replaces,
      present,
      done: `SDN ${kind} {${kind}} was changed (staged)`,
    }),
    delete: destroy(`DELETE ${one[kind]}`, { replaces, present, done: `SDN ${kind} {${kind}} was deleted (staged)` }),
  };
}

export const sdnTools = [
  tool("proxmox_sdn_zone", "SDN zones: all SDN changes are staged until apply", {
    ...sections("zone", {
      show: ["bridge", "nodes", "peers"],
      fields:
        "zone type state pending nodes bridge tag vlan-protocol peers vxlan-port controller vrf-vxlan exitnodes " +
        "exitnodes-primary exitnodes-local-routing advertise-subnets disable-arp-nd-suppression " +
        "bridge-disable-mac-learning rt-import mac fabric mtu ipam dhcp dns dnszone reversedns",
      instead: {
        comment: "a zone has none; a vnet has an alias",
        vxlan: "a VXLAN or EVPN zone's id is the vnet's tag, or vrf-vxlan here",
      },
    }),
    apply: write("PUT /cluster/sdn", {
      perform: applied,
      present: appliedOn,
      done: "SDN was applied",
      fields: "object id state pending",
    }),
    rollback: destroy("POST /cluster/sdn/rollback", {
      perform: rolledBack,
      done: "{count} staged changes were dropped",
      fields: "object id state pending",
    }),
  }),
  tool(
    "proxmox_sdn_vnet",
    "SDN vnets: staged until applied",
    sections("vnet", {
      show: ["tag", "alias"],
      fields: "vnet zone state pending tag alias vlanaware isolate-ports",
      instead: {
        comment: "use alias",
        vlan: "use tag",
        vxlan: "use tag",
        mtu: "set it on the zone",
        mac: "PVE makes it up, or set it on an EVPN zone",
        ipam: "set it on the zone",
      },
      created: vnetCreated,
    }),
  ),
  ...sdnSubnetTools,
  tool(
    "proxmox_sdn_controller",
    "SDN controllers: staged until applied",
    sections("controller", {
      show: ["asn", "peers"],
      fields:
        "controller type state pending asn peers node ebgp ebgp-multihop bgp-multipath-as-path-relax loopback fabric " +
        "isis-domain isis-ifaces isis-net",
      instead: {
        ip: "use peers",
        port: "PVE's controllers have none to set",
        token: "PVE's controllers have no credentials",
        secret: "PVE's controllers have no credentials",
        zone: "the zone names it: proxmox_sdn_zone with controller",
        comment: "a controller has none",
      },
    }),
  ),
];
