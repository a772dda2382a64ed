// Owns the usual value of each argument, by its name; what a single operation needs otherwise stands in its case.
import { image } from "./files.ts";
import type { Line } from "./table.ts";

const usual: Readonly<Record<string, unknown>> = {
  node: "pve1",
  storage: "local",
  comment: "parity",
  description: "parity",
  enable: 1,
  disable: 0,
  delete: "comment",
  type: "vm",
  timeframe: "day",
  cf: "AVERAGE",
  // firewall rules
  rule_action: "ACCEPT",
  rule_type: "in",
  proto: "tcp",
  dport: "443",
  sport: "1024:65535",
  source: "192.0.2.0/24",
  dest: "198.51.100.7",
  log: "info",
  macro: "HTTPS",
  iface: "net0",
  pos: 0,
  moveto: 1,
  // backups
  mode: "snapshot",
  compress: "zstd",
  bwlimit: 1024,
  "prune-backups": "keep-last=3",
  // networks
  bridge: "vmbr1",
  model: "e1000",
  macaddr: "BC:24:11:AA:BB:CC",
  vlan: 12,
  firewall: 1,
  ip: "192.0.2.77/24",
  gw: "192.0.2.1",
  mtu: 1400,
  // clusters
  force: 1,
  checksum: image.sha256,
  "checksum-algorithm": "sha256",
};

/** What a line's argument is, unless its case says so. Throws where nobody does. */
export function usualValue(name: string, line: Line): unknown {
  if (name === "vmid") return /type=lxc|lxc_/.test(line.label) ? 103 : 100;
  if (name in usual) return usual[name];
  throw new Error(`${line.label}: no value for ${name}`);
}
