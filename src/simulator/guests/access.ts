// Who may use a volume that a request names: the storage's right, the owner's, or a path that only root@pam may give.
import type { Caller } from "../engine/caller.ts";
import type { Cluster } from "../engine/cluster.ts";
import { failure } from "../engine/error.ts";
import { storageOf } from "./volumes.ts";

/** `backup/vzdump-qemu-100-….vma` → {content: "backup", vmid: 100}; undefined for a name of no kind. */
export function nameParts(volid: string): { content: string; vmid?: number } | undefined {
  const name = volid.slice(volid.indexOf(":") + 1);
  const folder = /^(iso|vztmpl|snippets|import|backup)\/(.+)$/.exec(name);
  if (folder !== null) {
    const owner = /(?:vzdump-\w+-|^(?:vm|ct)\/)(\d+)/.exec(folder[2] ?? "")?.[1];
    return { content: folder[1] ?? "", ...(owner === undefined ? {} : { vmid: Number(owner) }) };
  }
  const owner = /(?:vm|base|subvol)-(\d+)-/.exec(name.split("/").pop() ?? "")?.[1];
  return owner === undefined ? undefined : { content: "images", vmid: Number(owner) };
}

export function assertVolumeAccess(
  caller: Caller,
  cluster: Cluster,
  volid: string,
  wanted: { content?: string; vmid?: number } = {},
): void {
  if (!/^[a-z][a-z0-9\-_.]*[a-z0-9]:.+$/i.test(volid)) {
    if (caller.name === "root@pam") return;
    throw failure("Only root can pass arbitrary filesystem paths. at /usr/share/perl5/PVE/Storage.pm line 651.\n");
  }
  const storage = cluster.storage(storageOf(volid));
  const parts = nameParts(volid);
  if (parts === undefined)
    throw failure(`unable to parse directory volume name '${volid.slice(volid.indexOf(":") + 1)}'`);
  if (wanted.content !== undefined && parts.content !== wanted.content)
    throw failure(`unable to use volume ${volid} - content type needs to be '${wanted.content}'`);
  const path = `/storage/${storage.storage}`;
  if (caller.can(path, ["Datastore.Allocate"])) return;
  if (["iso", "vztmpl", "import"].includes(parts.content)) {
    caller.check(path, ["Datastore.AllocateSpace", "Datastore.Audit"], true);
    return;
  }
  if (parts.vmid !== undefined && parts.vmid === wanted.vmid) return;
  if (parts.vmid === undefined) throw failure(`missing privileges to access ${volid}`);
  if (parts.content !== "backup") {
    caller.check(`/vms/${parts.vmid}`, ["VM.Config.Disk"]);
    return;
  }
  caller.check(path, ["Datastore.AllocateSpace"]);
  caller.check(`/vms/${parts.vmid}`, ["VM.Backup"]);
}
