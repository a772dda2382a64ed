// Owns which VM.Config privilege PVE wants for an option of a guest's configuration.

/** PVE's classes of options, VMs' and containers' together; what is in none of them is VM.Config.Options. */
const CLASSES: readonly (readonly [RegExp, string])[] = [
  [/^(?:cores|sockets|vcpus|cpu|cpulimit|cpuunits|numa\d*|affinity)$/, "VM.Config.CPU"],
  [/^(?:memory|balloon|shares|swap|hugepages|keephugepages)$/, "VM.Config.Memory"],
  [/^(?:net\d+|hostname)$/, "VM.Config.Network"],
  [
    /^(?:cicustom|cipassword|citype|ciuser|ciupgrade|sshkeys|nameserver|searchdomain|ipconfig\d+)$/,
    "VM.Config.Cloudinit",
  ],
  [
    /^(?:acpi|hotplug|kvm|machine|scsihw|smbios1|tablet|vga|watchdog|audio\d+|hostpci\d+|usb\d+|serial\d+|parallel\d+|rng\d+|bios|args|arch)$/,
    "VM.Config.HWType",
  ],
  [
    /^(?:(?:scsi|virtio|sata|ide|unused|mp|efidisk|tpmstate|virtiofs|dev)\d+|rootfs|boot|bootdisk|vmstatestorage|disk)$/,
    "VM.Config.Disk",
  ],
];

/** Not options: what names the guest or the request, and what every change may say. */
const NO_OPTIONS: ReadonlySet<string> = new Set([
  "node",
  "vmid",
  "digest",
  "force",
  "skiplock",
  "background_delay",
  "snapname",
  "delete",
  "revert",
]);

/** The privileges that setting these options takes, sorted; `delete=net1,description` counts as both. */
export function configPrivileges(values: Readonly<Record<string, unknown>>): string[] {
  const removed = [values.delete, values.revert].flatMap((names) =>
    typeof names === "string" ? names.split(/[,; ]+/) : [],
  );
  const options = [...Object.keys(values).filter((name) => !NO_OPTIONS.has(name)), ...removed.filter(Boolean)];
  const found = options.map((name) => {
    if (/^(?:ide|sata|scsi)\d+$/.test(name) && /media=cdrom/.test(String(values[name]))) return "VM.Config.CDROM";
    return CLASSES.find(([pattern]) => pattern.test(name))?.[1] ?? "VM.Config.Options";
  });
  return [...new Set(found)].sort();
}
