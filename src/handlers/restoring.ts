// Owns how a backup becomes a guest again: from which archive, of which kind, under a free number or over a guest.
import type { Ground, Perform, Present } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { archiveAt, containerStorage, typeIn } from "./archives.ts";
import { rowIn } from "./rows.ts";

/** PVE's parameters of a restored guest: archive and, for a container, a storage that it can be on. */
export async function toRestore(ground: Ground) {
  const archive = await archiveAt(ground, String(ground.values.archive));
  const type = typeIn(archive, ground.guest?.type ?? ground.values.type);
  const { storage } = ground.values;
  if (type === "qemu" || storage !== undefined) return { archive, ...(storage === undefined ? {} : { storage }) };
  return { archive, storage: await containerStorage(ground, archive) };
}

/** The same for a number that is free. @throws Refusal where a guest has it */
export async function toNewGuest(ground: Ground) {
  const { vmid } = ground.values;
  const parameters = await toRestore(ground);
  if (vmid === undefined) return { vmid: Number((await ground.read("GET /cluster/nextid", {})).data), ...parameters };
  const there = await ground.find(String(vmid)).catch(() => undefined);
  if (!there) return { vmid, ...parameters };
  throw new Refusal(
    `vmid ${vmid} is in use on ${there.node}: leave it out for the next free one, or action=restore_over replaces that guest`,
  );
}

/** Creates the guest of the archive's kind; PVE calls a container's archive its template. */
export const restored =
  (more: Readonly<Record<string, boolean>>): Perform =>
  (acting, values) => {
    const { archive, ...rest } = values;
    return typeIn(String(archive), acting.guest?.type ?? acting.values.type) === "qemu"
      ? acting.send("POST /nodes/{node}/qemu", { ...values, ...more })
      : acting.send("POST /nodes/{node}/lxc", { ...rest, ostemplate: archive, restore: true, ...more });
  };

/** The guest as it is now. */
export const asRestored: Present = async (_, { values, guest, read: ask }) => {
  const { node = "", vmid = "" } = values;
  const type = typeIn(String(values.archive), guest?.type ?? values.type);
  const { data } = await ask(`GET /nodes/{node}/${type}/{vmid}/config`, { node, vmid });
  const kept = Object.entries(rowIn(data)).filter(([key]) => !/^(?:digest|smbios1|vmgenid|meta)$/.test(key));
  return { record: { vmid, node, type: type === "qemu" ? "vm" : "lxc", ...Object.fromEntries(kept) } };
};
