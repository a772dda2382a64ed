// The network interfaces of guests: adding one, editing keys of one, removing one.

import { type Definition, shapeOf } from "../schema/definition.ts";
import { readProperties, writeProperties } from "../schema/property-string.ts";
import { PROPERTY_STRINGS } from "../schema/property-strings.gen.ts";
import { type Ground, type Present, write } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { tool } from "../toolkit/tool.ts";
import { configOf, type GuestConfig } from "./guest-config.ts";

const config = "PUT /nodes/{node}/{type}/{vmid}/config";

/** PVE's keys of a NIC, by kind of guest (GET …/config, net[n]). */
const formats = { qemu: "qemu-net", lxc: "lxc-net" } as const;
const keysOf = (type: "qemu" | "lxc") =>
  Object.keys(PROPERTY_STRINGS[formats[type]]?.keys ?? {}).map((key) => key.replace(/\?$/, ""));

/** The seed's names, and PVE's for each kind of guest. */
const names: Readonly<Record<string, Readonly<Record<"qemu" | "lxc", string | undefined>>>> = {
  bridge: { qemu: "bridge", lxc: "bridge" },
  model: { qemu: "model", lxc: undefined },
  macaddr: { qemu: "macaddr", lxc: "hwaddr" },
  vlan: { qemu: "tag", lxc: "tag" },
  ip: { qemu: undefined, lxc: "ip" },
  gw: { qemu: undefined, lxc: "gw" },
  firewall: { qemu: "firewall", lxc: "firewall" },
};

/** Where to turn for what a NIC of that kind doesn't have. */
const elsewhere: Readonly<Record<string, string>> = {
  ip: "a VM's NIC has no address in PVE: it is set inside the guest, or by cloud-init's ipconfig[n]",
  gw: "a VM's NIC has no gateway in PVE: it is set inside the guest, or by cloud-init's ipconfig[n]",
  model: "a container's NIC has no model",
};

/** PVE's further keys, taken unlisted under their own names; a container's NIC has one `type`, and it names the guest's here. */
const further = [...new Set([...keysOf("qemu"), ...keysOf("lxc")])].filter(
  (key) => names[key] === undefined && key !== "type",
);
const optional = [...Object.keys(names), ...further].map((name) => [`${name}?`, definitionOf(name)] as const);
const forUpdate = Object.fromEntries(optional);
const forAdd = Object.fromEntries(
  optional.map(([name, definition]) => [name === "bridge?" ? "bridge" : name, definition]),
);

/** What PVE says of a key: for both kinds of guest where they agree, else the type that both have. */
function definitionOf(name: string): Definition {
  const said = (["qemu", "lxc"] as const)
    .map((type) => PROPERTY_STRINGS[formats[type]]?.keys ?? {})
    .map((keys, place) => {
      const key = names[name]?.[place === 0 ? "qemu" : "lxc"] ?? name;
      return keys[`${key}?`] ?? keys[key];
    })
    .filter((definition) => definition !== undefined);
  const [first = "string", ...others] = said;
  if (others.every((other) => JSON.stringify(other) === JSON.stringify(first))) return first;
  const kinds = said.map((each) => shapeOf(each).kind);
  return kinds.every((kind) => kind === "integer" || kind === "number") ? (kinds[0] ?? "number") : "string";
}

const nicNumber = "/^net\\d+$/";

/** The keys that a call gives, under PVE's names for this kind of guest. */
function givenKeys({ values, guest }: Ground): Record<string, string> {
  const type = guest?.type ?? "qemu";
  const keys: Record<string, string> = {};
  for (const name of [...Object.keys(names), ...further]) {
    const value = values[name];
    if (value === undefined) continue;
    const key = names[name] ? names[name][type] : name;
    if (key === undefined) throw new Refusal(`${name}: ${elsewhere[name]}`);
    keys[key] = typeof value === "boolean" ? String(Number(value)) : String(value);
  }
  return keys;
}

async function added(ground: Ground) {
  const existing = await configOf(ground);
  const net = String(ground.values.net ?? freeNic(existing));
  if (existing.values[net] !== undefined) {
    throw new Refusal(
      `net ${net} exists (${existing.values[net]}): action=update edits it, ${freeNic(existing)} is free`,
    );
  }
  const type = ground.guest?.type ?? "qemu";
  const usual = type === "qemu" ? { model: "virtio" } : { name: net.replace("net", "eth"), type: "veth" };
  return { [net]: writeProperties(formats[type], { ...usual, ...givenKeys(ground) }), ...existing.digest };
}

async function updated(ground: Ground) {
  const existing = await configOf(ground);
  const net = nicOf(existing, ground.values.net);
  const given = givenKeys(ground);
  const format = formats[ground.guest?.type ?? "qemu"];
  const kept = readProperties(format, existing.values[net] ?? "");
  return { [net]: writeProperties(format, { ...kept, ...given }), ...existing.digest };
}

async function removed(ground: Ground) {
  const existing = await configOf(ground);
  return { delete: nicOf(existing, ground.values.net), ...existing.digest };
}

function freeNic({ values }: GuestConfig): string {
  return `net${Array.from({ length: 32 }, (_, n) => n).find((n) => values[`net${n}`] === undefined) ?? 0}`;
}

function nicOf({ values }: GuestConfig, net: unknown): string {
  const nics = Object.keys(values)
    .filter((key) => /^net\d+$/.test(key))
    .sort();
  if (typeof net === "string" && nics.includes(net)) return net;
  throw new Refusal(
    `net ${net} does not exist; this guest has ${nics.length > 0 ? nics.join(", ") : "no network interfaces"}`,
  );
}

const changedNic: Present = async (data, ground) => {
  const after = await nicsAfter(data, ground);
  if (Object.keys(givenKeys(ground)).length > 0) return after;
  return {
    ...after,
    notes: [`Nothing was given to change: it stands as it was. Give one of ${Object.keys(names).join(", ")}.`],
  };
};

const nicsAfter: Present = async (_, ground) => {
  const { values } = await configOf(ground);
  const nics = Object.entries(values).filter(([key]) => /^net\d+$/.test(key));
  return { record: Object.fromEntries(nics.sort(([one], [other]) => one.localeCompare(other))) };
};

export const guestNetworkTools = [
  tool("proxmox_guest_network", "Guest network interfaces", {
    add: write(config, {
      takes: [],
      own: { "net?": nicNumber, ...forAdd },
      unlisted: further,
      hints: { net: "such as net0" },
      compose: added,
      present: nicsAfter,
      done: "Network interface added to {guest}",
    }),
    update: write(config, {
      takes: [],
      own: { net: nicNumber, ...forUpdate },
      unlisted: further,
      hints: { net: "such as net0" },
      compose: updated,
      present: changedNic,
      done: "Network interface {net} of {guest} was changed",
    }),
    remove: write(config, {
      takes: [],
      own: { net: nicNumber },
      hints: { net: "such as net0" },
      compose: removed,
      present: nicsAfter,
      done: "Network interface {net} of {guest} was removed",
    }),
  }),
];
