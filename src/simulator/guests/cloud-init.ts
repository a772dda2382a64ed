// What cloud-init gets to read: a VM's user, network and meta data as PVE writes them.
import { createHash } from "node:crypto";
import { futureValues, type Values } from "../engine/guest-config.ts";
import type { Guest, Node } from "../engine/state.ts";
import { guestName } from "./figures.ts";
import { macOf } from "./network.ts";
import { readProperties } from "./properties.ts";

/** The options that are there for the image alone. */
export const settingOption =
  /^(?:ipconfig\d+|sshkeys|ciuser|cipassword|citype|cicustom|ciupgrade|nameserver|searchdomain)$/;

/** The image is made anew from the config, where the VM has a drive for it: at each start, and when asked for. */
export function writeImage(guest: Guest): void {
  const drives = Object.values(guest.config.values).filter((text) => /^[^,]*cloudinit.*media=cdrom/.test(text));
  if (drives.length > 0) guest.cloudInit = { ...futureValues(guest.config) };
}

export function userData(guest: Guest): string {
  const { values } = guest.config;
  const name = guestName(guest);
  const keys = decodeURIComponent(values.sshkeys ?? "")
    .split("\n")
    .filter((line) => line.trim() !== "");
  return [
    "#cloud-config",
    `hostname: ${name.split(".")[0]}`,
    "manage_etc_hosts: true",
    `fqdn: ${values.searchdomain === undefined || name.includes(".") ? name : `${name}.${values.searchdomain}`}`,
    ...(values.ciuser === undefined ? [] : [`user: ${values.ciuser}`]),
    ...(values.cipassword === undefined ? [] : [`password: ${hashed(values.cipassword)}`]),
    ...(keys.length === 0 ? [] : ["ssh_authorized_keys:", ...keys.map((key) => `  - ${key}`)]),
    "chpasswd:",
    "  expire: False",
    ...(values.ciuser === undefined || values.ciuser !== "root" ? ["users:", "  - default"] : []),
    ...(values.ciupgrade === "0" ? [] : ["package_upgrade: true"]),
    "",
  ].join("\n");
}

/** Marks a hash by its form; the password itself never shows. */
function hashed(password: string): string {
  return password.startsWith("$5$")
    ? password
    : `$5$${createHash("sha256").update(password).digest("hex").slice(0, 43)}`;
}

export function networkData(guest: Guest, node: Node): string {
  const { values } = guest.config;
  const cards = Object.keys(values).filter(
    (name) => /^net\d+$/.test(name) && values[`ipconfig${name.slice(3)}`] !== undefined,
  );
  const lines = cards.sort().flatMap((name) => card(values, name));
  const servers = values.nameserver?.split(/\s+/) ?? [node.dns.dns1 ?? ""];
  return [
    "version: 1",
    "config:",
    ...lines,
    "    - type: nameserver",
    "      address:",
    ...servers.map((server) => `      - '${server}'`),
    "      search:",
    `      - '${values.searchdomain ?? node.dns.search ?? ""}'`,
    "",
  ].join("\n");
}

function card(values: Values, name: string): string[] {
  const number = name.slice(3);
  const { ip, gw, ip6, gw6 } = readProperties(values[`ipconfig${number}`] ?? "", "ip");
  const mac = macOf(values[name] ?? "")?.toLowerCase() ?? "";
  return [
    "    - type: physical",
    `      name: eth${number}`,
    `      mac_address: '${mac}'`,
    "      subnets:",
    ...(ip === undefined ? [] : subnet("4", ip, gw)),
    ...(ip6 === undefined ? [] : subnet("6", ip6, gw6)),
  ];
}

function subnet(version: "4" | "6", ip: string, gateway: string | undefined): string[] {
  if (ip === "dhcp") return [`      - type: dhcp${version}`];
  if (ip === "auto") return ["      - type: ipv6_slaac"];
  const [address = "", prefix = "24"] = ip.split("/");
  const bits = Number(prefix);
  const mask = [0, 1, 2, 3].map((index) => 256 - 2 ** (8 - Math.min(8, Math.max(0, bits - index * 8)))).join(".");
  return [
    `      - type: static${version === "6" ? "6" : ""}`,
    `        address: '${version === "6" ? ip : address}'`,
    ...(version === "6" ? [] : [`        netmask: '${mask}'`]),
    ...(gateway === undefined ? [] : [`        gateway: '${gateway}'`]),
  ];
}

export function metaData(guest: Guest, node: Node): string {
  const id = createHash("sha1").update(userData(guest)).update(networkData(guest, node)).digest("hex");
  return `instance-id: ${id}\n`;
}
