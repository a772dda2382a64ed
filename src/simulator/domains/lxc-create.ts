// POST /nodes/{node}/lxc: a new container from a template (facts 28, 55).

import { guestLock } from "../engine/cluster.ts";
import { failure } from "../engine/error.ts";
import type { Values } from "../engine/guest-config.ts";
import type { Call } from "../engine/handler.ts";
import type { Guest } from "../engine/state.ts";
import type { Work, Worker } from "../engine/worker.ts";
import { settleValue } from "../guests/change.ts";
import { isLxcVolume } from "../guests/options.ts";
import { assertStartable, begin } from "../guests/run.ts";
import { assertSshKeys } from "../guests/ssh-keys.ts";
import { contents, findVolume, volumePath } from "../guests/volumes.ts";
import { abandon, assertMayCreate, making, reserve, takenBy } from "./guest-birth.ts";
import { assertOptions } from "./guest-config.ts";
import { restoreContainer } from "./guest-restore.ts";

const notOptions = [
  "node",
  "vmid",
  "bwlimit",
  "force",
  "ha-managed",
  "ignore-unpack-errors",
  "ostemplate",
  "password",
  "pool",
  "restore",
  "ssh-public-keys",
  "start",
  "storage",
  "unique",
];

export function createContainer(call: Call): string {
  const { cluster, caller, node, params } = call;
  const vmid = params.number("vmid") ?? 0;
  const set = params.rest(...notOptions);
  if (params.flag("restore")) return restoreContainer(call, set);
  assertMayCreate(call, vmid);
  const storage = params.text("storage") ?? "local";
  const rootfs = set.rootfs ?? `${storage}:4`;
  assertSshKeys(params.text("ssh-public-keys"));
  const taken = takenBy(call, vmid);
  if (taken !== undefined) throw failure(taken);
  assertOptions(call, "lxc", vmid, { ...set, rootfs }, []);
  const target = cluster.storage(rootfs.replace(/^volume=/, "").split(":")[0] ?? "");
  if (!contents(target).includes("rootdir"))
    throw failure(`storage '${target.storage}' does not support container directories`);
  const { rootfs: _, ...rest } = set;
  const guest = reserve(call, "lxc", vmid, node, { lock: "create" });
  return cluster.fork(caller, node, "vzcreate", String(vmid), (worker) =>
    making(call, guest, () =>
      worker.locked(guestLock("lxc", vmid), () => createSteps(call, worker, guest, { ...rest, rootfs })),
    ),
  );
}

/** debian, ubuntu, alpine … : the template's name says it. */
function ostypeOf(template: string): string {
  const name = template.split("/").pop()?.split("-")[0] ?? "";
  const known = [
    "debian",
    "devuan",
    "ubuntu",
    "centos",
    "fedora",
    "opensuse",
    "archlinux",
    "alpine",
    "gentoo",
    "nixos",
  ];
  return known.includes(name) ? name : "unmanaged";
}

function* createSteps(call: Call, worker: Worker, guest: Guest, set: Values): Work {
  const { cluster, node, params } = call;
  const { vmid } = guest;
  const ostemplate = params.need("ostemplate");
  try {
    const values: Values = {};
    for (const [name, text] of Object.entries(set)) {
      if (isLxcVolume(name)) yield 500;
      values[name] = settleValue(cluster, guest, name, text, worker.log);
    }
    const volume = findVolume(cluster, node, ostemplate);
    if (volume === undefined) {
      worker.log(`volume '${ostemplate}' does not exist`);
      throw failure(`volume '${ostemplate}' does not exist`);
    }
    worker.log(`extracting archive '${volumePath(cluster.storage(volume.storage), volume.volid)}'`);
    yield 900;
    worker.log("Total bytes read: 2201600 (2.1MiB, 57MiB/s)", "Detected container architecture: amd64");
    guest.config.values = withDefaults(values, ostemplate, vmid);
  } catch (problem) {
    abandon(call, guest);
    throw new Error(`unable to create CT ${vmid} - ${problem instanceof Error ? problem.message : String(problem)}`);
  }
  if (params.flag("start")) {
    yield 600;
    assertStartable(cluster, guest);
    begin(cluster, guest);
  }
}

function withDefaults(values: Values, template: string, vmid: number): Values {
  return {
    arch: "amd64",
    hostname: `CT${vmid}`,
    memory: "512",
    ostype: ostypeOf(template),
    swap: "512",
    ...values,
    unprivileged: values.unprivileged ?? "1",
  };
}
