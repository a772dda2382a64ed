// A guest's options: what each is (disk, NIC, …), which privilege its change takes, and whether it takes hold at once.
import type { GuestType } from "../engine/state.ts";

export function isQemuDisk(name: string): boolean {
  return /^(?:ide|sata|scsi|virtio)\d+$|^(?:efidisk|tpmstate)0$/.test(name);
}

export function isLxcVolume(name: string): boolean {
  return /^(?:rootfs|mp\d+)$/.test(name);
}

export function isVolumeOption(type: GuestType, name: string): boolean {
  return type === "qemu" ? isQemuDisk(name) : isLxcVolume(name);
}

export function isUnused(name: string): boolean {
  return /^unused\d+$/.test(name);
}

export function isNet(name: string): boolean {
  return /^net\d+$/.test(name);
}

const qemuPrivileges: readonly [RegExp, string][] = [
  [/^(?:cores|cpu|cpulimit|cpuunits|numa\d*|smp|sockets|vcpus|affinity)$/, "VM.Config.CPU"],
  [/^(?:balloon|memory|hugepages|keephugepages|shares|allow-ksm)$/, "VM.Config.Memory"],
  [/^(?:net\d+|nameserver|searchdomain)$/, "VM.Config.Network"],
  [/^(?:ide|sata|scsi|virtio|unused)\d+$|^(?:efidisk0|tpmstate0|vmstatestorage|cdrom)$/, "VM.Config.Disk"],
  [/^(?:ci(?:custom|password|type|upgrade|user)|ipconfig\d+|sshkeys)$/, "VM.Config.Cloudinit"],
  [
    /^(?:acpi|audio0|bios|hostpci\d+|hotplug|ivshmem|keyboard|kvm|machine|parallel\d+|rng0|scsihw|serial\d+|tablet|tdf|usb\d+|vga|virtiofs\d+|watchdog|arch|spice_enhancements|amd-sev|intel-tdx)$/,
    "VM.Config.HWType",
  ],
];

const lxcPrivileges: readonly [RegExp, string][] = [
  [/^(?:cores|cpulimit|cpuunits)$/, "VM.Config.CPU"],
  [/^(?:memory|swap)$/, "VM.Config.Memory"],
  [/^(?:net\d+|nameserver|searchdomain|hostname)$/, "VM.Config.Network"],
  [/^(?:rootfs|mp\d+|unused\d+)$/, "VM.Config.Disk"],
];

/** The privilege on /vms/{vmid} that changing an option takes. */
export function privilegeFor(type: GuestType, name: string): string {
  const table = type === "qemu" ? qemuPrivileges : lxcPrivileges;
  return table.find(([pattern]) => pattern.test(name))?.[1] ?? "VM.Config.Options";
}

/** Options that only root@pam itself may set on a VM (facts 36), with PVE's text. */
export function rootOnly(name: string, value: string): string | undefined {
  if (name === "args" || name === "lock") return `only root can set '${name}' config`;
  if (/^hostpci\d+$/.test(name) && !value.includes("mapping="))
    return `only root can set '${name}' config for non-mapped devices`;
  if (/^usb\d+$/.test(name) && !value.includes("mapping=") && value !== "spice")
    return `only root can set '${name}' config for real devices`;
  if (/^(?:parallel\d+|ivshmem)$/.test(name)) return `only root can set '${name}' config`;
  if (/^serial\d+$/.test(name) && value !== "socket") return `only root can set '${name}' config for real devices`;
  return undefined;
}

const fast = /^(?:affinity|description|hookscript|lock|name|onboot|protection|shares|startup|tags|vmstatestorage)$/;
const qemuHot =
  /^(?:(?:scsi|virtio)\d+|net\d+|unused\d+|usb\d+|cpuunits|cpulimit|balloon|ci\w+|ipconfig\d+|sshkeys|nameserver|searchdomain)$/;
const lxcHot = /^(?:cores|cpulimit|cpuunits|hostname|memory|swap|nameserver|searchdomain|net\d+|mp\d+|unused\d+)$/;

/** Whether a change of a running guest takes hold at once; otherwise it is pending until the next start (facts 17). */
export function appliesAtOnce(type: GuestType, name: string, hotplug: string): boolean {
  if (fast.test(name)) return true;
  if (type === "lxc") return lxcHot.test(name);
  if (/^(?:scsi|virtio)\d+$/.test(name)) return hotplug.includes("disk") || hotplug === "1";
  if (/^net\d+$/.test(name)) return hotplug.includes("network") || hotplug === "1";
  return qemuHot.test(name);
}
