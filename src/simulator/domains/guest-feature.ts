// Whether a guest can be snapshotted, cloned or copied as it is.
import { missingConfig } from "../engine/cluster.ts";
import { failure } from "../engine/error.ts";
import type { Call, Handler, Handlers } from "../engine/handler.ts";
import type { Guest, GuestType } from "../engine/state.ts";
import { canSnapshot, type Disk, disksOf, onSharedStorage } from "../guests/copy.ts";
import { guestOf } from "./guest-config.ts";

function valuesOf(guest: Guest, snapname: string | undefined) {
  if (snapname === undefined) return guest.config.values;
  const values = guest.config.snapshots[snapname];
  if (values === undefined) throw failure(`snapshot '${snapname}' does not exist`);
  return values;
}

function has({ cluster }: Call, feature: string, disks: readonly Disk[]): boolean {
  if (feature === "copy") return true;
  if (feature === "snapshot") return disks.every((disk) => canSnapshot(cluster, disk.volume));
  return disks.every((disk) => disk.volume.volid.includes("base-"));
}

function feature(type: GuestType): Handler {
  return (call) => {
    const { cluster, node, params } = call;
    const vmid = params.number("vmid") ?? 0;
    if (type === "qemu" && cluster.guest(vmid)?.node !== node) throw missingConfig(node, vmid);
    const guest = guestOf(call, type);
    const disks = disksOf(cluster, guest, valuesOf(guest, params.text("snapname")));
    const hasFeature = has(call, params.need("feature"), disks) ? 1 : 0;
    if (type === "lxc") return { hasFeature };
    const everywhere = disks.every((disk) => onSharedStorage(cluster, disk.volume));
    return { hasFeature, nodes: everywhere ? Object.keys(cluster.state.nodes) : [node] };
  };
}

export const guestFeature: Handlers = {
  "GET /nodes/{node}/qemu/{vmid}/feature": feature("qemu"),
  "GET /nodes/{node}/lxc/{vmid}/feature": feature("lxc"),
};
