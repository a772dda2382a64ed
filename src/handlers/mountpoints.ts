// Owns what becomes of a container's mount points: a new one with its path, detaching told apart from destroying.
import { PROPERTY_STRINGS } from "../schema/property-strings.gen.ts";
import type { Acting, Ground, Perform, Present } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import {
  configBefore,
  configOf,
  type Fate,
  type GuestConfig,
  goneAfter,
  isPending,
  pendingNote,
  recordOf,
  settingsOf,
} from "./guest-config.ts";
import { gibibytes } from "./size.ts";
import { storageFor } from "./storage-choice.ts";

export const config = "PUT /nodes/{node}/lxc/{vmid}/config";
export const isMount = (key: string) => /^(?:rootfs|(?:mp|unused)\d+)$/.test(key);

/** The keys of a mount point that may be given beside its volume, path and size. */
export const mountOptions = Object.fromEntries(
  Object.entries(PROPERTY_STRINGS["lxc-mp"]?.keys ?? {}).filter(([key]) => !/^(?:volume|mp|size\??)$/.test(key)),
);
export const optionNames = Object.keys(mountOptions).map((key) => key.replace(/\?$/, ""));

/** A new volume of a size on a storage, or one that exists. PVE wants the path in any case. */
export async function added(ground: Ground) {
  const { values } = ground;
  const present = await settingsOf(ground, isMount);
  const taken = new Map(present.map(({ key, now }) => [key, now ?? "pending"]));
  const mp = String(values.mp ?? Array.from({ length: 256 }, (_, n) => `mp${n}`).find((slot) => !taken.has(slot)));
  if (taken.has(mp)) throw new Refusal(`${mp} is in use (${taken.get(mp)})`);
  if ((values.volume === undefined) === (values.size === undefined))
    throw new Refusal("give either size, for a new volume, or volume, for one that exists");
  const volume =
    values.volume ?? `${await storageFor(ground, values.storage, "rootdir")}:${gibibytes("size", values.size)}`;
  const given = optionNames.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]);
  return { [mp]: { volume, mp: values.path, ...Object.fromEntries(given) } };
}

/** Detaching is a change of the configuration; the volume stays as `unusedN`, and an `unusedN` is left to `destroy`. */
export async function detached(ground: Ground) {
  const mp = mountIn(await configBefore(ground), ground);
  if (!mp.startsWith("unused")) return { delete: mp };
  throw new Refusal(`${mp} is detached already: action=destroy with it deletes its volume for good`);
}

export async function goes(ground: Ground) {
  return { delete: mountIn(await configBefore(ground), ground) };
}

function mountIn(there: GuestConfig, { values }: Ground): string {
  const mp = String(values.mp);
  if (there[mp] !== undefined) return mp;
  const names = Object.keys(there).filter((key) => isMount(key) && key !== "rootfs");
  throw new Refusal(`${mp} does not exist; this container has ${names.length > 0 ? names.sort().join(", ") : "none"}`);
}

/** PVE detaches a mount point first; its volume is deleted with the `unusedN` that it has become, once it has. */
export const destroyed: Perform = async (acting, values) => {
  const volume = volumeIn((await configBefore(acting))[String(values.delete)]);
  const answer = await acting.send(config, values);
  const unused = await unusedFor(acting, volume);
  return unused === undefined ? answer : acting.send(config, { ...pathIn(acting), delete: unused });
};

async function unusedFor(acting: Acting, volume: string | undefined): Promise<string | undefined> {
  const entries = Object.entries(await configOf(acting));
  return entries.find(([key, text]) => key.startsWith("unused") && volumeIn(text) === volume)?.[0];
}

const pathIn = ({ values }: Ground) => ({ node: values.node, vmid: values.vmid });
const volumeIn = (text: string | undefined) => text?.split(",")[0]?.replace(/^volume=/, "");

export const mountsAfter: Present = async (_, ground) => {
  const settings = await settingsOf(ground, isMount);
  const waits = settings.filter(({ key }) => ground.values[key] !== undefined && isPending(settings, key));
  return { record: recordOf(settings), ...(waits.length > 0 ? { notes: [pendingNote] } : {}) };
};

/** What became of the volume: a directory of the host is none, and PVE keeps and deletes only the container's own. */
const fate =
  (isDestroyed: boolean): Fate =>
  (was, settings, { values }) => {
    const volume = volumeIn(was) ?? "";
    if (volume.startsWith("/")) return "The host's directory and what is in it stay as they are.";
    const unused = settings.find(({ key, now }) => key.startsWith("unused") && volumeIn(now) === volume);
    if (unused) return `The volume still exists as ${unused.key}; action=destroy with that name deletes it for good.`;
    const [, owner] = /(?:vm|base|subvol|basevol)-(\d+)-/.exec(volume) ?? [];
    if (owner !== String(values.vmid)) return `${volume} is no volume of this container: it stays where it is.`;
    return isDestroyed ? "Its volume was deleted." : `PVE shows ${volume} nowhere in the configuration any more.`;
  };

export const detachedMount = goneAfter("mp", isMount, fate(false));

/** What a running container holds is detached when it stops, and nobody deletes the volume then. */
export const destroyedMount: Present = async (data, ground) => {
  const answer = await goneAfter("mp", isMount, fate(true))(data, ground);
  const waits = answer.summary !== undefined;
  const then =
    "Its volume still exists, and will as unused[n] then: action=destroy with that name deletes it for good.";
  return waits ? { ...answer, notes: [...(answer.notes ?? []), then] } : answer;
};
