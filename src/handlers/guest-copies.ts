// Owns clones and templates of guests: how a copy is called, and what is told of it.
import type { Ground, Present } from "../toolkit/operation.ts";
import { guestName, isRow } from "../toolkit/present.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { stateOf } from "./guest-state.ts";

/** PVE calls a VM's name `name` and a container's `hostname`; both words are taken for both. */
export async function copy({ values, guest, read }: Ground) {
  const { name, hostname, newid } = values;
  if (name !== undefined && hostname !== undefined && name !== hostname)
    throw new Refusal("name and hostname mean the same here: give one of them");
  const called = name ?? hostname;
  return {
    newid: newid ?? Number((await read("GET /cluster/nextid", {})).data),
    ...(called === undefined ? {} : { [guest?.type === "lxc" ? "hostname" : "name"]: called }),
  };
}

/** The copy's own configuration. PVE copies a template linked unless told otherwise, everything else whole. */
export const copied: Present = async (_, ground) => {
  const { values, guest, read } = ground;
  const vmid = Number(values.newid);
  const node = String(values.target ?? guest?.node);
  const { data } = await read(`GET /nodes/{node}/${guest?.type ?? "qemu"}/{vmid}/config`, { node, vmid });
  const { digest: _digest, vmgenid: _vmgenid, smbios1: _smbios1, meta: _meta, ...rest } = isRow(data) ? data : {};
  const full = values.full === undefined ? guest?.template !== true : Number(values.full) === 1;
  const word = full ? "full" : "linked";
  return {
    summary: `${guestName(ground)} was cloned as ${vmid}: a ${word} clone on ${node}`,
    record: { vmid, node, ...rest },
  };
};

/** PVE answers at once for a container and goes on in a task that it doesn't name (facts 30). */
export const templated: Present = async (_, ground) => {
  const state = await ground.until(async () => {
    const now = await stateOf(ground);
    return Number(now.template ?? 0) === 1 ? now : undefined;
  });
  const name = guestName(ground);
  if (state) return { summary: `${name} is a template now`, record: state };
  return {
    outcome: "running",
    summary: `${name} is no template yet`,
    notes: ["PVE took the call and works on it in a task of the type vztemplate: look at the node's tasks."],
  };
};
