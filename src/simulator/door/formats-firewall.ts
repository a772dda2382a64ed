// Formats of firewall rules and of schedules.
import { isIP } from "node:net";
import type { Format } from "./formats.ts";
import { icmpTypes, services } from "./names.ts";

const protocols = ["tcp", "udp", "icmp", "icmpv6", "ipv6-icmp", "igmp", "esp", "ah", "gre", "sctp", "udplite", "dccp"];
const more = [
  "ip",
  "ggp",
  "ipencap",
  "st",
  "egp",
  "igp",
  "pup",
  "hmp",
  "xns-idp",
  "rdp",
  "iso-tp4",
  "xtp",
  "ddp",
  "ospf",
];
const knownProtocols = new Set([...protocols, ...more, "all", "l2tp", "isis", "vrrp", "pim", "rsvp", "skip", "ipv6"]);

const port: Format = (value) => {
  for (const part of value.split(",")) {
    const range = /^(\d+):(\d+)$/.exec(part);
    const numbers = range === null ? [part] : [range[1] ?? "", range[2] ?? ""];
    const named = range === null && services.has(part);
    if (!named && !numbers.every((text) => /^\d+$/.test(text) && Number(text) <= 65535))
      return `invalid port '${part}'\n`;
  }
  return undefined;
};

const addressSpec: Format = (value) => {
  if (/^\+?(?:(?:dc|guest|sdn)\/)?[A-Za-z][A-Za-z0-9\-_]+$/.test(value)) return undefined;
  for (const part of value.split(",")) {
    const ends = part.split("-").map((address) => address.replace(/\/\d{1,3}$/, ""));
    if (!ends.every((address) => isIP(address) !== 0)) return `invalid IP address: Invalid chars in IP ${part}\n`;
  }
  return undefined;
};

const days = "(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*";
const dayRange = `${days}(?:\\.\\.${days})?`;
const timeField =
  "(?:\\*|\\d{1,2}(?:\\.\\.\\d{1,2})?(?:/\\d{1,2})?(?:,\\d{1,2}(?:\\.\\.\\d{1,2})?(?:/\\d{1,2})?)*|\\*/\\d{1,2})";
const named = "(?:minutely|hourly|daily|weekly|monthly|yearly|annually|quarterly|semiannually|semi-annually)";
const dateField = "(?:[*\\d]{1,4}[\\d.,/*]*-)?[*\\d][\\d.,/*]*-[*\\d][\\d.,/*]*";
const calendar = new RegExp(
  `^(?:${named}|(?:${dayRange}(?:,${dayRange})*)?\\s*(?:${dateField})?\\s*(?:${timeField}(?::${timeField}){0,2})?)$`,
  "i",
);

const calendarEvent: Format = (value) => {
  if (value.trim() !== "" && calendar.test(value.trim())) return undefined;
  const first = value.split(/\s/)[0] ?? "";
  const failed = (at: string, context: string) =>
    `invalid calendar event '${value}' - unable to parse calendar event at '${at}'${context}\n\n`;
  if (/^[a-z]/i.test(value)) return failed(first, ' - Context("weekday")');
  return failed(value, ' - Context("date or time specification")');
};

export const firewallFormats: Readonly<Record<string, Format>> = {
  "pve-fw-dport-spec": port,
  "pve-fw-sport-spec": port,
  "pve-fw-protocol-spec": (value) =>
    knownProtocols.has(value) || (/^\d{1,3}$/.test(value) && Number(value) <= 255)
      ? undefined
      : `unknown protocol '${value}'\n`,
  "pve-fw-icmp-type-spec": (value) =>
    /^\d{1,3}(?:\/\d{1,3})?$/.test(value) || icmpTypes.has(value) ? undefined : `invalid icmp-type value '${value}'\n`,
  "pve-fw-addr-spec": addressSpec,
  "pve-fw-conntrack-helper": (value) =>
    /^(?:amanda|ftp|irc|netbios-ns|pptp|sane|sip|snmp|tftp)$/.test(value)
      ? undefined
      : `unknown conntrack helper '${value}'\n`,
  "pve-calendar-event": calendarEvent,
  "pve-day-of-week": (value) =>
    /^(?:mon|tue|wed|thu|fri|sat|sun)$/.test(value) ? undefined : `invalid day '${value}'\n`,
};
