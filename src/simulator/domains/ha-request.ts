// Starting and stopping a managed guest: a request to the HA manager, which acts some seconds later (facts 52).
import type { Cluster } from "../engine/cluster.ts";
import { failure } from "../engine/error.ts";
import type { Call } from "../engine/handler.ts";
import { isQuorate } from "../engine/quorum.ts";
import type { Guest } from "../engine/state.ts";
import { disksOf, onSharedStorage } from "../guests/copy.ts";
import { haFile, isManaged, sidOf } from "../guests/ha.ts";
import { betterNode } from "../guests/ha-place.ts";
import { begin, end, isStartable } from "../guests/run.ts";

/** From the request to the act, ms. */
const reaction = 6000;

export function requestState({ cluster, caller, node }: Call, guest: Guest, state: "started" | "stopped"): string {
  const verb = state === "started" ? "start" : "stop";
  const word = guest.type === "qemu" ? "VM" : "CT";
  const upid = cluster.fork(caller, node, `ha${verb}`, String(guest.vmid), function* (worker) {
    worker.log(`Requesting HA ${verb} for ${word} ${guest.vmid}`);
    yield 300;
    if (state === "stopped" && !isQuorate(cluster.state))
      throw failure(`command 'ha-manager crm-command stop ${sidOf(guest)} 0' failed: exit code 13`);
    const section = haFile(cluster.state)[sidOf(guest)];
    if (section !== undefined) section.options.state = state;
  });
  enforce(cluster, guest);
  return upid;
}

/** The manager brings a guest into the state that its resource asks for, some seconds after a change. */
export function enforce(cluster: Cluster, guest: Guest): void {
  cluster.background(guest.node, function* () {
    yield reaction;
    const state = haFile(cluster.state)[sidOf(guest)]?.options.state;
    const stops = state === "stopped" || state === "disabled";
    if (stops && guest.process !== undefined) end(cluster, guest);
    if (state === "started" && guest.process === undefined && isStartable(cluster, guest)) begin(cluster, guest);
    const better = isManaged(cluster.state, guest) ? betterNode(cluster.state, guest) : undefined;
    if (better !== undefined) moveLater(cluster, guest, better);
  });
}

/** A managed guest's migration is handed over; the task ends before anything moves. */
export function requestMove({ cluster, caller, node }: Call, guest: Guest, target: string): string {
  const word = guest.type === "qemu" ? "VM" : "CT";
  const upid = cluster.fork(caller, node, "hamigrate", String(guest.vmid), function* (worker) {
    worker.log(`Requesting HA migration for ${word} ${guest.vmid} to node ${target}`);
    yield 300;
  });
  moveLater(cluster, guest, target);
  return upid;
}

/** Moves a managed guest, if it can be moved at all; a node that isn't there is passed over. */
export function moveLater(cluster: Cluster, guest: Guest, target: string): void {
  cluster.background(guest.node, function* () {
    yield reaction * 2;
    const disks = disksOf(cluster, guest, guest.config.values);
    if (cluster.state.nodes[target]?.online !== true || !disks.every((disk) => onSharedStorage(cluster, disk.volume)))
      return;
    guest.node = target;
    // one that was moved away from its best node comes back
    enforce(cluster, guest);
  });
}
