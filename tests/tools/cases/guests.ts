// Owns what the tests of requests have to know of guests' lives: a guest does what it was told last.
import type { Sent } from "../../toolkit/stand-in.ts";
import type { Cases } from "./cases.ts";

/** The last change of the call at hand: its path, and what it said. */
let told: Sent | undefined;

/** What a guest does after a request to one of these; before any it runs. */
const after: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "/status/stop": { status: "stopped", qmpstatus: "stopped" },
  "/status/shutdown": { status: "stopped", qmpstatus: "stopped" },
  "/status/suspend": { status: "running", qmpstatus: "paused" },
  "/template": { status: "stopped", template: 1 },
};
const saved = { status: "stopped", qmpstatus: "stopped", lock: "suspended" };

function state(): unknown {
  const end = Object.keys(after).find((path) => told?.path.endsWith(path)) ?? "";
  const toDisk = told?.parameters.some(([name, value]) => name === "todisk" && value === "1") === true;
  return toDisk ? saved : (after[end] ?? { status: "running", qmpstatus: "running" });
}

function snapshots(): unknown {
  const [, name] = told?.parameters.find(([key]) => key === "snapname") ?? [];
  return [
    ...(name === undefined ? [] : [{ name, snaptime: 1_795_528_578, vmstate: 1 }]),
    { name: "current", running: 1 },
  ];
}

/** What was deleted has no configuration any more. */
function assertThere(path: string): void {
  if (told?.method === "DELETE" && path === `${told.path}/config`) throw new Error("it does not exist");
}

function answer(sent: Sent): unknown {
  const { method, path } = sent;
  if (path === "/cluster/resources") told = undefined;
  if (method !== "GET") {
    told = sent;
    return undefined;
  }
  assertThere(path);
  if (path === "/nodes") return ["pve1", "pve2"].map((node) => ({ node, status: "online" }));
  if (path.endsWith("/status/current")) return state();
  if (path.endsWith("/snapshot")) return snapshots();
  if (/\/snapshot\/[^/]+\/config$/.test(path)) return { snaptime: 1_795_528_578 };
  if (path.endsWith("/migrate"))
    return { running: path.includes("/qemu/") ? 1 : 0, local_disks: [], local_resources: [] };
  return undefined;
}

export const cases: Cases = {
  answer,
  values: { "proxmox_guest_migrate target": "pve2" },
  only: { "proxmox_guest_migrate force": "qemu", "proxmox_guest_migrate with-local-disks": "qemu" },
  apart: ["proxmox_guest_clone hostname"],
};
