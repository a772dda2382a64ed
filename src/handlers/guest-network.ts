// Owns what becomes of a guest's network interfaces: one added, keys of one edited and the others left, one removed.
import { readProperties } from "../schema/property-string.ts";
import type { Ground, Present } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { configBefore, type GuestConfig, isPending, pendingNote, recordOf, settingsOf } from "./guest-config.ts";
import { formats, givenKeys, names } from "./nic.ts";

const isNic = (key: string) => /^net\d+$/.test(key);

export async function added(ground: Ground) {
  const present = await settingsOf(ground, isNic);
  const taken = new Map(present.map(({ key, now }) => [key, now ?? "pending"]));
  const free = Array.from({ length: 32 }, (_, n) => `net${n}`).find((net) => !taken.has(net));
  const net = ground.values.net ?? free;
  if (net === undefined) throw new Refusal("net0 to net31 are all in use");
  const there = taken.get(String(net));
  if (there !== undefined) {
    throw new Refusal(`net ${net} exists (${there}): action=update edits it${free ? `, ${free} is free` : ""}`);
  }
  const isVm = ground.guest?.type !== "lxc";
  const usual = isVm ? { model: "virtio" } : { name: String(net).replace("net", "eth"), type: "veth" };
  return { [String(net)]: { ...usual, ...givenKeys(ground) } };
}

export async function updated(ground: Ground) {
  const existing = await configBefore(ground);
  const net = nicOf(existing, ground.values.net);
  const kept = readProperties(formats[ground.guest?.type ?? "qemu"], existing[net] ?? "");
  return { [net]: { ...kept, ...givenKeys(ground) } };
}

export async function removed(ground: Ground) {
  const existing = await configBefore(ground);
  return { delete: nicOf(existing, ground.values.net) };
}

function nicOf(values: GuestConfig, net: unknown): string {
  const nics = Object.keys(values).filter(isNic).sort();
  if (typeof net === "string" && nics.includes(net)) return net;
  const there = nics.length > 0 ? nics.join(", ") : "no network interfaces";
  throw new Refusal(`net ${net} does not exist; this guest has ${there}`);
}

export const nicsAfter: Present = async (_, ground) => {
  const settings = await settingsOf(ground, isNic);
  const waits = ground.values.net !== undefined && isPending(settings, String(ground.values.net));
  return {
    record: recordOf(settings),
    ...(waits ? { summary: `The change of ${ground.values.net} is pending`, notes: [pendingNote] } : {}),
  };
};

export const changedNic: Present = async (data, ground) => {
  const after = await nicsAfter(data, ground);
  if (Object.keys(givenKeys(ground)).length > 0) return after;
  const nothing = `Nothing was given to change. Give one of ${Object.keys(names).join(", ")}.`;
  return { ...after, summary: `${ground.values.net} stands as it was`, notes: [nothing] };
};
