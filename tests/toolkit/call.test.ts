// The way of a call: what is refused before anything is sent, what is taken in any spelling, what the answer says.
import { describe, expect, test } from "bun:test";
import { callTool } from "../../src/toolkit/call.ts";
import { kinds, tierOf } from "../../src/toolkit/kind.ts";
import type { Tool } from "../../src/toolkit/tool.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { clusterAnswering, everything, type Sent, taskAnswers } from "./stand-in.ts";

const named = (name: string): Tool => {
  const found = catalogue.find((tool) => tool.name === name);
  if (!found) throw new Error(`no tool ${name}`);
  return found;
};
const guests = [{ type: "qemu", vmid: 100, name: "web-01", node: "pve1", status: "running" }];
const answer = (sent: Sent) => {
  const { method, path } = sent;
  if (path === "/cluster/resources") return guests;
  if (path === "/nodes") return [{ node: "pve1", status: "online" }];
  if (method === "GET" && path.endsWith("/config")) return { digest: "d".repeat(40) };
  return taskAnswers(sent) ?? (method === "GET" ? {} : null);
};

describe("the gate", () => {
  const operations = catalogue.flatMap((tool) =>
    [...tool.operations].map(([action, operation]) => ({ tool, action, operation })),
  );
  const given = (tool: Tool, action: string) => (tool.hasActions ? { action } : {});
  const elevated = operations.filter(({ operation }) => tierOf(operation.kind) === "elevated");

  test.each(elevated.map((one) => [`${one.tool.name} ${one.action}`, one] as const))(
    "%s sends nothing unless it is allowed",
    async (_, { tool, action, operation }) => {
      const policies = [
        { ...everything, elevated: false },
        { ...everything, readOnly: true },
        { ...everything, deny: [operation.kind] },
      ];
      for (const policy of policies) {
        const { cluster, sent } = clusterAnswering(answer, policy);
        const denied = await callTool(tool, { ...given(tool, action), vmid: 100, node: "pve1" }, cluster);
        expect(denied.outcome).toBe("denied");
        expect(sent).toEqual([]);
      }
    },
  );

  test("names the one setting that would change it", async () => {
    const { cluster } = clusterAnswering(answer, { ...everything, elevated: false });
    const denied = await callTool(named("proxmox_create_vm"), { node: "pve1" }, cluster);
    expect(denied.summary).toStartWith("Operation requires elevated permissions");
    expect(denied.reason).toEqual(["Set PROXMOX_ALLOW_ELEVATED=true to enable this operation."]);
  });

  test("lets reading through whatever is taken away", async () => {
    const { cluster } = clusterAnswering(answer, { elevated: false, readOnly: true, deny: [...kinds] });
    expect((await callTool(named("proxmox_node"), { action: "list" }, cluster)).outcome).toBe("ok");
  });
});

describe("arguments", () => {
  test("in any spelling of the same value make the same request", async () => {
    const spellings = [
      {
        node: "pve1",
        vmid: 200,
        cores: 4,
        memory: 8192,
        onboot: true,
        tags: "a,b",
        agent: "enabled=1",
        net0: "virtio,bridge=vmbr0",
      },
      {
        node: "pve1",
        vmid: "200",
        cores: "4",
        memory: "8G",
        onboot: "true",
        tags: ["a", "b"],
        agent: { enabled: 1 },
        net0: "model=virtio,bridge=vmbr0",
      },
      {
        node: "pve1",
        vmid: "200",
        cores: " 4 ",
        memory: "8 GiB",
        onboot: 1,
        tags: '["a","b"]',
        agent: '{"enabled":1}',
        net0: { model: "virtio", bridge: "vmbr0" },
      },
    ];
    const requests = await Promise.all(
      spellings.map(async (given) => {
        const { cluster, sent } = clusterAnswering(answer);
        const done = await callTool(named("proxmox_create_vm"), given, cluster);
        expect(done.reason).toBeUndefined();
        const post = sent.find(({ method }) => method === "POST");
        return Object.fromEntries((post?.parameters ?? []).filter(([name]) => name !== "agent" && name !== "net0"));
      }),
    );
    expect(requests[0]).toMatchObject({ vmid: "200", cores: "4", memory: "8192", onboot: "1", tags: "a,b" });
    expect(requests[1]).toEqual(requests[0] ?? {});
    expect(requests[2]).toEqual(requests[0] ?? {});
  });

  test("that are wrong are told all at once, a line each, and nothing is sent", async () => {
    const { cluster, sent } = clusterAnswering(answer);
    const refused = await callTool(
      named("proxmox_create_vm"),
      { node: "pve1", cores: 0, nam: "x", ostype: "linux", cipassword: ["hunter2"] },
      cluster,
    );
    expect(sent).toEqual([]);
    expect(refused.reason?.length).toBeGreaterThanOrEqual(3);
    const text = refused.reason?.join("\n") ?? "";
    expect(text).toContain("cores must be an integer of at least 1 (was 0)");
    expect(text).toContain("nam is unknown, did you mean name?; taken: node,");
    expect(text).toMatch(/ostype must be one of other, .*\(was "linux"\)/);
    expect(text).not.toContain("hunter2");
  });

  test.each([
    "../../../access/users",
    "pve1/qemu/100",
    "pve1%2f..",
    "pve1\n",
    "pve1\u0000",
    "..",
    ".",
    "",
    "a".repeat(1_000_000),
  ])("can't leave their path segment: node %j", async (node) => {
    const { cluster, sent } = clusterAnswering(answer);
    await callTool(named("proxmox_node"), { action: "status", node }, cluster);
    for (const { path } of sent) expect(path).toMatch(/^\/nodes(\/[^/]+\/status)?$/);
  });

  test("of an action that isn't there are answered with the actions that are", async () => {
    const { cluster } = clusterAnswering(answer);
    expect((await callTool(named("proxmox_node"), { action: "lst" }, cluster)).reason?.[0]).toContain(
      "did you mean list?",
    );
    expect((await callTool(named("proxmox_node"), {}, cluster)).reason?.[0]).toBe(
      "action is missing: one of list, status, network, dns, iface",
    );
  });
});

describe("guests", () => {
  test("are found by number and by name, with and without node and type", async () => {
    for (const given of [
      { vmid: 100 },
      { vmid: "100" },
      { vmid: "web-01" },
      { vmid: 100, node: "pve1", type: "vm" },
      { vmid: "web-01", type: "qemu" },
    ]) {
      const { cluster, sent } = clusterAnswering(answer);
      expect((await callTool(named("proxmox_guest_status"), given, cluster)).outcome).toBe("ok");
      expect(sent.at(-1)?.path).toBe("/nodes/pve1/qemu/100/status/current");
    }
  });

  test("that have moved are asked where they are, and the answer says so", async () => {
    const { cluster, sent } = clusterAnswering(answer);
    const done = await callTool(named("proxmox_guest_status"), { vmid: 100, node: "pve2", type: "vm" }, cluster);
    expect(sent.at(-1)?.path).toBe("/nodes/pve1/qemu/100/status/current");
    expect(done.notes?.[0]).toBe("Guest 100 is on pve1, not on pve2: the call went there.");
  });

  test("of the wrong kind are refused before anything is changed", async () => {
    const { cluster, sent } = clusterAnswering(answer);
    const refused = await callTool(
      named("proxmox_vm_disk"),
      { action: "remove", vmid: 100, type: "lxc", disk: "scsi0" },
      cluster,
    );
    expect(refused.reason?.[0]).toBe('type is "lxc": this is for VMs alone');
    expect(sent.filter(({ method }) => method !== "GET")).toEqual([]);
  });
});

test("a list on a cluster with a node that is away says that its guests' state is unknown", async () => {
  const rows = [
    { type: "node", node: "pve1", status: "online" },
    { type: "node", node: "pve2", status: "offline" },
    { type: "qemu", vmid: 101, name: "a", node: "pve2", status: "running" },
  ];
  const { cluster } = clusterAnswering(() => rows);
  const list = await callTool(named("proxmox_guest_list"), {}, cluster);
  expect(list.rows?.[0]).toMatchObject({ vmid: 101, status: "unknown" });
  expect(list.notes?.[0]).toContain("pve2 is not online");
});

test("a guest that the token doesn't see is asked for by its whole address, so that PVE's own refusal is told", async () => {
  const { cluster, sent } = clusterAnswering((one) => (one.path === "/cluster/resources" ? [] : answer(one)));
  const status = named("proxmox_guest_status");
  expect((await callTool(status, { vmid: 100, node: "pve1", type: "vm" }, cluster)).outcome).toBe("ok");
  expect(sent.at(-1)?.path).toBe("/nodes/pve1/qemu/100/status/current");
  expect((await callTool(status, { vmid: 100, node: "pve1" }, cluster)).reason?.[0]).toBe("There is no guest 100.");
});

test("a call that chooses two operations at once is refused, and neither runs", async () => {
  const { cluster, sent } = clusterAnswering(answer);
  const tool = catalogue.find(({ chooser }) => chooser !== "action");
  const [one, other] = [...(tool?.operations.keys() ?? [])];
  if (!tool || !one || !other) throw new Error("no tool that is chosen otherwise");
  const refused = await callTool(tool, { [tool.chooser]: one, action: other, vmid: 100 }, cluster);
  expect(refused).toMatchObject({ outcome: "error", kind: "arguments" });
  expect(sent).toEqual([]);
});
