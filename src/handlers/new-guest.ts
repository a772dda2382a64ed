// Owns what creating a VM and creating a container have in common: the number, and what is told of the new guest.
import type { Ground, Present } from "../toolkit/operation.ts";
import { configOf } from "./guest-config.ts";

/** The number that the call gives, or PVE's next free one. */
export async function vmidFor({ values, read }: Ground): Promise<number> {
  return Number(values.vmid ?? (await read("GET /cluster/nextid", {})).data);
}

/** Where the guest is and what PVE made of its configuration, without what only PVE itself needs. */
export const createdGuest: Present = async (_, ground) => {
  const { digest: _digest, vmgenid: _vmgenid, smbios1: _smbios1, meta: _meta, ...rest } = await configOf(ground);
  const { vmid, node } = ground.values;
  return { record: { vmid, node, ...rest } };
};
