// Which options each kind of zone and controller has, and which of them it can't be without.
import { failure } from "../engine/error.ts";

interface Plugin {
  required: readonly string[];
  optional: readonly string[];
}

const plugin = (required: string, optional: string): Plugin => ({
  required: required.split(" ").filter(Boolean),
  optional: optional.split(" ").filter(Boolean),
});

const everyZone = "nodes mtu dns reversedns dnszone ipam";

const zones: Readonly<Record<string, Plugin>> = {
  simple: plugin("", `${everyZone} dhcp`),
  vlan: plugin("bridge", `${everyZone} bridge-disable-mac-learning`),
  qinq: plugin("bridge tag", `${everyZone} bridge-disable-mac-learning vlan-protocol`),
  vxlan: plugin("", `${everyZone} peers vxlan-port fabric`),
  evpn: plugin(
    "controller vrf-vxlan",
    `${everyZone} exitnodes exitnodes-local-routing exitnodes-primary advertise-subnets disable-arp-nd-suppression mac ` +
      "rt-import bridge-disable-mac-learning",
  ),
  faucet: plugin("dp-id", everyZone),
};

const controllers: Readonly<Record<string, Plugin>> = {
  evpn: plugin("asn", "peers fabric"),
  bgp: plugin("asn node", "peers ebgp ebgp-multihop bgp-multipath-as-path-relax loopback"),
  isis: plugin("isis-domain isis-ifaces isis-net node", "loopback"),
  faucet: plugin("", ""),
};

const plugins: Readonly<Record<string, Readonly<Record<string, Plugin>>>> = { zones, controllers };

/** PVE's 500 for an option that a type hasn't got, or that is missing. */
export function assertOptions(kind: string, type: string, given: object, create: boolean): void {
  const known = plugins[kind]?.[type];
  if (known === undefined) return;
  const taken = [...known.required, ...known.optional];
  const other = Object.keys(given).find((name) => !taken.includes(name));
  if (other !== undefined) throw failure(`unexpected property '${other}'`);
  const missing = create ? known.required.find((name) => !(name in given)) : undefined;
  if (missing !== undefined) throw failure(`missing value for required option '${missing}'`);
}

export function assertDeletable(kind: string, type: string, names: readonly string[]): void {
  const known = plugins[kind]?.[type];
  const needed = names.find((name) => known?.required.includes(name) === true);
  if (needed !== undefined) throw failure(`unable to delete required option '${needed}'`);
}
