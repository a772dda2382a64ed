// Owns an example of every kind of value that PVE takes, made from its definition: what the tests of requests are built of.
import { type Definition, shapeOf } from "../../src/schema/definition.ts";
import { propertyString } from "../../src/schema/property-string.ts";

/** An example of each named format, and under a parameter's own name of those that only a pattern describes. */
const examples: Readonly<Record<string, string>> = {
  "pve-node": "pve1",
  "pve-storage-id": "local-lvm",
  "pve-storage-content": "images",
  "pve-volume-id": "local-lvm:vm-100-disk-0",
  "pve-volume-id-or-qm-path": "local-lvm:8",
  "pve-volume-id-or-absolute-path": "local-lvm:vm-100-disk-0",
  "disk-size": "8G",
  "storage-pair": "local-lvm",
  "pve-configid": "net7",
  "pve-poolid": "production",
  "pve-tag": "web",
  "pve-qm-bootdisk": "scsi0",
  "pve-hotplug-features": "network,disk",
  "pve-phys-bits": "40",
  "pve-cpuset": "0,2-3",
  urlencoded: "ssh-ed25519%20AAAA",
  "bridge-pair": "vmbr0",
  address: "192.0.2.1",
  "dns-name": "web.example.com",
  "mac-addr": "BC:24:11:00:00:01",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  ip: "192.0.2.1",
  "pve-ipv4-config": "192.0.2.2/24",
  "pve-ipv6-config": "2001:db8::2/64",
  "pve-bridge-id": "vmbr0",
  "pve-iface": "vmbr0",
  CIDR: "192.0.2.0/24",
  string: "text",
  // by name
  parallel: "/dev/parport0",
  serial: "socket",
  startdate: "now",
  vmgenid: "1",
  bridge: "vmbr0",
  name: "eth0",
  trunks: "2;3",
  disk: "scsi9",
  net: "net9",
  size: "8",
  disk_size: "8",
  memory: "1024",
  iso: "local:iso/debian.iso",
  vmid: "100",
  gw: "192.0.2.1",
  ip6: "auto",
  order: "scsi0",
  hostpci: "01:00.0",
  host: "1234:5678",
  "nets-host-mtu": "net0=1500",
  legacy: "cdn",
  wwn: "0x5000c50015ea71ac",
  mapping: "gpu",
  cpus: "0-1",
  hostnodes: "0",
  reg: "host",
  base64: "0",
};

/** Numbers where the least one says something else, or where the ranges of VMs and containers differ. */
const numbers: Readonly<Record<string, number>> = { mtu: 1500, wait: 5 };

/**
 * A value that the definition takes.
 * @throws Error that names a format without an example
 */
export function exampleOf(definition: Definition, name: string): unknown {
  const properties = propertyString(definition);
  if (properties) return propertiesText(properties.keys, properties.defaultKey);
  const shape = shapeOf(definition);
  switch (shape.kind) {
    case "boolean":
      return true;
    case "integer":
    case "number":
      return numbers[name] ?? shape.least ?? Math.min(shape.most ?? 1, 1);
    case "enum":
      return shape.members[0];
    case "array":
      return [exampleOf(shape.element, name)];
    case "string":
      return stringExample(shape.formats[0], name, shape.least ?? 1);
    default:
      throw new Error(`no example of ${JSON.stringify(definition)}`);
  }
}

function stringExample(format: string | undefined, name: string, least: number): string {
  const own = examples[name.replace(/\[n\]$|\d+$/, "")] ?? examples[name];
  const found = (format ? (examples[format] ?? examples[format.replace(/-list$/, "")]) : undefined) ?? own ?? "text";
  return found.padEnd(least, "x");
}

/** The required keys of a property string, the default key bare; one optional key where none is required. */
function propertiesText(keys: Readonly<Record<string, Definition>>, defaultKey: string | undefined): string {
  const required = Object.entries(keys).filter(([key]) => !key.endsWith("?"));
  const chosen = required.length > 0 ? required : Object.entries(keys).slice(0, 1);
  return chosen
    .map(([marked, definition]) => {
      const key = marked.replace(/\?$/, "");
      const value = exampleOf(definition, key);
      const text = typeof value === "boolean" ? String(Number(value)) : String(value);
      return key === defaultKey ? text : `${key}=${text}`;
    })
    .join(",");
}
