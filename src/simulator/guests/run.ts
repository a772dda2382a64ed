// Starting and ending a guest's process, and what hinders it.
import type { Cluster } from "../engine/cluster.ts";
import { failure } from "../engine/error.ts";
import type { Guest, GuestProcess } from "../engine/state.ts";
import { applyPending } from "./change.ts";
import { writeImage } from "./cloud-init.ts";
import { bridgeOf, hasBridge } from "./network.ts";
import { isNet, isVolumeOption } from "./options.ts";
import { readProperties } from "./properties.ts";
import { findVolume } from "./volumes.ts";

const noKvm = "KVM virtualisation configured, but not available. Either disable in VM configuration or enable in BIOS.";

/** What PVE checks when it builds the command line: bridges, volumes. Throws the task's exit text. */
export function assertStartable(cluster: Cluster, guest: Guest): void {
  if (guest.startFailure !== undefined) throw failure(guest.startFailure);
  if (guest.type === "qemu" && cluster.node(guest.node).withoutKvm === true && guest.config.values.kvm !== "0")
    throw failure(noKvm);
  for (const [name, value] of Object.entries(guest.config.values)) {
    if (isNet(name)) {
      const bridge = bridgeOf(value);
      if (bridge !== undefined && !hasBridge(cluster, guest.node, bridge))
        throw failure(`bridge '${bridge}' does not exist`);
    }
    if (isVolumeOption(guest.type, name)) assertVolume(cluster, guest, value);
  }
}

export function isStartable(cluster: Cluster, guest: Guest): boolean {
  try {
    assertStartable(cluster, guest);
    return true;
  } catch {
    return false;
  }
}

function assertVolume(cluster: Cluster, guest: Guest, value: string): void {
  const lead = guest.type === "qemu" ? "file" : "volume";
  const volid = readProperties(value, lead)[lead] ?? "none";
  if (volid === "none" || volid === "cdrom" || volid.startsWith("/")) return;
  if (findVolume(cluster, guest.node, volid) === undefined) throw failure(`volume '${volid}' does not exist`);
}

/** @param since milliseconds since 1970 */
export function newProcess(pid: number, since: number, system: boolean): GuestProcess {
  return { pid, since, paused: false, system, inside: { files: {}, frozen: false, programs: {} } };
}

/** Something to boot: a disk with a system, or a CD-ROM that is there. */
function hasSystem(cluster: Cluster, guest: Guest): boolean {
  if (guest.type === "lxc") return true;
  return Object.entries(guest.config.values).some(([name, value]) => {
    if (!isVolumeOption("qemu", name)) return false;
    const volume = findVolume(cluster, guest.node, readProperties(value, "file").file ?? "");
    return volume !== undefined && (volume.content === "iso" || volume.system === true);
  });
}

export function begin(cluster: Cluster, guest: Guest): void {
  guest.process = newProcess(cluster.random.between(1500, 4_000_000), cluster.now(), hasSystem(cluster, guest));
  writeImage(guest);
}

/** The process is gone; pending changes become the config. */
export function end(cluster: Cluster, guest: Guest): void {
  delete guest.process;
  applyPending(cluster, guest);
}
