// How guests are shown: list rows, status, config, pending; VMs and containers alike.

import { shapeOf } from "../../schema/definition.ts";
import { endpoint, parameterOf } from "../../schema/registry.ts";
import type { Cluster } from "../engine/cluster.ts";
import { configDigest, futureValues, type Values } from "../engine/guest-config.ts";
import type { Guest, GuestType } from "../engine/state.ts";
import { guestFigures, maxMemory } from "../guests/figures.ts";
import { isManaged } from "../guests/ha.ts";
import { mebibyte } from "../guests/size.ts";

type Row = Record<string, unknown>;

const noPressure = {
  pressurecpufull: 0,
  pressurecpusome: 0,
  pressureiofull: 0,
  pressureiosome: 0,
  pressurememoryfull: 0,
  pressurememorysome: 0,
};

/** Unknown for a container under cgroup v1. */
function pressure(cluster: Cluster, guest: Guest): Row {
  if (guest.type === "qemu" || cluster.state.nodes[guest.node]?.cgroupV1 !== true) return noPressure;
  return Object.fromEntries(Object.keys(noPressure).map((name) => [name, null]));
}

export function listRow(cluster: Cluster, guest: Guest): Row {
  const figures = guestFigures(cluster, guest);
  const { tags, lock, template, swap } = guest.config.values;
  const running = guest.process !== undefined;
  const isQemu = guest.type === "qemu";
  return {
    cpu: figures.cpu,
    cpus: figures.cpus,
    disk: figures.disk,
    ...(running || !isQemu ? { diskread: figures.diskread, diskwrite: figures.diskwrite } : {}),
    ...(lock === undefined ? {} : { lock }),
    maxdisk: figures.maxdisk,
    maxmem: figures.maxmem,
    ...(isQemu ? {} : { maxswap: Number(swap ?? 512) * mebibyte, swap: 0, type: "lxc" }),
    mem: figures.mem,
    ...(isQemu ? { memhost: figures.memhost } : {}),
    name: figures.name,
    netin: figures.netin,
    netout: figures.netout,
    ...(running ? { pid: guest.process?.pid, ...pressure(cluster, guest) } : {}),
    status: running ? "running" : "stopped",
    ...(tags === undefined ? {} : { tags }),
    ...(template === "1" ? { template: 1 } : {}),
    uptime: figures.uptime,
    vmid: guest.vmid,
  };
}

export function currentStatus(cluster: Cluster, guest: Guest): Row {
  const row = { ...listRow(cluster, guest), ha: haOf(cluster, guest) };
  return guest.type === "lxc" ? row : { ...row, ...qemuStatus(guest) };
}

/** What the HA manager says of the guest: the state that it has got it into. */
function haOf({ state }: Cluster, guest: Guest): Row {
  if (!isManaged(state, guest)) return { managed: 0 };
  return { managed: 1, state: guest.process === undefined ? "stopped" : "started" };
}

function qemuStatus(guest: Guest): Row {
  const { agent, vga, balloon } = guest.config.values;
  const serial = Object.keys(guest.config.values).some((name) => /^serial\d+$/.test(name));
  const agentOn = agent !== undefined && /^(?:enabled=)?1/.test(agent);
  const still: Row = {
    ...(agentOn ? { agent: 1 } : {}),
    clipboard: null,
    ...(serial ? { serial: 1 } : {}),
    ...(vga?.startsWith("qxl") === true ? { spice: 1 } : {}),
  };
  const { process } = guest;
  if (process === undefined) return { ...still, qmpstatus: "stopped" };
  const max = maxMemory(guest);
  const nics = Object.keys(guest.config.values).filter((name) => /^net\d+$/.test(name));
  return {
    ...still,
    ...(balloon === "0" ? {} : { balloon: max, ballooninfo: { actual: max, max_mem: max } }),
    nics: Object.fromEntries(nics.map((name) => [`tap${guest.vmid}i${name.slice(3)}`, { netin: 0, netout: 0 }])),
    qmpstatus: process.paused ? "paused" : "running",
    "running-machine":
      guest.config.values.machine?.includes("q35") === true ? "pc-q35-10.2+pve0" : "pc-i440fx-10.2+pve0",
    "running-qemu": "10.2.2",
  };
}

/** A value as PVE's config parser types it: integers and flags become numbers, the rest is text (facts 23). */
function typed(type: GuestType, name: string, value: string): string | number {
  const parameter = parameterOf(endpoint(`PUT /nodes/{node}/${type}/{vmid}/config`), name);
  if (parameter === undefined) return /^(?:template|snaptime)$/.test(name) ? Number(value) : value;
  const { kind } = shapeOf(parameter.definition);
  return kind === "integer" || kind === "boolean" ? Number(value) : value;
}

function shown(type: GuestType, name: string, value: string): string | number {
  return name === "cipassword" ? "**********" : typed(type, name, value);
}

export function configView(guest: Guest, values: Values): Row {
  const entries = Object.entries(values).map(([name, value]) => [name, shown(guest.type, name, value)]);
  return { ...Object.fromEntries(entries), digest: configDigest(guest.config) };
}

export function futureConfig(guest: Guest): Row {
  return configView(guest, futureValues(guest.config));
}

/** The list of `pending`: value now, value to come, or 1 (2 when forced) for what will be deleted. */
export function pendingView(guest: Guest): Row[] {
  const { values, pending, pendingDelete } = guest.config;
  const row = (name: string): Row => ({
    ...(pendingDelete[name] === undefined ? {} : { delete: pendingDelete[name] ? 2 : 1 }),
    key: name,
    ...(pending[name] === undefined ? {} : { pending: shown(guest.type, name, pending[name]) }),
    ...(values[name] === undefined ? {} : { value: shown(guest.type, name, values[name]) }),
  });
  const names = new Set([...Object.keys(values), ...Object.keys(pending)]);
  return [...[...names].map(row), { key: "digest", value: configDigest(guest.config) }];
}
