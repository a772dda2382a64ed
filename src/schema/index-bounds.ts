// Owns how far PVE counts its index parameters: its description gives no bound, its code does.

/** The last index of a parameter by its name without the number, of VMs (qemu-server) and containers (pve-container). */
const last = new Map<string, number>([
  ["ide", 3],
  ["sata", 5],
  ["scsi", 30],
  ["virtio", 15],
  ["unused", 255],
  ["net", 31],
  ["ipconfig", 31],
  ["usb", 13],
  ["hostpci", 15],
  ["serial", 3],
  ["parallel", 2],
  ["numa", 7],
  ["virtiofs", 9],
  ["mp", 255],
  ["dev", 255],
  ["link", 7],
]);

/** The highest index that PVE has of such a parameter; Infinity where that isn't known. */
export function lastIndex(name: string): number {
  return last.get(name) ?? Number.POSITIVE_INFINITY;
}
