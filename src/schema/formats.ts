// Owns PVE's named formats: what each takes, as an ArkType definition, and how a message calls it.
// A format is never narrower than PVE's own check; where PVE's rule isn't certain it is plain text.

export interface Format {
  /** an ArkType definition of one value */
  is: string;
  /** ends the sentence "… must be" */
  says: string;
}

const LABEL = "[a-zA-Z\\d](?:[a-zA-Z\\d-]*[a-zA-Z\\d])?";
const DNS = `(?:${LABEL}\\.)*${LABEL}`;
const OCTET = "(?:25[0-5]|2[0-4]\\d|[01]?\\d?\\d)";
const V4 = `${OCTET}(?:\\.${OCTET}){3}`;
const V6 = "(?=[^:]*:)[\\da-fA-F:.]{2,45}";
const V4_CIDR = `${V4}\\/(?:3[0-2]|[12]?\\d)`;
const V6_CIDR = `${V6}\\/(?:12[0-8]|1[01]\\d|\\d?\\d)`;
const STORAGE = "[a-zA-Z][a-zA-Z\\d_.-]*[a-zA-Z\\d]";
const REALM = "[A-Za-z][A-Za-z\\d._-]+";
const USER = `[^\\s:\\/]+@${REALM}`;
const WORD = "[A-Za-z\\d._-]+";
const HOTPLUG = "(?:network|disk|cpu|memory|usb|cloudinit)";
const SIZE = "\\s*\\d+(?:\\.\\d+)?\\s*(?:[kKmMgGtTpP](?:[iI]?[bB])?|[bB])?\\s*";
const FIREWALL_WORD = "[A-Za-z\\d][A-Za-z\\d:+_.-]*";
const FIREWALL_ADDRESS = "\\+?[A-Za-z\\d_:][A-Za-z\\d_.:\\/-]*";

/** A word in any case, for a pattern that has no flags. */
function anyCase(word: string): string {
  return word.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

const DAYS = ["mon(?:day)?", "tue(?:s|sday)?", "wed(?:nesday)?", "thu(?:r|rs|rsday)?", "fri(?:day)?", "sat(?:urday)?"];
const DAY = anyCase([...DAYS, "sun(?:day)?"].join("|").replaceAll("?:", "?@")).replaceAll("?@", "?:");
const EVERY = anyCase("minutely|hourly|daily|weekly|monthly|quarterly|semiannually|semi-annually|yearly|annually|utc");
const CALENDAR_TERM = `(?:${EVERY}|(?:${DAY})(?:(?:\\.\\.|-|,)(?:${DAY}))*,?|[\\d*\\/:.,~-]+)`;

function like(pattern: string, says: string): Format {
  return { is: `/^(?:${pattern})$/`, says };
}

function plain(says: string): Format {
  return { is: "string", says };
}

function listed(elements: string): Format {
  return { is: "string", says: `a list of ${elements}` };
}

/**
 * By PVE's own name. A name that ends with "-list" stands for a text of elements between commas; each element is
 * checked against the format before the ending.
 */
export const FORMATS: Readonly<Record<string, Format>> = {
  // guests, nodes, storages
  "pve-node": like(LABEL, "a node name"),
  "pve-node-list": listed("node names"),
  "pve-vmid": { is: "100<=integer<=999999999", says: "a guest's number from 100 to 999999999" },
  "pve-vmid-list": listed("guests' numbers"),
  "pve-storage-id": like(STORAGE, "a storage id (letters, digits, - _ .)"),
  "pve-storage-id-list": listed("storage ids"),
  "pve-storage-content": like(
    "images|rootdir|vztmpl|iso|backup|snippets|import|none",
    "one of images, rootdir, vztmpl, iso, backup, snippets, import, none",
  ),
  "pve-storage-content-list": listed("content types (images, rootdir, vztmpl, iso, backup, snippets, import, none)"),
  "pve-storage-path": like("\\/.*", "an absolute path"),
  "pve-storage-path-in-property-string": like("\\/.*", "an absolute path"),
  "pve-storage-server": like(`${V6}|${DNS}`, "a server's name or IP address"),
  "pve-storage-portal-dns": like(
    `\\[${V6}\\](?::\\d+)?|${V6}|${DNS}(?::\\d+)?`,
    "a server's name or address, and its port",
  ),
  "pve-storage-portal-dns-list": listed("servers' names or addresses, with or without a port"),
  "pve-storage-options": plain("mount options"),
  "pve-storage-vgname": like("[A-Za-z\\d_.+][^\\s]*", "a name of LVM"),
  "pve-storage-zfs-blocksize": like("\\d+[a-zA-Z]*", "a power of 2 with k or m behind it"),
  "pve-dir-override": like("[a-z]+=.+", "content=directory"),
  "pve-dir-override-list": listed("content=directory"),
  "pve-volume-id": like(`${STORAGE}:.+`, "a volume id (storage:volume)"),
  "pve-volume-id-or-qm-path": like(
    `none|cdrom|\\/.+|${STORAGE}:.+`,
    "a volume id (storage:volume, or storage:GiB for a new one), an absolute path, none or cdrom",
  ),
  "pve-volume-id-or-absolute-path": like(`\\/.+|${STORAGE}:.+`, "a volume id (storage:volume) or an absolute path"),
  "disk-size": like("\\d+(?:\\.\\d+)?[KMGT]?", "a size such as 32G"),
  "storage-pair": like(`${FIREWALL_WORD}`, "a storage, storage:storage, or 1 for the same"),
  "storage-pair-list": listed("storages or storage:storage pairs, or 1 for the same"),
  "pve-configid": like(
    "[a-zA-Z][a-zA-Z\\d_-]+",
    "a name of two or more letters, digits, - and _, beginning with a letter",
  ),
  "pve-configid-list": listed("names"),
  "pve-poolid": like("[A-Za-z\\d._\\/-]+", "a pool's name"),
  "pve-tag": like("[a-zA-Z\\d_][a-zA-Z\\d_+.-]*", "a tag (letters, digits, - _ + .)"),
  "pve-tag-list": listed("tags (letters, digits, - _ + .)"),
  "pve-upid": like(
    "UPID:[a-zA-Z\\d-]+:[\\da-fA-F]{8}:[\\da-fA-F]{8,}:[\\da-fA-F]{8}:[^:\\s]+:[^:\\s]*:[^:\\s]+:",
    "a UPID (UPID:node:…:user@realm: with the colon at its end)",
  ),
  "pve-replication-job-id": like("[1-9]\\d{2,8}-\\d{1,9}", "a replication job's id such as 100-0"),
  "pve-calendar-event": like(
    `(?=[^]{0,128}$)\\s*${CALENDAR_TERM}(?:\\s+${CALENDAR_TERM})*\\s*`,
    'a calendar event such as "mon..fri 02:30" or "daily"',
  ),
  "pve-day-of-week": like(anyCase("mon|tue|wed|thu|fri|sat|sun"), "a day: mon, tue, wed, thu, fri, sat, sun"),
  "pve-day-of-week-list": listed("days: mon, tue, wed, thu, fri, sat, sun"),
  "pve-task-status-type": like("ok|error|warning|unknown", "ok, error, warning or unknown"),
  "pve-task-status-type-list": listed("ok, error, warning, unknown"),

  // virtual machines and containers
  "pve-qm-bootdisk": like("(?:ide|sata|scsi|virtio)\\d+", "a disk's name such as scsi0"),
  "pve-hotplug-features": like(
    `[01]|${HOTPLUG}(?:[,; ]+${HOTPLUG})*`,
    "0, 1, or a list of network, disk, cpu, memory, usb, cloudinit",
  ),
  "pve-phys-bits": like("host|[89]|[1-5]\\d|6[0-4]", "an integer from 8 to 64, or host"),
  "pve-cpuset": like("[\\d\\s,-]+", "a list of CPUs such as 0,5,8-11"),
  "pve-ct-timezone": like("[A-Za-z\\d_+\\/-]+", "a time zone such as Europe/Vienna, or host"),
  "pve-lxc-mp-string": plain("a volume (storage:volume, storage:GiB) or a path"),
  "pve-lxc-dev-string": like("\\/.+", "the path of a device"),
  "pve-command-batch": like("\\s*\\[[^]*", "a JSON list of commands"),
  urlencoded: like("(?:[A-Za-z\\d_.~!*'()-]|%[\\da-fA-F]{2})*", "percent-encoded text"),
  "bridge-pair": like("[\\w.-]+(?::[\\w.-]+)?", "a bridge, bridge:bridge, or 1 for the same"),
  "bridge-pair-list": listed("bridges or bridge:bridge pairs, or 1 for the same"),

  // users and privileges
  "pve-userid": like(USER, "a user's id (name@realm)"),
  "pve-userid-list": listed("users' ids (name@realm)"),
  "pve-tokenid": like(`${USER}!${REALM}`, "an API token's id (name@realm!token)"),
  "pve-tokenid-list": listed("API tokens' ids (name@realm!token)"),
  "pve-groupid": like(WORD, "a group's name (letters, digits, - _ .)"),
  "pve-groupid-list": listed("groups' names"),
  "pve-roleid": like(WORD, "a role's name (letters, digits, - _ .)"),
  "pve-roleid-list": listed("roles' names"),
  "pve-realm": like(REALM, "a realm's name"),
  "pve-priv": like("[A-Z][A-Za-z]*(?:\\.[A-Z][A-Za-z]*)+", "a privilege such as VM.Audit"),
  "pve-priv-list": listed("privileges such as VM.Audit"),
  "email-opt": like("|[^\\s@]+@[^\\s@]+", "an email address"),
  email: like("[^\\s@]+@[^\\s@]+", "an email address"),
  "email-list": listed("email addresses"),
  "email-or-username": like("[^\\s]+", "an email address or a user's id"),
  "email-or-username-list": listed("email addresses or users' ids"),
  "ldap-simple-attr": like("[A-Za-z\\d_;.-]+", "an LDAP attribute's name"),
  "ldap-simple-attr-list": listed("LDAP attributes' names"),

  // addresses and networks
  ipv4: like(V4, "an IPv4 address"),
  ipv6: like(V6, "an IPv6 address"),
  ip: like(`${V4}|${V6}`, "an IP address"),
  "ip-list": listed("IP addresses"),
  ipv4mask: like(`${V4}|\\d{1,2}`, "an IPv4 netmask"),
  CIDR: like(`${V4_CIDR}|${V6_CIDR}`, "a network such as 10.0.0.0/24"),
  CIDRv4: like(V4_CIDR, "an IPv4 network such as 10.0.0.0/24"),
  CIDRv6: like(V6_CIDR, "an IPv6 network such as fd00::/64"),
  IPorCIDR: like(`${V4}(?:\\/\\d{1,2})?|${V6}(?:\\/\\d{1,3})?`, "an IP address or a network such as 10.0.0.0/24"),
  IPorCIDRorAlias: like(
    `${V4}(?:\\/\\d{1,2})?|${V6}(?:\\/\\d{1,3})?|(?:dc\\/|guest\\/)?[A-Za-z][A-Za-z\\d_-]+|${V4}-${V4}|${V6}-${V6}`,
    "an IP address, a network or an alias",
  ),
  address: like(`${V6}|${DNS}`, "an IP address or a host's name"),
  "address-list": listed("IP addresses or hosts' names"),
  "lxc-ip-with-ll-iface": like(`host|${V4}|${V6}(?:%[^\\s]+)?`, "an IP address"),
  "lxc-ip-with-ll-iface-list": listed("IP addresses"),
  "dns-name": like(DNS, "a DNS name (letters, digits, - and .)"),
  "dns-name-list": listed("DNS names"),
  "mac-addr": like("[\\da-fA-F][02468aceACE](?::[\\da-fA-F]{2}){5}", "a unicast MAC address (XX:XX:XX:XX:XX:XX)"),
  "mac-prefix": like("[\\da-fA-F][02468aceACE](?::[\\da-fA-F]{2}){0,2}:?", "the beginning of a unicast MAC address"),
  "pve-ipv4-config": like(`dhcp|manual|${V4_CIDR}`, "an IPv4 address with its prefix (10.0.0.2/24), dhcp or manual"),
  "pve-ipv6-config": like(`auto|dhcp|manual|${V6_CIDR}`, "an IPv6 address with its prefix, auto, dhcp or manual"),
  "pve-bridge-id": like("[\\w.\\u00aa-\\uffff-]+", "a bridge's name"),
  "pve-bridge-id-list": listed("bridges' names"),
  "pve-iface": like("[A-Za-z\\d_][\\w.:-]*", "a network interface's name"),
  "pve-iface-list": listed("network interfaces' names"),
  "pve-vlan-id-or-range": like("\\d+(?:-\\d+)?", "a VLAN's number or a range"),
  "pve-vlan-id-or-range-list": listed("VLANs' numbers or ranges"),
  "pve-sdn-fabric-id": like("[a-zA-Z\\d](?:[a-zA-Z\\d-]{0,6}[a-zA-Z\\d])?", "a fabric's id"),
  "pve-sdn-bgp-rt": like("[\\da-fA-F:.]+", "a route target such as 65000:100"),
  "pve-sdn-bgp-rt-list": listed("route targets such as 65000:100"),
  "pve-sdn-isis-net": plain("an IS-IS network entity title"),
  "pve-sdn-subnet-id": like(
    "[^\\s\\/]+-[\\da-fA-F.:]+-\\d{1,3}|[\\da-fA-F.:]+\\/\\d{1,3}",
    "a subnet such as 10.0.0.0/24 (in a path: zone-10.0.0.0-24)",
  ),
  "graphite-path": like("[^\\s!]+", "a path of Graphite"),

  // firewall
  "pve-fw-addr-spec": like(
    `${FIREWALL_ADDRESS}(?:,\\s*${FIREWALL_ADDRESS})*`,
    "a list of IP addresses, networks, ranges, aliases or +ipsets",
  ),
  "pve-fw-dport-spec": like(
    `${FIREWALL_WORD}(?:,\\s*${FIREWALL_WORD})*`,
    "a list of ports, services or ranges such as 80,8000:8010",
  ),
  "pve-fw-sport-spec": like(
    `${FIREWALL_WORD}(?:,\\s*${FIREWALL_WORD})*`,
    "a list of ports, services or ranges such as 80,8000:8010",
  ),
  "pve-fw-icmp-type-spec": like("[A-Za-z\\d][A-Za-z\\d\\/-]*", "an ICMP type's name or number"),
  "pve-fw-protocol-spec": like("[A-Za-z\\d][\\w.+\\/-]*", "a protocol's name or number"),
  "pve-fw-conntrack-helper": like("[a-z\\d][a-z\\d-]*(?:[,; ]+[a-z\\d][a-z\\d-]*)*", "a list of conntrack helpers"),

  // high availability, certificates, the rest
  "pve-ha-node": like(`${LABEL}(?::\\d+)?`, "a node name, or node:priority"),
  "pve-ha-node-list": listed("node names, or node:priority"),
  "pve-ha-resource-id": like("[^\\s:]+:[^\\s]+", "an HA resource's id such as vm:100"),
  "pve-ha-resource-id-list": listed("HA resources' ids such as vm:100"),
  "pve-ha-resource-or-vm-id": like("\\d+|[^\\s:]+:[^\\s]+", "an HA resource's id such as vm:100, or a guest's number"),
  "pve-acme-domain": like(`(?:\\*\\.)?(?:${LABEL}\\.)+${LABEL}`, "a domain's name"),
  "pve-acme-domain-list": listed("domains' names"),
  "pve-acme-alias": like("[A-Za-z\\d_.*-]+", "a domain's name"),
  "pem-string": like("[^]*-----BEGIN [^]+", "text in PEM form"),
  "pem-certificate-chain": like("[^]*-----BEGIN [^]+", "certificates in PEM form"),
  string: plain("text"),
  "string-list": listed("texts"),

  // arguments of our own
  "json-object": plain("an object, or its JSON text"),
  "guest-name": like("[^\\s\\/\\x00-\\x1f]{1,255}", "a guest's number or name"),
  "disk-slot": like(
    "scsi(?:[12]?\\d|30)|virtio(?:\\d|1[0-5])|sata[0-5]|ide[0-3]",
    "a disk's slot: scsi0 to scsi30, virtio0 to virtio15, sata0 to sata5 or ide0 to ide3",
  ),
  "attached-disk": like(
    "scsi(?:[12]?\\d|30)|virtio(?:\\d|1[0-5])|sata[0-5]|ide[0-3]|efidisk0|tpmstate0|unused\\d{1,3}",
    "a disk of the VM, such as scsi0, efidisk0 or unused0",
  ),
  "mount-slot": like(
    "mp(?:\\d|[1-9]\\d|1\\d\\d|2[0-4]\\d|25[0-5])",
    "a mount point's slot: mp0 to mp255 (the path inside the container is an argument of its own)",
  ),
  "attached-mount": like("(?:mp|unused)\\d{1,3}", "a mount point of the container such as mp0, or unused0"),
  "nic-slot": like("net(?:[12]?\\d|3[01])", "a network interface: net0 to net31"),
  "size-gib": like(SIZE, "a size: a number of GiB, or one with its unit such as 512M, 50G, 1T"),
  "size-change": like(`(?:\\s*\\+)?${SIZE}`, "a size: a number of GiB, 50G, 1T, or with + before it by how much more"),
  "size-mib": like(`${SIZE}|current=\\d+`, "a size: a number of MiB, or one with its unit such as 512M, 8G"),
};
