// Owns the property strings ("virtio=…,bridge=vmbr0"): their names, their keys, default key and aliases.
import type { Definition } from "../src/schema/definition.ts";
import type { PropertyString } from "../src/schema/property-string.ts";
import { definitionOf } from "./registry-definition.ts";
import { flag, type JsonRecord, record, text } from "./registry-source.ts";

/** Keys whose kind PVE's short form of a named format doesn't show, by format: what PVE itself takes, or more. */
const KNOWN_KEYS: Readonly<Record<string, Readonly<Record<string, Definition>>>> = {
  "backup-fleecing": { storage: "pve-storage-id" },
  "backup-performance": { "max-workers": "integer>=1", "pbs-entries-max": "integer>=1" },
  "proxmox-remote": {
    fingerprint: "/^(?:[\\da-fA-F]{2}:){31}[\\da-fA-F]{2}$/",
    host: "address",
    port: "1<=integer<=65535",
  },
  "pve-qemu-sev-fmt": { type: ["===", "std", "es", "snp"] },
  "pve-qemu-tdx-fmt": { type: ["===", "tdx"] },
  "pve-qm-boot": { legacy: "/^[acdn]{1,4}$/", order: "/^[a-z]+\\d+(?:;[a-z]+\\d+)*;?$/" },
  "pve-qm-cicustom": {
    meta: "pve-volume-id",
    network: "pve-volume-id",
    user: "pve-volume-id",
    vendor: "pve-volume-id",
  },
  "pve-qm-hostpci": {
    host: "/^[\\da-fA-F:.;]+$/",
    mapping: "pve-configid",
    "device-id": "/^0x[\\da-fA-F]{4}$/",
    "sub-device-id": "/^0x[\\da-fA-F]{4}$/",
    "sub-vendor-id": "/^0x[\\da-fA-F]{4}$/",
    "vendor-id": "/^0x[\\da-fA-F]{4}$/",
  },
  "pve-qm-ipconfig": { gw: "ipv4", gw6: "ipv6", ip: "pve-ipv4-config", ip6: "pve-ipv6-config" },
  "pve-qm-smbios1": { uuid: "/^[\\da-fA-F]{8}(?:-[\\da-fA-F]{4}){3}-[\\da-fA-F]{12}$/" },
  "pve-qm-watchdog": { action: ["===", "reset", "shutdown", "poweroff", "pause", "debug", "none"] },
  "pve-tfa-config": { digits: "/^\\d+$/", step: "/^\\d+$/", type: ["===", "yubico", "oath"] },
  "pve-vm-cpu-conf": {
    cputype: "/^[A-Za-z\\d._-]+$/",
    flags: "/^[+-][A-Za-z\\d._-]+(?:;[+-][A-Za-z\\d._-]+)*$/",
    "hv-vendor-id": "/^[A-Za-z\\d]{1,12}$/",
    "phys-bits": "pve-phys-bits",
  },
};

/** Named formats that are another's keys, or whose keys PVE doesn't show at all. */
const SAME_KEYS: Readonly<Record<string, string>> = { "pve-qm-ide": "qemu-ide" };
const UNSHOWN_KEYS: Readonly<Record<string, PropertyString>> = {
  "pve-sdn-dhcp-range": { keys: { "start-address": "ip", "end-address": "ip" } },
};

/** What PVE shows for a number; the rest that isn't a list of words is text. */
const SHOWN_KINDS: Readonly<Record<string, string>> = {
  "<1|0>": "boolean",
  "<integer>": "integer",
  "<number>": "number",
  "<N>": "integer>=0",
  "\\d+": "integer>=0",
};

export interface PropertyStrings {
  /** The name of a format that PVE gives as an object of keys. */
  nameOf(format: JsonRecord, parameter: string, where: string): string;
  /** Takes note of the keys of a named format, as far as PVE's short form shows them, and gives its name back. */
  named(format: string, shown: string | undefined): string;
  all(): Map<string, PropertyString>;
}

export function createPropertyStrings(): PropertyStrings {
  const byName = new Map<string, PropertyString>();
  const byContent = new Map<string, string>();
  const strings: PropertyStrings = {
    nameOf(format, parameter, where) {
      const keys = keysOf(format, where, strings);
      const content = JSON.stringify(keys);
      const known = byContent.get(content);
      if (known !== undefined) return known;
      const name = free(`${areaOf(where)}-${parameter.replace("[n]", "")}`, byName);
      byContent.set(content, name);
      byName.set(name, keys);
      return name;
    },
    named(format, shown) {
      const unshown = UNSHOWN_KEYS[format];
      if (unshown !== undefined) byName.set(format, unshown);
      else if (shown?.includes("=")) byName.set(format, shownKeys(format, shown));
      return SAME_KEYS[format] ?? format;
    },
    all: () => new Map([...byName].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  return strings;
}

function free(name: string, taken: ReadonlyMap<string, unknown>): string {
  let candidate = name;
  for (let n = 2; taken.has(candidate); n++) candidate = `${name}-${n}`;
  return candidate;
}

/** What tells two `net[n]` apart: qemu, lxc, else the last fixed part of the path. */
function areaOf(where: string): string {
  const fixed = where.split("/").filter((part) => part !== "" && !part.startsWith("{") && !part.includes(" "));
  return fixed.find((part) => part === "qemu" || part === "lxc") ?? fixed.at(-1) ?? "pve";
}

function keysOf(format: JsonRecord, where: string, strings: PropertyStrings): PropertyString {
  const keys: Record<string, Definition> = {};
  const alias: Record<string, string[]> = {};
  const requires: Record<string, string> = {};
  let defaultKey: string | undefined;
  for (const [key, given] of Object.entries(format).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const schema = record(given);
    const target = text(schema.alias);
    const keyAlias = text(schema.keyAlias);
    if (target !== undefined) alias[key] = keyAlias === undefined ? [target] : [target, keyAlias];
    else keys[flag(schema.optional) ? `${key}?` : key] = definitionOf(schema, key, `${where} ${key}`, strings);
    if (flag(schema.default_key)) defaultKey = key;
    const needed = text(schema.requires);
    if (needed !== undefined) requires[key] = needed;
  }
  return {
    keys,
    ...(defaultKey === undefined ? {} : { defaultKey }),
    ...(Object.keys(alias).length === 0 ? {} : { alias }),
    ...(Object.keys(requires).length === 0 ? {} : { requires }),
  };
}

/** Reads PVE's short form: `[[host=]<HOSTPCIID>] [,pcie=<1|0>]`. */
function shownKeys(format: string, shown: string): PropertyString {
  const keys: Record<string, Definition> = {};
  let defaultKey: string | undefined;
  for (const part of shown.split(/\s+(?=\[?,)/)) {
    const match = /^(\[?),?(\[?)([\w-]+)=(\]?)(.*?)\]?\s*$/.exec(part.replace(/^\[,/, "[").replace(/^,/, ""));
    const key = match?.[3];
    if (match === null || key === undefined) throw new Error(`${format}: can't read "${part}"`);
    const isDefault = match[4] === "]";
    if (isDefault) defaultKey = key;
    const optional = isDefault ? match[1] === "[" && match[2] === "[" : match[1] === "[";
    keys[optional ? `${key}?` : key] = KNOWN_KEYS[format]?.[key] ?? shownKind(match[5] ?? "");
  }
  return { keys, ...(defaultKey === undefined ? {} : { defaultKey }) };
}

function shownKind(shown: string): Definition {
  const kind = SHOWN_KINDS[shown];
  if (kind !== undefined) return kind;
  const words = /^<([^<>]*\|[^<>]*)>$/.exec(shown)?.[1]?.split("|");
  return words?.every((word) => /^[a-z/][a-z\d/-]*$/.test(word)) ? ["===", ...words] : "string";
}
