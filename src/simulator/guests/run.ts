// Starting and ending a guest's process, and what hinders it.
import type { Cluster } from "../engine/cluster.ts";
import { failure } from "../engine/error.ts";
import type { Guest, GuestProcess } from "../engine/state.ts";
import { applyPending } from "./change.ts";
import { bridgeOf } from "./network.ts";
import { isNet, isVolumeOption } from "./options.ts";
import { readProperties } from "./properties.ts";
import { findVolume } from "./volumes.ts";

/** What PVE checks when it builds the command line: bridges, volumes. Throws the task's exit text. */
export function assertStartable(cluster: Cluster, guest: Guest): void {
  if (guest.startFailure !== undefined) throw failure(guest.startFailure);
  const { network } = cluster.node(guest.node);
  for (const [name, value] of Object.entries(guest.config.values)) {
    if (isNet(name)) {
      const bridge = bridgeOf(value);
      if (bridge !== undefined && network[bridge] === undefined) throw failure(`bridge '${bridge}' does not exist`);
    }
    if (isVolumeOption(guest.type, name)) assertVolume(cluster, guest, value);
  }
}

function assertVolume(cluster: Cluster, guest: Guest, value: string): void {
  const lead = guest.type === "qemu" ? "file" : "volume";
  const volid = readProperties(value, lead)[lead] ?? "none";
  if (volid === "none" || volid === "cdrom" || volid.startsWith("/")) return;
  if (findVolume(cluster, guest.node, volid) === undefined) throw failure(`volume '${volid}' does not exist`);
}

/** @param since milliseconds since 1970 */
export function newProcess(pid: number, since: number): GuestProcess {
  return { pid, since, paused: false, inside: { files: {}, frozen: false, programs: {} } };
}

export function begin(cluster: Cluster, guest: Guest): void {
  guest.process = newProcess(cluster.random.between(1500, 4_000_000), cluster.now());
}

/** The process is gone; pending changes become the config. */
export function end(cluster: Cluster, guest: Guest): void {
  delete guest.process;
  applyPending(cluster, guest);
}
