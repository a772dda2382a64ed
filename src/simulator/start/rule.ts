// A cluster of any size, made by rule: names, tags, pools and states that repeat in a pattern, so that any two runs agree.
import type { Random } from "../engine/random.ts";
import type { ClusterState } from "../engine/state.ts";
import type { Secrets } from "./access.ts";
import { guestless } from "./demo.ts";
import { addGuest, type Plan } from "./guests.ts";

export interface Size {
  nodes: number;
  guests: number;
}

/** What guests are for: name, whether a container, GiB of memory, cores, GiB of disk. */
const roles: readonly [name: string, type: Plan["type"], memory: number, cores: number, disk: number][] = [
  ["web", "qemu", 4, 2, 32],
  ["app", "qemu", 8, 4, 48],
  ["db", "qemu", 16, 8, 200],
  ["cache", "lxc", 2, 1, 8],
  ["queue", "lxc", 2, 2, 16],
  ["build", "qemu", 8, 8, 100],
  ["proxy", "lxc", 1, 1, 4],
  ["mail", "qemu", 4, 2, 64],
  ["worker", "qemu", 4, 4, 32],
  ["monitor", "lxc", 2, 2, 20],
];
/** Every third guest of a pool's turn; the rest are in no pool. */
const pools: readonly string[] = ["production", "staging", "development"];
const tags: Readonly<Record<string, string>> = { production: "prod", staging: "stage", development: "dev" };

/** Guests get the ids from 100 on; one in fifty is a template, one in four is stopped, some are paused. */
export function ruledStart(now: number, random: Random, size: Size): { state: ClusterState; secrets: Secrets } {
  const made = guestless(now, random, size.nodes);
  const { state } = made;
  for (const pool of pools) state.pools[pool] = { comment: `The ${pool} environment`, vms: [], storages: [] };
  // thin storages hold a few hundred guests a node; more of them get more room
  const share = Math.max(1, size.guests / size.nodes / 20);
  for (const storage of Object.values(state.storages)) storage.total = Math.floor(storage.total * share);
  for (let index = 0; index < size.guests; index++) addGuest(state, planOf(index, size.nodes), now, random);
  return made;
}

function planOf(index: number, nodes: number): Plan {
  const [name, type, memory, cores, disk] = roles[index % roles.length] ?? roles[0] ?? ["web", "qemu", 4, 2, 32];
  const template = index % 50 === 49;
  const pool = template ? undefined : pools[Math.floor(index / roles.length) % (pools.length + 1)];
  const number = String(Math.floor(index / roles.length) + 1).padStart(2, "0");
  const storage = index % 3 === 2 ? "shared-nfs" : "local-lvm";
  return {
    vmid: 100 + index,
    type,
    node: `pve${(index % nodes) + 1}`,
    name: template ? `template-${name}-${number}` : `${name}-${number}`,
    running: !template && index % 4 !== 3,
    ...(type === "qemu" && index % 40 === 0 ? { paused: true } : {}),
    memory,
    cores,
    disk: `${storage}:${disk}`,
    tags: pool === undefined ? name : [name, tags[pool] ?? pool].sort().join(";"),
    ...(pool === undefined ? {} : { pool }),
    ...(type === "lxc" ? { ostype: "debian" } : {}),
    ...(template ? { more: { template: "1" } } : {}),
  };
}
