import { describe, expect, test } from "bun:test";
import { type Random, seededRandom } from "../../../src/simulator/engine/random.ts";
import { record, rows, type Side, side } from "../asking.ts";

type Params = Record<string, string>;
type Operation = (random: Random, target: Target) => [method: string, path: string, params?: Params];

interface Target {
  node: string;
  type: string;
  vmid: string;
}

const storages = ["local-lvm", "shared-nfs"];
const snapshots = ["one", "two"];
const pick = <T>(random: Random, list: readonly T[], fallback: T): T =>
  list[Math.floor(random.next() * list.length)] ?? fallback;
const newId = (random: Random) => String(random.between(300, 312));
const storage = (random: Random) => pick(random, storages, "local-lvm");
const at = ({ node, type, vmid }: Target) => `/nodes/${node}/${type}/${vmid}`;
const disk = (type: string) => (type === "qemu" ? "scsi0" : "rootfs");

/** What is done to a guest at random; much of it is refused, and that is part of the game. */
const operations: readonly Operation[] = [
  (random) => [
    "POST",
    "/nodes/pve1/qemu",
    { vmid: newId(random), scsi0: `${storage(random)}:1`, net0: "virtio,bridge=vmbr0" },
  ],
  (random) => [
    "POST",
    "/nodes/pve2/lxc",
    {
      vmid: newId(random),
      ostemplate: "local:vztmpl/alpine-3.22-default_20250617_amd64.tar.xz",
      rootfs: `${storage(random)}:1`,
    },
  ],
  (_, target) => ["POST", `${at(target)}/status/start`],
  (_, target) => ["POST", `${at(target)}/status/stop`],
  (_, target) => ["POST", `${at(target)}/status/shutdown`, { timeout: "3", forceStop: "1" }],
  (_, target) => ["POST", `${at(target)}/status/suspend`, target.type === "qemu" ? { todisk: "1" } : {}],
  (_, target) => ["POST", `${at(target)}/status/resume`],
  (random, target) => ["POST", `${at(target)}/clone`, { newid: newId(random), full: "1" }],
  (random, target) => ["POST", `${at(target)}/clone`, { newid: newId(random) }],
  (_, target) => ["POST", `${at(target)}/template`],
  (random, target) => [
    "POST",
    `${at(target)}/snapshot`,
    { snapname: pick(random, snapshots, "one"), ...(target.type === "qemu" ? { vmstate: "1" } : {}) },
  ],
  (random, target) => ["POST", `${at(target)}/snapshot/${pick(random, snapshots, "one")}/rollback`],
  (random, target) => ["DELETE", `${at(target)}/snapshot/${pick(random, snapshots, "one")}`],
  (_, target) => ["PUT", `${at(target)}/resize`, { disk: disk(target.type), size: "+1G" }],
  (random, target) =>
    target.type === "qemu"
      ? [
          "POST",
          `${at(target)}/move_disk`,
          { disk: "scsi0", storage: storage(random), delete: String(random.between(0, 1)) },
        ]
      : ["POST", `${at(target)}/move_volume`, { volume: "rootfs", storage: storage(random) }],
  (random, target) => [
    "POST",
    `${at(target)}/migrate`,
    { target: `pve${random.between(1, 3)}`, ...(random.next() < 0.5 ? { online: "1", "with-local-disks": "1" } : {}) },
  ],
  (random, target) =>
    target.type === "qemu"
      ? ["PUT", `${at(target)}/config`, { scsi1: `${storage(random)}:1` }]
      : ["PUT", `${at(target)}/config`, { mp0: `${storage(random)}:1,mp=/data` }],
  (_, target) => ["PUT", `${at(target)}/config`, { delete: target.type === "qemu" ? "scsi1" : "mp0" }],
  (_, target) => ["PUT", `${at(target)}/config`, { delete: "unused0" }],
  (random, target) => [
    "POST",
    `${at(target)}/move_disk`,
    { disk: "scsi1", "target-vmid": newId(random), "target-disk": "scsi2" },
  ],
  (_, target) => [
    "POST",
    `/nodes/${target.node}/vzdump`,
    { vmid: target.vmid, storage: "shared-nfs", compress: "zstd" },
  ],
  (random, target) => ["DELETE", at(target), random.next() < 0.5 ? { purge: "1" } : {}],
];

async function targets({ ask }: Side): Promise<Target[]> {
  const list = rows((await ask("GET", "/cluster/resources", { type: "vm" })).data);
  return list.map((row) => ({ node: String(row.node), type: String(row.type), vmid: String(row.vmid) }));
}

/** Restores a backup at random, where there is one. */
async function restore({ ask }: Side, random: Random): Promise<[string, string, Params] | undefined> {
  const content = rows((await ask("GET", "/nodes/pve1/storage/shared-nfs/content", { content: "backup" })).data);
  const backup = pick(random, content, {});
  if (backup.volid === undefined) return undefined;
  const common = { vmid: newId(random), storage: storage(random), force: String(random.between(0, 1)) };
  return backup.subtype === "qemu"
    ? ["POST", "/nodes/pve1/qemu", { ...common, archive: String(backup.volid) }]
    : ["POST", "/nodes/pve1/lxc", { ...common, ostemplate: String(backup.volid), restore: "1" }];
}

/** Every volume of a guest is in its config once, and every volume of a config is there; all lists tell the same. */
async function disagreements({ ask, simulator }: Side): Promise<string[]> {
  const { state } = simulator;
  const problems: string[] = [];
  const owners = new Map<string, string[]>();
  for (const guest of Object.values(state.guests)) {
    const sections = [guest.config.values, ...Object.values(guest.config.snapshots)];
    const named = new Set(
      sections.flatMap((values) =>
        Object.entries(values)
          .filter(
            ([name, text]) =>
              /^(?:scsi|ide|virtio|sata|unused|mp)\d+$|^(?:rootfs|vmstate|efidisk0|tpmstate0)$/.test(name) &&
              !/iso\//.test(text),
          )
          .map(([, text]) => text.split(",")[0] ?? ""),
      ),
    );
    for (const volid of named) {
      if (volid === "none") continue;
      const there = state.volumes.find(
        (volume) => volume.volid === volid && (volume.node ?? guest.node) === guest.node,
      );
      if (there === undefined) problems.push(`${guest.vmid} names ${volid}, which isn't on ${guest.node}`);
      else if (there.vmid !== guest.vmid) problems.push(`${volid} is ${there.vmid}'s and named by ${guest.vmid}`);
      const key = `${volid}@${there?.node ?? ""}`;
      owners.set(key, [...(owners.get(key) ?? []), String(guest.vmid)]);
    }
  }
  for (const volume of state.volumes.filter(({ content }) => content === "images" || content === "rootdir")) {
    const who = owners.get(`${volume.volid}@${volume.node ?? ""}`) ?? [];
    if (who.length !== 1) problems.push(`${volume.volid} on ${volume.node ?? "all"} is named by ${who.length} guests`);
  }
  const double = state.volumes.map(({ volid, node }) => `${volid}@${node ?? ""}`);
  if (new Set(double).size !== double.length) problems.push("a volume id is there twice");
  for (const { node, type, vmid } of await targets({ ask } as Side)) {
    const status = record((await ask("GET", `/nodes/${node}/${type}/${vmid}/status/current`)).data);
    const listed = rows((await ask("GET", `/nodes/${node}/${type}`)).data).find((row) => String(row.vmid) === vmid);
    if (listed?.status !== status.status || listed?.name !== status.name)
      problems.push(`${vmid} differs between list and status`);
  }
  return problems;
}

async function play(seed: number, length: number): Promise<string[]> {
  const one = side();
  const random = seededRandom(seed);
  const done: string[] = [];
  for (let count = 0; count < length; count += 1) {
    const guests = await targets(one);
    const own = guests.filter(({ vmid }) => Number(vmid) >= 300 && Number(vmid) < 400);
    const target = pick(random, own.length > 0 && random.next() < 0.8 ? own : guests, {
      node: "pve1",
      type: "qemu",
      vmid: "300",
    });
    const chosen =
      random.next() < 0.07
        ? await restore(one, random)
        : pick(random, operations, operations[0] ?? (() => ["GET", "/version"]))(random, target);
    if (chosen === undefined) continue;
    const [method, path, params] = chosen;
    // now and then the next one comes while this one still works
    const end =
      random.next() < 0.2 ? (await one.ask(method, path, params)).message : await one.run(method, path, params);
    if (random.next() < 0.2) one.pass(random.between(50, 1500));
    else one.pass(120_000);
    await one.ask("GET", "/version");
    done.push(`${method} ${path} ${JSON.stringify(params ?? {})} → ${end.trim()}`);
  }
  one.pass(600_000);
  await one.ask("GET", "/version");
  const problems = await disagreements(one);
  return problems.length === 0 ? [] : [`seed ${seed}`, ...problems, ...done];
}

describe("any sequence of guest operations", () => {
  test.each(Array.from({ length: 40 }, (_, index) => index + 1))(
    "leaves no volume lost or owned twice, and reads that agree (%d)",
    async (seed) => {
      expect(await play(seed, 45)).toEqual([]);
    },
  );
});
