// Owns how a new container's parameters are made: sizes with units, a template by its name, a storage that takes it.
import type { Ground, Present } from "../toolkit/operation.ts";
import { createdGuest, vmidFor } from "./new-guest.ts";
import { gibibytes, mebibytes } from "./size.ts";
import { storageFor } from "./storage-choice.ts";
import { storedFile } from "./stored-file.ts";

/** PVE's parameters of a new container, from what people say: sizes with units, a template by its name. */
export async function newContainer(ground: Ground): Promise<Record<string, unknown>> {
  const { values } = ground;
  const { memory, swap, rootfs, restore, unprivileged } = values;
  return {
    vmid: await vmidFor(ground),
    ostemplate: await storedFile(ground, "ostemplate", "vztmpl"),
    ...(memory === undefined ? {} : { memory: mebibytes(memory) }),
    ...(swap === undefined ? {} : { swap: mebibytes(swap) }),
    ...(restore === true && rootfs === undefined ? {} : await rootFor(ground)),
    // as in PVE's own web interface; a backup tells itself what its container was
    ...(unprivileged === undefined && restore !== true ? { unprivileged: true } : {}),
  };
}

/** A size goes to the storage of the call; PVE's own form (`local-lvm:8`, a volume) is left as it is. */
async function rootFor(ground: Ground) {
  const { rootfs, storage } = ground.values;
  if (rootfs !== undefined && /[:=/]/.test(String(rootfs))) return { rootfs };
  const chosen = await storageFor(ground, storage, "rootdir");
  return rootfs === undefined ? { storage: chosen } : { rootfs: `${chosen}:${gibibytes("rootfs", rootfs)}` };
}

export const created: Present = async (data, ground) => {
  const { password, "ssh-public-keys": keys, restore } = ground.values;
  const locked = password === undefined && keys === undefined && restore !== true;
  return { ...(await createdGuest(data, ground)), ...(locked ? { notes: [entered] } : {}) };
};

const entered = "Neither password nor ssh-public-keys was given: `pct enter` on the node is the way in.";
