// Owns what a guest's network interface is made of: PVE's keys for each kind of guest, and the names that calls use for them.
import { type Definition, shapeOf } from "../schema/definition.ts";
import { PROPERTY_STRINGS } from "../schema/property-strings.gen.ts";
import type { Ground } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";

/** PVE's keys of a NIC, by kind of guest (GET …/config, net[n]). */
export const formats = { qemu: "qemu-net", lxc: "lxc-net" } as const;
const keysOf = (type: "qemu" | "lxc") =>
  Object.keys(PROPERTY_STRINGS[formats[type]]?.keys ?? {}).map((key) => key.replace(/\?$/, ""));

/** The seed's names, and PVE's for each kind of guest. */
export const names: Readonly<Record<string, Readonly<Record<"qemu" | "lxc", string | undefined>>>> = {
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
export const further = [...new Set([...keysOf("qemu"), ...keysOf("lxc")])].filter(
  (key) => names[key] === undefined && key !== "type",
);
const optional = [...Object.keys(names), ...further].map((name) => [`${name}?`, definitionOf(name)] as const);
export const forUpdate = Object.fromEntries(optional);
export const forAdd = Object.fromEntries(
  optional.map(([name, definition]) => [name === "bridge?" ? "bridge" : name, definition]),
);

/** What PVE says of a key: for both kinds of guest where they agree, else the type that both have. */
function definitionOf(name: string): Definition {
  if (name === "vlan") return "0<=integer<=4094";
  const said = (["qemu", "lxc"] as const).flatMap((type) => {
    const keys = PROPERTY_STRINGS[formats[type]]?.keys ?? {};
    const key = names[name] ? names[name][type] : name;
    const definition = keys[`${key}?`] ?? keys[`${key}`];
    return definition === undefined ? [] : [{ definition }];
  });
  const [first = { definition: "string" }, ...others] = said;
  if (others.every((other) => JSON.stringify(other) === JSON.stringify(first))) return first.definition;
  const kinds = said.map(({ definition }) => shapeOf(definition).kind);
  return kinds.every((kind) => kind === "integer" || kind === "number") ? (kinds[0] ?? "number") : "string";
}

/** The keys that a call gives, under PVE's names for this kind of guest. VLAN 0 stands for none. */
export function givenKeys({ values, guest }: Ground): Record<string, unknown> {
  const type = guest?.type ?? "qemu";
  const given = [...Object.keys(names), ...further].filter((name) => values[name] !== undefined);
  return Object.fromEntries(
    given.map((name) => {
      const key = names[name] ? names[name][type] : name;
      if (key === undefined) throw new Refusal(`${name}: ${elsewhere[name]}`);
      return [key, name === "vlan" && values[name] === 0 ? undefined : values[name]];
    }),
  );
}
