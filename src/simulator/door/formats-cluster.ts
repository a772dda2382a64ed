// Formats of names and ids: nodes, guests, storages, users, volumes, and the guests' own options.
import { privileges } from "../start/roles.ts";
import type { Format } from "./formats.ts";
import { cpuModels } from "./names.ts";

const matches =
  (pattern: RegExp, text: (value: string) => string): Format =>
  (value) =>
    pattern.test(value) ? undefined : text(value);

const looksLike = (pattern: RegExp, what: string) =>
  matches(pattern, () => `value does not look like a valid ${what}\n`);

const illegal = (pattern: RegExp, what: string, shortest = 0): Format => {
  return (value) => {
    if ([...value].length < shortest) return `${what} '${value}' cannot be shorter than ${shortest} characters\n`;
    return pattern.test(value) ? undefined : `${what} '${value}' contains illegal characters\n`;
  };
};

const invalidName = (pattern: RegExp, what: string) =>
  matches(pattern, (value) => `${what} name '${value}' contains invalid characters\n`);

const name = /^[A-Za-z0-9._-]+$/;

/** PVE's verify_username: the shortest and longest, then the form. */
export const userid: Format = (value) => {
  const length = [...value].length;
  if (length < 3) return `user name '${value}' is too short\n`;
  if (length > 64) return `user name '${value}' is too long (${length} > 64)\n`;
  return /^[^\s:/]+@[A-Za-z][A-Za-z0-9.\-_]+$/.test(value)
    ? undefined
    : `value '${value}' does not look like a valid user name\n`;
};

const volumeId = /^[a-z][a-z0-9\-_.]*[a-z0-9]:.+$/i;
const absolutePath = /^\/[^\0\n\r#"]*$/;

const volumeOr = (other: (value: string) => boolean): Format => {
  return (value) => (other(value) || volumeId.test(value) ? undefined : `unable to parse volume ID '${value}'\n`);
};

const contentTypes = ["images", "rootdir", "vztmpl", "iso", "backup", "snippets", "import", "none"];

const cpuModel: Format = (value) => {
  const model = /(?:^|,)(?:cputype=)?([^,=]+)(?:,|$)/.exec(value)?.[1] ?? "";
  if (model.startsWith("custom-") || cpuModels.has(model)) return undefined;
  return `Built-in cputype '${model}' is not defined (missing 'custom-' prefix?)\n`;
};

const storageId = illegal(/^[a-z][a-z0-9\-_.]*[a-z0-9]$/i, "storage ID", 2);

const bridgeId = matches(/^[-_.\w\u00aa-\uffff]+$/, (value) => `invalid bridge ID '${value}'\n`);

/** One id for all, or `from:to` pairs; `1` maps each onto itself. */
const pairOf =
  (id: Format): Format =>
  (value) => {
    const parts = value === "1" ? [] : value.split(":");
    for (const part of parts) {
      const problem = id(part);
      if (problem !== undefined) return `entry '${value}' contains invalid ID - ${problem}\n\n`;
    }
    return undefined;
  };

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

function isJsonList(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

export const clusterFormats: Readonly<Record<string, Format>> = {
  "pve-node": looksLike(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i, "node name"),
  "pve-vmid": looksLike(/^[1-9][0-9]{2,8}$/, "VM ID"),
  "pve-configid": matches(/^[a-z][a-z0-9_-]+$/i, (value) => `invalid configuration ID '${value}'\n`),
  "pve-iface": matches(/^[a-z][a-z0-9_]{1,20}([:.]\d+)?$/i, (value) => `invalid network interface name '${value}'\n`),
  "pve-bridge-id": bridgeId,
  "pve-realm": looksLike(/^[A-Za-z][A-Za-z0-9.\-_]+$/, "realm"),
  "pve-userid": userid,
  "pve-groupid": invalidName(name, "group"),
  "pve-roleid": invalidName(name, "role"),
  "pve-poolid": invalidName(/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+){0,2}$/, "pool"),
  "pve-tokenid": matches(
    /^[^\s:/]+@[A-Za-z][A-Za-z0-9.\-_]+![A-Za-z][A-Za-z0-9.\-_]+$/,
    (value) => `value '${value}' does not look like a valid token ID\n`,
  ),
  "pve-priv": (value) => (privileges.includes(value) ? undefined : `invalid privilege '${value}'\n`),
  "pve-storage-id": storageId,
  "storage-pair": pairOf(storageId),
  "bridge-pair": pairOf(bridgeId),
  "pve-storage-content": (value) => (contentTypes.includes(value) ? undefined : `invalid content type '${value}'\n`),
  "pve-storage-vgname": illegal(/^[a-z0-9][a-z0-9\-_.]*[a-z0-9]$/i, "lvm name"),
  "pve-storage-path": looksLike(absolutePath, "absolute path"),
  "pve-storage-path-in-property-string": looksLike(/^\/[^\0\n\r#",]*$/, "absolute path"),
  "pve-volume-id": volumeOr(() => false),
  "pve-volume-id-or-qm-path": volumeOr((value) => value === "none" || value === "cdrom" || /^\/.+/.test(value)),
  "pve-volume-id-or-absolute-path": volumeOr((value) => /^\/.+/.test(value)),
  "pve-lxc-mp-string": (value) => (/(^|\/)\.\.(\/|$)/.test(value) ? "path contains '..' component\n" : undefined),
  "disk-size": (value) =>
    /^\d+(\.\d+)?[KMGT]?$/.test(value) ? undefined : "value does not look like a valid disk size\n",
  "pve-replication-job-id": matches(/^[1-9][0-9]{2,8}-\d{1,9}$/, (value) => `invalid replication job id '${value}'\n`),
  "pve-ha-resource-or-vm-id": looksLike(/^(?:(?:vm|ct):)?[1-9][0-9]{2,8}$/, "ha resource id"),
  "pve-ha-resource-id": looksLike(/^(?:vm|ct):[1-9][0-9]{2,8}$/, "ha resource id"),
  "pve-tag": matches(/^[a-z0-9_][a-z0-9_\-+.]*$/i, () => "invalid characters in tag\n"),
  "pve-startup-order": matches(
    /^(?:(?:order=)?\d+|(?:up|down)=\d+)(?:,(?:(?:order=)?\d+|(?:up|down)=\d+))*$/,
    () => "unable to parse startup options\n",
  ),
  "pve-hotplug-features": matches(
    /^(?:[01]|(?:network|disk|cpu|memory|usb|cloudinit)(?:[,; ](?:network|disk|cpu|memory|usb|cloudinit))*)$/,
    () => "unable to parse hotplug option\n",
  ),
  "pve-qm-bootdisk": matches(
    /^(?:ide|sata|scsi|virtio|efidisk|tpmstate)\d+$/,
    (value) => `invalid boot disk '${value}'\n`,
  ),
  "pve-cpuset": matches(/^\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*$/, () => "unable to parse cpuset option\n"),
  "pve-phys-bits": (value) => {
    const bits = /^\d+$/.test(value) ? Number(value) : 0;
    return value === "host" || (bits >= 8 && bits <= 64)
      ? undefined
      : "value must be an integer between 8 and 64 or 'host'\n";
  },
  "pve-vm-cpu-conf": cpuModel,
  "pve-sdn-fabric-id": illegal(/^[a-z0-9][a-z0-9-]{0,6}[a-z0-9]?$/i, "Fabric ID"),
  "pve-sdn-isis-net": looksLike(/^[a-fA-F0-9]{2}(\.[a-fA-F0-9]{4}){3,9}\.[a-fA-F0-9]{2}$/, "isis net"),
  "pem-string": matches(/-----BEGIN [^-]+-----[\s\S]+-----END [^-]+-----/, () => "not a valid PEM-formatted string.\n"),
  "pem-certificate-chain": matches(
    /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/,
    () => "not a valid PEM-formatted string.\n",
  ),
  "ldap-simple-attr": looksLike(/^[a-zA-Z0-9-]+$/, "simple ldap attribute"),
  "pve-task-status-type": matches(/^(?:ok|error|warning|unknown)$/, (value) => `invalid task status type '${value}'\n`),
  "pve-ct-timezone": (value) => (value === "host" || isTimeZone(value) ? undefined : `invalid time zone '${value}'\n`),
  "pve-ha-node": looksLike(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(?::\d{1,3})?$/i, "ha node list"),
  "pve-lxc-dev-string": matches(/^\/dev\/.+/, (value) => `${value} is not a valid device path\n`),
  "pve-dir-override": looksLike(/^[a-z]+=\/?[^/]+(?:\/[^/]+)*$/, "content directory"),
  "pve-command-batch": (value) => (isJsonList(value) ? undefined : "value does not look like a valid command batch\n"),
  urlencoded: matches(/^[-%a-zA-Z0-9_.!~*'()]*$/, (value) => `invalid urlencoded string: ${value}\n`),
};
