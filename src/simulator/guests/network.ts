// Network devices of guests: the MAC address that PVE makes up, and the order in which it writes the keys.
import type { Cluster } from "../engine/cluster.ts";
import { zoneOfBridge } from "../engine/sdn.ts";
import { readProperties, writeProperties } from "./properties.ts";

export const nicModels: readonly string[] = [
  "e1000",
  "e1000-82540em",
  "e1000-82544gc",
  "e1000-82545em",
  "e1000e",
  "i82551",
  "i82557b",
  "i82559er",
  "ne2k_isa",
  "ne2k_pci",
  "pcnet",
  "rtl8139",
  "virtio",
  "vmxnet3",
];

/** PVE's own prefix, or the cluster's, and three bytes that no guest has yet. */
export function newMac(cluster: Cluster): string {
  const prefix = cluster.state.options.mac_prefix ?? "BC:24:11";
  const used = JSON.stringify(cluster.guests().map((guest) => guest.config.values));
  for (;;) {
    const digits = cluster.random.hex(6).toUpperCase();
    const mac = `${prefix}:${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4)}`;
    if (!used.includes(mac)) return mac;
  }
}

/** `virtio,bridge=vmbr0` → `virtio=BC:24:11:…,bridge=vmbr0`; a MAC that is there stays. */
export function settleQemuNet(cluster: Cluster, text: string): string {
  const given = readProperties(text, "model");
  const named = nicModels.find((model) => given[model] !== undefined);
  const model = named ?? given.model ?? "virtio";
  const mac = (named === undefined ? given.macaddr : given[named]) ?? newMac(cluster);
  const rest = Object.fromEntries(
    Object.entries(given).filter(([name]) => name !== "model" && name !== "macaddr" && name !== named),
  );
  return writeProperties({ ...rest, lead: `${model}=${mac.toUpperCase()}` }, "lead");
}

/** A container's interface: `name` first, hwaddr and type filled in. */
export function settleLxcNet(cluster: Cluster, text: string): string {
  const { name = "eth0", ...given } = readProperties(text, "name");
  const hwaddr = (given.hwaddr ?? newMac(cluster)).toUpperCase();
  return writeProperties({ ...given, hwaddr, type: given.type ?? "veth", lead: `name=${name}` }, "lead");
}

/** The bridge that a network device hangs on. */
export function bridgeOf(text: string): string | undefined {
  return readProperties(text, "model").bridge;
}

/** Whether a guest's NIC can be plugged in there: a bridge of the node, or a vnet that has been brought up on it. */
export function hasBridge({ state }: Cluster, node: string, bridge: string): boolean {
  return state.nodes[node]?.network[bridge] !== undefined || zoneOfBridge(state, node, bridge) !== undefined;
}

export function macOf(text: string): string | undefined {
  return /(?:^|[=,])((?:[0-9A-F]{2}:){5}[0-9A-F]{2})/i.exec(text)?.[1];
}
