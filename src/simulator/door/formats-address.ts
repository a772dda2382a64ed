// Formats of addresses: IP, CIDR, MAC, DNS names, mail, servers.
import { isIP, isIPv4, isIPv6 } from "node:net";
import type { Format } from "./formats.ts";

const when =
  (accepts: (value: string) => boolean, what: string): Format =>
  (value) =>
    accepts(value) ? undefined : `value does not look like a valid ${what}\n`;

const dnsLabel = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const dnsName = new RegExp(`^${dnsLabel}(?:\\.${dnsLabel})*$`);
const isCidr = (version: 4 | 6) => (value: string) => {
  const [address = "", bits = "", more] = value.split("/");
  const most = version === 4 ? 32 : 128;
  const fits = version === 4 ? isIPv4(address) : isIPv6(address);
  return more === undefined && fits && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
};
const isNetwork = (value: string) => isCidr(4)(value) || isCidr(6)(value);
const isAddress = (value: string) => isIP(value) !== 0;
const isServer = (value: string) => isAddress(value) || dnsName.test(value);
/** PVE takes a server name only with a letter, digit or dot at its start. */
const isMail = (value: string) => /^[\w\u00aa-\uffff.+~-]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*$/.test(value);
const isPortal = (value: string) => {
  const found = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]]+))(?::\d+)?$/.exec(value);
  return found !== null && isServer(found[1] ?? found[2] ?? "");
};
const netmask = /^(?:(?:255|254|252|248|240|224|192|128|0)\.){3}(?:255|254|252|248|240|224|192|128|0)$/;
const unicastMac = /^[a-f0-9][02468ace](?::[a-f0-9]{2}){5}$/i;

export const addressFormats: Readonly<Record<string, Format>> = {
  ip: when(isAddress, "IP address"),
  ipv4: when(isIPv4, "IPv4 address"),
  ipv6: when(isIPv6, "IPv6 address"),
  ipv4mask: when((value) => netmask.test(value), "IP netmask"),
  CIDR: when(isNetwork, "CIDR network"),
  CIDRv4: when(isCidr(4), "IPv4 CIDR network"),
  CIDRv6: when(isCidr(6), "IPv6 CIDR network"),
  IPorCIDR: when((value) => isAddress(value) || isNetwork(value), "IP address or CIDR network"),
  IPorCIDRorAlias: when(
    (value) => isAddress(value) || isNetwork(value) || /^(?:(?:dc|guest)\/)?[A-Za-z][A-Za-z0-9\-_]+$/.test(value),
    "IP address or CIDR network",
  ),
  "pve-sdn-subnet-id": when(
    (value) => isNetwork(value) || /^[a-z][a-z0-9]*-[0-9a-f.:]+-\d{1,3}$/i.test(value),
    "CIDR network",
  ),
  "pve-ipv4-config": when(
    (value) => value === "dhcp" || value === "manual" || isCidr(4)(value),
    "ipv4 network configuration",
  ),
  "pve-ipv6-config": when(
    (value) => ["auto", "dhcp", "manual"].includes(value) || isCidr(6)(value),
    "ipv6 network configuration",
  ),
  "mac-addr": when((value) => unicastMac.test(value), "unicast MAC address"),
  "mac-prefix": (value) =>
    /^[a-f0-9][02468ace](?::[a-f0-9]{2}){0,2}:?$/i.test(value)
      ? undefined
      : "value is not a valid unicast MAC address prefix\n",
  "pve-acme-domain": (value) =>
    dnsName.test(value.replace(/^\*\./, "")) && value.includes(".")
      ? undefined
      : `value '${value}' does not look like a valid domain name!\n`,
  "pve-acme-alias": (value) =>
    dnsName.test(value.replace(/^_/, "")) ? undefined : `value '${value}' does not look like a valid alias name!\n`,
  "pve-sdn-bgp-rt": when((value) => /^\d+:\d+$/.test(value), "BGP route target"),
  "pve-vlan-id-or-range": (value) => {
    const ends = /^(\d+)(?:-(\d+))?$/.exec(value);
    const inside = [ends?.[1], ends?.[2] ?? ends?.[1]].every((tag) => Number(tag) >= 2 && Number(tag) <= 4094);
    return inside ? undefined : `invalid VLAN tag '${value}'\n`;
  },
  "graphite-path": when((value) => /^[0-9a-z_-]+(?:\.[0-9a-z_-]+)*$/i.test(value), "graphite path"),
  "dns-name": when((value) => dnsName.test(value), "DNS name"),
  address: (value) => (isServer(value) ? undefined : `value does not look like a valid address: ${value}\n`),
  email: when(isMail, "email address"),
  "email-or-username": when((value) => isMail(value) || /^[^\s:/]+$/.test(value), "email address or user name"),
  "pve-storage-server": when(isServer, "server name or IP address"),
  "pve-storage-portal-dns": when(isPortal, "portal address"),
  "lxc-ip-with-ll-iface": when((value) => value === "host" || isAddress(value.replace(/%\w+$/, "")), "IP address"),
};
