// The role that the doctor prints, put into the embedded cluster: afterwards every enabled operation is allowed, and
// nothing that needs more.
import { describe, expect, test } from "bun:test";
import { inside } from "../../scripts/documents/inside.ts";
import { enabledTools } from "../../src/commands/narrowed.ts";
import { readPolicy } from "../../src/config/policy.ts";
import { categoryNames } from "../../src/config/toolsets.ts";
import { needsOf } from "../../src/doctor/needs.ts";
import { grantsFor, leastFor } from "../../src/doctor/role.ts";
import { choicesOf, judge, type Named, type Permissions } from "../../src/doctor/verdict.ts";
import { alongside, seen, within } from "../../src/doctor/within.ts";
import { createClient } from "../../src/pve/client.ts";
import { type Endpoint, endpoint, isKey, type Version } from "../../src/schema/registry.ts";
import { isIn } from "../../src/schema/release.ts";
import { endpointsOf } from "../../src/toolkit/arguments.ts";
import { denialOf } from "../../src/toolkit/gate.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { categories as names } from "../../src/tools/listing.gen.ts";
import { prepare, refusalAt } from "../documents/asking.ts";
import { demo } from "../tools/demo.ts";
import { examined, type Ward, ward } from "./patient.ts";

const named = (tools: readonly (typeof catalogue)[number][]): Named[] =>
  tools.flatMap(({ name, operations }) =>
    [...operations].map(([action, operation]) => ({ name: `${name} ${action}`.trim(), operation })),
  );
const all = named(catalogue);

const clientOf = ({ simulator }: Ward, token: "root" | "powerless") =>
  createClient({
    fetch: simulator.fetch,
    base: "https://pve:8006",
    authorization: `PVEAPIToken=${simulator.tokens[token]}`,
  });

/** Carries the printed lines out as root: `pveum role add` and `pveum acl modify` are these two calls of the API. */
async function applied(at: Ward, lines: readonly string[]): Promise<void> {
  const root = clientOf(at, "root");
  for (const line of lines) {
    const [, what = "", , target = "", ...rest] = line.split(" ");
    const option = (name: string) => rest[rest.indexOf(name) + 1]?.replaceAll("'", "") ?? "";
    if (what === "role") {
      await root.request({ endpoint: "POST /access/roles", values: { roleid: target, privs: option("--privs") } });
      continue;
    }
    const propagate = !rest.includes("--propagate");
    const values = { path: target, roles: option("--roles"), tokens: option("--tokens"), propagate };
    await root.request({ endpoint: "PUT /access/acl", values });
  }
}

async function permissionsOf(at: Ward): Promise<Permissions> {
  const { data } = await clientOf(at, "powerless").request({ endpoint: "GET /access/permissions", values: {} });
  return JSON.parse(JSON.stringify(data));
}

/** What PVE refuses of an operation: the endpoints, asked one by one, each in the same cluster. */
async function refusedOf(at: Ward, { operation }: Named, release: Version): Promise<string[]> {
  const client = clientOf(at, "powerless");
  // a restored guest brings its own options, and these are asked with a new one's; and a backup goes with less than an ISO
  if ("archive" in (operation.own ?? {}) || operation.done?.startsWith("Backup {volume}")) return [];
  const keys = [operation.endpoint, ...(operation.also ?? [])];
  const endpoints = keys.flatMap((key) =>
    endpointsOf({ endpoint: key, ...(operation.forks && { forks: operation.forks }) }),
  );
  const before = structuredClone(at.simulator.state);
  const refused: string[] = [];
  for (const one of endpoints.filter((found) => isIn(found, release) && !isMemberless(found))) {
    if (await refusalAt(one, client)) refused.push(one.key);
    Object.assign(at.simulator.state, structuredClone(before));
  }
  return refused;
}

/** Asked without a member PVE looks at nothing but the pool. */
const isMemberless = ({ key }: Endpoint) => key === "PUT /pools";

/** What PVE checks by what is set: asked with nothing it has nothing to refuse. */
const isAlongside = ({ operation }: Named): boolean =>
  [operation.endpoint, ...(operation.also ?? []), ...readBefore(operation)].some((key) =>
    endpointsOf({ endpoint: key }).some((at) => alongside[at.key] !== undefined || key !== operation.endpoint),
  );

/** For a guest PVE takes VM.Allocate in place of Permissions.Modify; and a backup's guests are looked at in its task. */
const isLate = ({ operation: { endpoint } }: Named): boolean =>
  endpoint === "PUT /access/acl" || endpoint === "POST /nodes/{node}/vzdump";

const readBefore = ({ replaces }: Named["operation"]) =>
  replaces === undefined ? [] : [typeof replaces === "string" ? replaces : replaces.at];

/** What the gate lets through. */
function enabledNames(env: Record<string, string>): string[] {
  const { policy } = readPolicy(env, false);
  const tools = enabledTools(policy.narrowing, names);
  const enabled = catalogue.filter(({ name }) => tools.has(name));
  return named(enabled).flatMap(({ name, operation }) => (denialOf(operation.kind, policy) ? [] : [name]));
}

const settingsOf = (at: Ward, more: Record<string, string>) => ({
  ...at.settings("powerless"),
  PROXMOX_ALLOW_ELEVATED: "true",
  ...more,
});

const configurations: [string, Version, Record<string, string>][] = [
  ["reading with all tools", "9.2", { PROXMOX_ALLOW_ELEVATED: "false" }],
  ["all tools", "9.2", {}],
  ["all tools", "9.1", {}],
  ["all tools", "8.4", {}],
  ["an operator's tools", "8.4", { PROXMOX_TOOLSETS: "operator" }],
  ["all but destruction", "9.2", { PROXMOX_DENY: "destroy,exec" }],
  ...categoryNames.map((name): [string, Version, Record<string, string>] => [name, "9.2", { PROXMOX_TOOLSETS: name }]),
];

describe("the printed role", () => {
  test.each(configurations)(
    "lets %s on %s through, and nothing that needs more",
    async (_, pve, more) => {
      await using at = await ward({ pve });
      await prepare(clientOf(at, "root"));
      const env = settingsOf(at, more);
      const { report } = await examined(env);
      await applied(at, report.role?.[pve === "8.4" ? "8" : "9"] ?? []);
      const after = await examined(env);
      const { root = [], absent = [], ...lacking } = after.report.operations ?? {};
      expect(lacking).toEqual({ refused: [], blind: [], partly: [] });
      expect(after.report.findings.filter(({ check }) => check === "excess")).toEqual([]);

      const narrowed = new Set(enabledNames(env).filter((name) => ![...root, ...absent].includes(name)));
      const permissions = await permissionsOf(at);
      for (const one of all) {
        const { verdict } = judge(one, permissions, pve);
        if (narrowed.has(one.name)) {
          expect([one.name, await refusedOf(at, one, pve)]).toEqual([one.name, []]);
        } else if (verdict === "refused" && !isAlongside(one) && !isLate(one)) {
          expect([one.name, (await refusedOf(at, one, pve)).length > 0]).toEqual([one.name, true]);
        }
      }
    },
    120_000,
  );
});

describe("no privilege of the role is one too many", () => {
  test.each(configurations.slice(0, 6))("for %s on %s", (_, pve, more) => {
    const enabled = new Set(enabledNames({ PROXMOX_ALLOW_ELEVATED: "true", ...more }));
    const operations = all.filter(({ name }) => enabled.has(name));
    const choices = choicesOf(operations, pve);
    const grants = grantsFor(leastFor(choices));
    const held = (without: string): Permissions => {
      const found: Record<string, Record<string, number>> = {};
      for (const { path, privileges, propagate } of grants) {
        const kept = privileges.filter((name) => `${name} on ${path}` !== without);
        found[path] = { ...found[path], ...Object.fromEntries(kept.map((name) => [name, propagate ? 1 : 0])) };
      }
      return found;
    };
    const lacking = (permissions: Permissions) =>
      operations.filter((one) => ["refused", "blind", "partly"].includes(judge(one, permissions, pve).verdict)).length;
    expect(lacking(held(""))).toBe(0);
    const wants = leastFor(choices).map(({ root, privilege }) => `${privilege} on ${root}`);
    for (const one of wants) expect([one, lacking(held(one)) > 0]).toEqual([one, true]);
  });
});

describe("with the role of their toolset whole calls go through", () => {
  const calls: [string, Record<string, unknown>, string][] = [
    [
      "create_vm",
      {
        node: "pve1",
        vmid: 900,
        name: "n",
        disk_size: 4,
        storage: "local-lvm",
        net0: "virtio,bridge=vmbr0",
        iso: "local:iso/debian-13.1.0-amd64-netinst.iso",
        ciuser: "x",
        cores: 2,
        memory: 512,
        onboot: true,
        tags: "a",
        agent: "1",
      },
      "guest-creation",
    ],
    [
      "create_lxc",
      {
        node: "pve1",
        vmid: 901,
        ostemplate: "local:vztmpl/alpine-3.22-default_20250617_amd64.tar.xz",
        hostname: "c",
        net0: "name=eth0,bridge=vmbr0",
        rootfs: "local-lvm:2",
      },
      "guest-creation",
    ],
    [
      "guest_config_update",
      { vmid: 100, memory: 1024, cores: 2, description: "x", net1: "virtio,bridge=vmbr0", nameserver: "192.0.2.1" },
      "guests",
    ],
    ["guest_network", { action: "add", vmid: 100, bridge: "vmbr0" }, "guests"],
    ["guest_snapshot", { action: "create", vmid: 100, snapname: "s1" }, "guests"],
    ["guest_resize", { vmid: 100, memory: 1024 }, "guests"],
    ["guest_clone", { vmid: 101, newid: 902 }, "guests"],
    ["vm_disk", { action: "add", vmid: 100, storage: "local-lvm", size: 2 }, "vm-disks"],
    ["lxc_mountpoint", { action: "add", vmid: 103, storage: "local-lvm", size: 2, path: "/data" }, "lxc-mountpoints"],
    ["backup", { action: "create", vmid: 100, storage: "local" }, "backup"],
    ["cloudinit", { action: "dump", vmid: 100, dump_type: "user" }, "cloud-init"],
    ["agent_info", { action: "osinfo", vmid: 100 }, "agent"],
  ];
  test.each(calls)("%s %j", async (name, given, toolset) => {
    await using at = await ward();
    const { report } = await examined(settingsOf(at, { PROXMOX_TOOLSETS: toolset }));
    const before = await demo({ simulator: at.simulator, token: "powerless" }).call(name, given);
    expect(before.kind).toMatch(/forbidden|missing/);
    await applied(at, report.role?.["9"] ?? []);
    const answer = await demo({ simulator: at.simulator, token: "powerless" }).call(name, given);
    expect([answer.outcome, answer.reason ?? []]).toEqual(["ok", []]);
  });
});

describe("what PVE checks on its way", () => {
  test("is known for the same endpoints here and in docs/tools.md, with the same privileges", () => {
    const sorted = (keys: object) => Object.keys(keys).sort();
    const beside = ["DELETE /nodes/{node}/storage/{storage}/content/{volume}"];
    expect([...sorted(within), ...beside].sort()).toEqual(sorted(inside));
    for (const [key, ways] of Object.entries(within)) {
      const words = isKey(key) ? inside[key] : "";
      for (const [, privilege] of ways
        .flat()
        .join(" ")
        .matchAll(/(\w+(?:\.\w+)+) on/g))
        expect(words).toContain(privilege);
    }
  });

  test("and what lists leave out is said of endpoints that let in whoever is logged in", () => {
    for (const key of Object.keys({ ...within, ...seen })) expect(isKey(key) && endpoint(key).user).toBe("all");
  });

  test("no tool is left out, and what root@pam alone may do is told as that", () => {
    const root = all.filter(({ operation }) => needsOf(operation, "9.2") === "root").map(({ name }) => name);
    expect(root).toContain("proxmox_cluster_config join");
    expect(all.every(({ operation }) => needsOf(operation, "9.2") !== "absent")).toBe(true);
  });
});
