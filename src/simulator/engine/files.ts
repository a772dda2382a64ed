// Owns what the files under /etc/pve are in the state: sections, firewalls, and what of SDN is applied.

export interface Section {
  type: string;
  options: Record<string, string | string[]>;
}

export type SectionFile = Record<string, Section>;

export interface Firewall {
  options: Record<string, string>;
  rules: Record<string, string>[];
  aliases: Record<string, { cidr: string; comment?: string }>;
  ipset: Record<string, IpSet>;
  groups: Record<string, { comment?: string; rules: Record<string, string>[] }>;
}

export interface IpSet {
  comment?: string;
  entries: { cidr: string; comment?: string; nomatch?: string }[];
}

/** The part of the software-defined network that is in force; what is written stands in `files` as `sdn/zones.cfg` and so on. */
export interface Sdn {
  /** `zones`, `vnets`, … as they were when they were last applied. */
  running: Record<string, SectionFile>;
  /** Counts the applications. */
  version: number;
  /** What each node has brought up, and whether that failed. */
  nodes: Record<string, { version: number; failed: boolean }>;
  /** The token of the one who has locked the configuration. */
  lock?: string;
}
