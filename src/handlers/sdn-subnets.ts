// Which subnet of SDN a call means, and under which vnet a new one comes to stand.
import type { Compose, Ground } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { rowsIn } from "./rows.ts";
import { subnetsOf } from "./sdn-staging.ts";

/** Where the subnet that the call means is. */
export async function placeOf(ground: Ground) {
  const { subnet: wanted, cidr: network } = ground.values;
  const all = await subnetsOf(ground, ground.values.vnet);
  const found = all.filter(
    ({ subnet, cidr }) => [subnet, cidr].includes(wanted) || (network !== undefined && cidr === network),
  );
  const [first, another] = found;
  if (first && !another) return { vnet: String(first.vnet), subnet: String(first.subnet) };
  const there = (another ? found : all).map(({ vnet, subnet }) => `${subnet} (vnet ${vnet})`).join(", ");
  const what = another ? "is in several vnets, name one as vnet" : "does not exist; there is";
  throw new Refusal(`subnet ${wanted} ${what}: ${there || "none that the token may see"}`);
}

/** PVE makes the id of zone and network; an absent vnet is the only one of the zone, or the only one there is. */
export const forCreate: Compose = async ({ values, read: ask }) => {
  const [, zone, network, prefix] = /^(\w+)-(.+)-(\d+)$/.exec(String(values.subnet)) ?? [];
  const subnet = values.cidr ?? (zone === undefined ? values.subnet : `${network}/${prefix}`);
  if (values.vnet !== undefined) return { subnet };
  const { data } = await ask("GET /cluster/sdn/vnets", {});
  const possible = rowsIn(data).filter((row) => zone === undefined || row.zone === zone);
  if (possible.length === 1) return { subnet, vnet: possible[0]?.vnet };
  throw new Refusal(
    `vnet is missing: there is ${possible.map(({ vnet }) => vnet).join(", ") || "none that the token may see"}`,
  );
};
