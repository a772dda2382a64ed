// Every request that a tool can send is one that PVE's own description allows: from the required arguments, from each
// optional one, and from all of them.
import { describe, expect, test } from "bun:test";
import { checkArguments } from "../../src/schema/check.ts";
import { type Endpoint, endpoint, endpointKeys, type Parameter, parameterOf } from "../../src/schema/registry.ts";
import { type Argument, argumentsOf, endpointsOf, guestTypeAt } from "../../src/toolkit/arguments.ts";
import { callTool } from "../../src/toolkit/call.ts";
import type { Operation } from "../../src/toolkit/operation.ts";
import type { Tool } from "../../src/toolkit/tool.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { exampleOf } from "../toolkit/examples.ts";
import { clusterAnswering, type Sent, taskAnswers } from "../toolkit/stand-in.ts";

const guests = [
  { type: "qemu", vmid: 100, name: "web-01", node: "pve1", status: "running" },
  { type: "lxc", vmid: 200, name: "dns-01", node: "pve1", status: "running" },
];
const config = {
  digest: "d".repeat(40),
  scsi0: "local-lvm:vm-100-disk-0,size=8G",
  net0: "virtio=BC:24:11:00:00:01,bridge=vmbr0",
  unused0: "local-lvm:vm-100-disk-1",
};
const lxcConfig = {
  digest: "d".repeat(40),
  rootfs: "local-lvm:vm-200-disk-0,size=8G",
  net0: "name=eth0,bridge=vmbr0,hwaddr=BC:24:11:00:00:02,type=veth",
};

/** A PVE with one VM and one container, which takes everything. */
function answer(sent: Sent): unknown {
  const { method, path } = sent;
  if (path === "/cluster/resources") return guests;
  if (path === "/nodes") return [{ node: "pve1", status: "online" }];
  if (path === "/cluster/nextid") return "101";
  if (path === "/nodes/pve1/storage") return [{ storage: "local-lvm" }];
  if (path.endsWith("/pending"))
    return Object.entries(path.includes("/lxc/") ? lxcConfig : config).map(([key, value]) => ({ key, value }));
  if (method === "GET" && path.endsWith("/config")) return path.includes("/lxc/") ? lxcConfig : config;
  return taskAnswers(sent) ?? (method === "GET" ? {} : null);
}

/** Arguments that can't stand beside each other, or need another one; PVE's description doesn't say so. */
const companions: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "proxmox_create_vm force": { archive: "local:backup/vzdump-qemu-100.vma.zst" },
  "proxmox_create_vm unique": { archive: "local:backup/vzdump-qemu-100.vma.zst" },
};
const apart: readonly string[] = ["ide2 iso", "scsi0 disk_size"];
/** Own arguments that only one kind of guest has. */
const onlyFor: Readonly<Record<string, string>> = {
  model: "qemu",
  queues: "qemu",
  "host-tunnel": "qemu",
  ip: "lxc",
  gw: "lxc",
  ip6: "lxc",
  gw6: "lxc",
  name: "lxc",
  hwaddr: "lxc",

  "host-managed": "lxc",
};
/** What an operation means something that exists with. */
const existing: Readonly<Record<string, string>> = {
  "proxmox_vm_disk remove disk": "scsi0",
  "proxmox_vm_disk destroy disk": "unused0",
  "proxmox_guest_network update net": "net0",
  "proxmox_guest_network remove net": "net0",
};

const cases = catalogue.flatMap((tool) =>
  [...tool.operations].flatMap(([action, operation]) =>
    endpointsOf(operation).map((at) => ({ label: `${tool.name} ${action} ${at.key}`, tool, action, operation, at })),
  ),
);

describe.each(cases)("$label", ({ tool, action, operation, at }) => {
  const all = argumentsOf(operation, at);
  const required = all.filter((argument) => argument.required);
  const optional = all.filter((argument) => !argument.required && fits(argument, operation, at));

  test("takes no two arguments of one name", () => {
    expect(all.map(({ name }) => name).filter((name, place, names) => names.indexOf(name) !== place)).toEqual([]);
  });
  test("from the required arguments alone", () => sends(tool, action, at, required));
  if (optional.length > 0) {
    test.each(optional.map((argument) => [argument.name, argument] as const))("with %s", (_, argument) =>
      sends(tool, action, at, [...required, argument]),
    );
    test("from all of them", () => {
      const together = optional.filter(
        ({ name }) =>
          !apart.some(
            (pair) => pair.startsWith(`${name} `) || (tool.name === "proxmox_create_vm" && name === "archive"),
          ),
      );
      return sends(tool, action, at, [...required, ...together]);
    });
  }
});

function fits({ name, parameter }: Argument, operation: Operation, at: Endpoint): boolean {
  const only = operation.own && `${name}?` in operation.own ? onlyFor[name] : undefined;
  return parameter.only === undefined && (only === undefined || guestTypeAt(at) === only);
}

async function sends(tool: Tool, action: string, at: Endpoint, chosen: readonly Argument[]): Promise<void> {
  const given: Record<string, unknown> = tool.hasActions ? { action } : {};
  for (const { name, parameter } of chosen) {
    const value = existing[`${tool.name} ${action} ${name}`] ?? exampleOf(parameter.definition, name);
    given[name.replace("[n]", "1")] = value;
    Object.assign(given, companions[`${tool.name} ${name}`]);
    const needs = parameter.requires;
    if (needs && given[needs] === undefined) given[needs] = exampleOf(parameterNamed(at, needs).definition, needs);
  }
  const type = guestTypeAt(at);
  if (type)
    Object.assign(given, { vmid: type === "qemu" ? "100" : "dns-01" }, given.type === undefined ? {} : { type });
  if (given.node !== undefined) given.node = "pve1";
  const { cluster, sent } = clusterAnswering(answer);
  const answered = await callTool(tool, given, cluster);
  expect({ outcome: answered.outcome, reason: answered.reason }).toEqual({ outcome: "ok", reason: undefined });
  expect(sent.map(keyOf)).toContain(at.key);
  for (const one of sent)
    expect({ key: keyOf(one), problems: problemsOf(one) }).toEqual({ key: keyOf(one), problems: [] });
  const last = sent.find((one) => keyOf(one) === at.key);
  const own = new Set(Object.keys(tool.operations.get(action)?.own ?? {}).map((name) => name.replace(/\?$/, "")));
  for (const { name, pve, parameter } of chosen) {
    if (!pve || parameter.inPath || own.has(name)) continue;
    expect(last?.parameters.map(([key]) => key)).toContain(pve.replace("[n]", "1"));
  }
}

function parameterNamed(at: Endpoint, name: string): Parameter {
  const parameter = parameterOf(at, name);
  if (!parameter) throw new Error(`${at.key} has no ${name}`);
  return parameter;
}

const keys = endpointKeys();
const patterns = keys
  .map((key) => ({
    key,
    pattern: new RegExp(`^${key.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, "[^/]+")}$`),
  }))
  .sort((one, other) => one.key.split("{").length - other.key.split("{").length);

/** The endpoint that a concrete request reached, by the registry's own templates. */
function keyOf({ method, path }: Sent): string {
  const found = patterns.find(({ pattern }) => pattern.test(`${method} ${path}`));
  return found?.key ?? `${method} ${path} is not PVE's`;
}

/** What PVE's description has against a request as it stood on the wire. */
function problemsOf(sent: Sent): unknown[] {
  const key = keys.find((one) => one === keyOf(sent));
  if (!key) return ["no such endpoint"];
  const at = endpoint(key);
  const names = at.path.match(/\{\w+\}/g)?.map((name) => name.slice(1, -1)) ?? [];
  const values = new RegExp(`^${at.path.replace(/\{\w+\}/g, "([^/]+)")}$`).exec(sent.path)?.slice(1) ?? [];
  const path = Object.fromEntries(names.map((name, place) => [name, decodeURIComponent(values[place] ?? "")]));
  return checkArguments(at, { ...Object.fromEntries(sent.parameters), ...path }).problems;
}
