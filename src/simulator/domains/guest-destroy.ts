// Destroying a guest: what forbids it at once, and what the task takes away (facts 28).

import { guestLock } from "../engine/cluster.ts";
import { failure } from "../engine/error.ts";
import type { Handler } from "../engine/handler.ts";
import type { ClusterState, Guest, GuestType } from "../engine/state.ts";
import { forgetResource, isManaged } from "../guests/ha.ts";
import { assertUnlocked } from "../guests/lock.ts";
import { end } from "../guests/run.ts";
import { removeVolume } from "../guests/volumes.ts";
import { guestOf, refuseSkiplock } from "./guest-config.ts";

function assertRemovable(guest: Guest, force: boolean): void {
  const { vmid, type, config } = guest;
  if (config.values.protection === "1")
    throw failure(`can't remove ${type === "qemu" ? "VM" : "CT"} ${vmid} - protection mode enabled`);
  if (guest.process === undefined || (type === "lxc" && force)) return;
  throw failure(
    type === "qemu" ? `VM ${vmid} is running - destroy failed` : `unable to destroy CT ${vmid} - container is running`,
  );
}

export function destroy(type: GuestType): Handler {
  return (call) => {
    const { cluster, caller, node, params } = call;
    refuseSkiplock(call);
    const guest = guestOf(call, type);
    const { vmid } = guest;
    if (!params.flag("skiplock")) assertUnlocked(guest);
    const word = type === "qemu" ? "VM" : "CT";
    if (isManaged(cluster.state, guest) && !params.flag("purge"))
      throw failure(`unable to remove ${word} ${vmid} - used in HA resources and purge parameter not set.`);
    assertRemovable(guest, params.flag("force"));
    return cluster.fork(caller, node, type === "qemu" ? "qmdestroy" : "vzdestroy", String(vmid), (worker) =>
      worker.locked(guestLock(type, vmid), function* () {
        yield 500;
        assertRemovable(guest, params.flag("force"));
        const clone = cluster.state.volumes.find(
          (volume) => volume.parent !== undefined && ownsBase(guest, volume.parent),
        );
        if (clone !== undefined) throw failure(`base volume '${clone.parent}' is still in use by linked cloned`);
        if (guest.process !== undefined) {
          end(cluster, guest);
          worker.log(`forced to stop CT ${vmid} before destroying!`);
        }
        if (params.flag("purge"))
          worker.log(`purging ${type === "qemu" ? "VM" : "CT"} ${vmid} from related configurations..`);
        const owned = cluster.state.volumes.filter(
          (volume) =>
            volume.vmid === vmid &&
            /^(?:images|rootdir)$/.test(volume.content) &&
            (params.flag("destroy-unreferenced-disks") || names(guest, volume.volid)),
        );
        for (const volume of owned) removeVolume(cluster, volume);
        delete cluster.state.guests[String(vmid)];
        delete cluster.state.firewall[`vm/${vmid}`];
        if (params.flag("purge")) purge(cluster.state, guest);
        for (const pool of Object.values(cluster.state.pools)) pool.vms = pool.vms.filter((entry) => entry !== vmid);
        cluster.state.access.acl = cluster.state.access.acl.filter((entry) => entry.path !== `/vms/${vmid}`);
      }),
    );
  };
}

/** The guest's place in backup jobs, replication and HA. */
function purge(state: ClusterState, guest: Guest): void {
  forgetResource(state, guest);
  for (const job of Object.values(state.files["jobs.cfg"] ?? {})) {
    const vmids = [job.options.vmid ?? []].flat().join(",").split(",");
    if (!vmids.includes(String(guest.vmid))) continue;
    job.options.vmid = vmids.filter((vmid) => vmid !== String(guest.vmid)).join(",");
  }
  const replicated = state.files["replication.cfg"] ?? {};
  for (const id of Object.keys(replicated)) if (id.startsWith(`${guest.vmid}-`)) delete replicated[id];
}

/** Whether the guest's configuration, what is pending of it or one of its snapshots names the volume. */
function names({ config }: Guest, volid: string): boolean {
  const all = [config.values, config.pending, ...Object.values(config.snapshots)].flatMap((values) =>
    Object.values(values),
  );
  return all.some((value) => value.split(",").some((part) => part === volid || part.endsWith(`=${volid}`)));
}

function ownsBase(guest: Guest, volid: string): boolean {
  return Object.values(guest.config.values).some((value) => value.split(",")[0] === volid);
}
