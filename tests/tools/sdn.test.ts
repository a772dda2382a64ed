// SDN: every change is staged and says so; applying tells what became of each node, whatever its task's end says.
import { describe, expect, test } from "bun:test";
import { callTool } from "../../src/toolkit/call.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { clusterAnswering } from "../toolkit/stand-in.ts";
import { demo, told } from "./demo.ts";
import { changedZone, pendingZones, reloadLogs, subnet } from "./recorded/firewall.ts";

const range = "start-address=10.0.0.10,end-address=10.0.0.20";

/** Two zones with a vnet each, all staged. */
async function withVnets() {
  const side = demo();
  await side.call("sdn_zone", { action: "create", zone: "z1", type: "simple", mtu: 1450 });
  await side.call("sdn_zone", { action: "create", zone: "z2", type: "vlan", bridge: "vmbr1" });
  await side.call("sdn_vnet", { action: "create", vnet: "v1", zone: "z1", alias: "one" });
  await side.call("sdn_vnet", { action: "create", vnet: "v2", zone: "z2", tag: 7 });
  return side;
}

async function withSubnet() {
  const side = await withVnets();
  await side.call("sdn_subnet", { action: "create", vnet: "v1", subnet: "10.0.0.0/24", gateway: "10.0.0.1" });
  return side;
}

describe("a zone", () => {
  test("is staged until it is applied, and its changes are told old and new", async () => {
    const { call, ask } = demo();
    const created = await call("sdn_zone", { action: "create", zone: "z1", type: "simple", mtu: 1450 });
    expect(created.summary).toBe("SDN zone z1 was created (staged)");
    expect(created.notes?.[0]).toContain("action=apply");
    expect(await ask("GET", "/cluster/sdn/zones", { running: "1" })).toEqual([]);
    expect((await call("sdn_zone", { action: "list" })).rows).toEqual([
      { zone: "z1", type: "simple", state: "new", mtu: 1450 },
    ]);
    await call("sdn_zone", { action: "apply" });
    const changed = await call("sdn_zone", { action: "update", zone: "z1", mtu: 1400 });
    expect(changed.changes).toEqual([{ key: "mtu", old: 1450, new: 1400 }]);
    expect(await ask("GET", "/cluster/sdn/zones", { running: "1" })).toMatchObject([{ zone: "z1", mtu: 1450 }]);
    const deleted = await call("sdn_zone", { action: "delete", zone: "z1" });
    expect(deleted.changes).toContainEqual({ key: "mtu", old: 1400 });
    expect((await call("sdn_zone", { action: "list" })).rows).toMatchObject([{ zone: "z1", state: "deleted" }]);
  });

  test("needs a type, and the answer names those there are", async () => {
    const { call, changes } = demo();
    const answer = await call("sdn_zone", { action: "create", zone: "z1" });
    expect(answer.reason).toEqual(["type is missing: one of evpn, faucet, qinq, simple, vlan, vxlan"]);
    expect(changes).toEqual([]);
  });

  test("takes any parameter of PVE's, unlisted ones as well", async () => {
    const { call, ask } = demo();
    await call("sdn_zone", { action: "create", zone: "z1", type: "simple", dhcp: "dnsmasq", "lock-token": "x" });
    expect(await ask("GET", "/cluster/sdn/zones/z1")).toMatchObject({ dhcp: "dnsmasq" });
  });

  test("of a genuine list shows what is pending", async () => {
    const { text } = await told("sdn_zone", { action: "list" }, { "/sdn/zones": pendingZones });
    for (const { zone, type, state, pending } of pendingZones) {
      const row = text.split("\n").find((line) => line.startsWith(`${zone} |`)) ?? "";
      for (const value of [type, state, ...Object.values(pending)]) expect(row).toContain(String(value));
    }
    const one = await told("sdn_zone", { action: "get", zone: "z1" }, { "/zones/z1": changedZone });
    expect(one.text).toContain(`state: changed\npending: {mtu ${changedZone.pending.mtu}}`);
  });
});

test.each([
  ["sdn_zone", { action: "create", zone: "z1", type: "simple" }, ["comment", "vxlan"]],
  ["sdn_zone", { action: "update", zone: "z1" }, ["comment", "vxlan", "type"]],
  ["sdn_vnet", { action: "create", vnet: "v1", zone: "z1" }, ["comment", "vlan", "vxlan", "mtu", "mac", "ipam"]],
  ["sdn_vnet", { action: "update", vnet: "v1" }, ["comment", "vlan", "vxlan", "mtu", "mac", "ipam", "type"]],
  [
    "sdn_controller",
    { action: "create", controller: "c1", type: "evpn" },
    ["ip", "port", "token", "secret", "zone", "comment"],
  ],
  [
    "sdn_controller",
    { action: "update", controller: "c1" },
    ["type", "ip", "port", "token", "secret", "zone", "comment"],
  ],
  ["sdn_subnet", { action: "create", subnet: "10.0.0.0/24" }, ["mtu", "ipam", "comment"]],
  ["sdn_subnet", { action: "update", subnet: "10.0.0.0/24" }, ["mtu", "ipam", "comment"]],
])("%s %o tells what to use instead of what PVE hasn't got", async (name, given, foreign) => {
  const { call, changes } = demo();
  const answer = await call(name, { ...given, ...Object.fromEntries(foreign.map((one) => [one, "x"])) });
  expect(answer.reason?.map((line) => line.split(":")[0]).sort()).toEqual([...foreign].sort());
  expect(answer.reason?.every((line) => line.includes("PVE has no such parameter here; "))).toBe(true);
  expect(changes).toEqual([]);
});

describe("a vnet and a controller", () => {
  test("are created, changed and deleted, staged", async () => {
    const { call, ask } = await withVnets();
    const changed = await call("sdn_vnet", { action: "update", vnet: "v1", delete: "alias" });
    expect(changed.changes).toEqual([{ key: "alias", old: "one" }]);
    expect((await call("sdn_vnet", { action: "get", vnet: "v2" })).record).toMatchObject({ state: "new", tag: 7 });
    await call("sdn_vnet", { action: "delete", vnet: "v2" });
    expect(await ask("GET", "/cluster/sdn/vnets")).toMatchObject([{ vnet: "v1" }]);
    const evpn = { controller: "c1", type: "evpn", asn: 65000, peers: "192.0.2.11" };
    await call("sdn_controller", { action: "create", ...evpn });
    await call("sdn_controller", { action: "update", controller: "c1", asn: 65001 });
    expect(await ask("GET", "/cluster/sdn/controllers", { pending: "1" })).toMatchObject([
      { controller: "c1", state: "new", pending: { asn: 65001 } },
    ]);
    expect((await call("sdn_controller", { action: "delete", controller: "c1" })).outcome).toBe("ok");
    expect((await call("sdn_controller", { action: "list" })).summary).toBe("0 controllers");
  });
});

test("a vnet of a zone that isn't there is told in words, where PVE stumbles", async () => {
  const { call } = await withVnets();
  const answer = await call("sdn_vnet", { action: "create", vnet: "v9", zone: "nope" });
  expect(answer.reason).toEqual(["zone nope does not exist; there is z1, z2"]);
});

describe("a subnet", () => {
  test.each(["10.0.0.0/24", "z1-10.0.0.0-24"])("is found by %s, without its vnet", async (given) => {
    const { call, ask } = await withSubnet();
    expect((await call("sdn_subnet", { action: "get", subnet: given })).record).toMatchObject({
      vnet: "v1",
      gateway: "10.0.0.1",
      state: "new",
    });
    const changed = await call("sdn_subnet", { action: "update", subnet: given, snat: true });
    expect(changed.changes).toEqual([{ key: "snat", new: 1 }]);
    expect(await ask("GET", "/cluster/sdn/vnets/v1/subnets/z1-10.0.0.0-24")).toMatchObject({ snat: 1 });
    const deleted = await call("sdn_subnet", { action: "delete", subnet: given });
    expect(deleted.changes).toContainEqual({ key: "gateway", old: "10.0.0.1" });
    expect(await ask("GET", "/cluster/sdn/vnets/v1/subnets")).toEqual([]);
  });

  test("is created under the only vnet of the zone in its id, with its ranges", async () => {
    const { call, ask } = await withVnets();
    const given = { action: "create", subnet: "z1-10.0.0.0-24", gateway: "10.0.0.1", dhcp: range, dns: "10.0.0.2" };
    expect((await call("sdn_subnet", given)).summary).toBe("Subnet 10.0.0.0/24 of vnet v1 was created (staged)");
    expect(await ask("GET", "/cluster/sdn/vnets/v1/subnets")).toMatchObject([
      {
        cidr: "10.0.0.0/24",
        "dhcp-dns-server": "10.0.0.2",
        "dhcp-range": [{ "start-address": "10.0.0.10", "end-address": "10.0.0.20" }],
      },
    ]);
  });

  test("that could be of several vnets needs its vnet, and the answer names them", async () => {
    const { call, changes } = await withSubnet();
    await call("sdn_subnet", { action: "create", vnet: "v2", subnet: "10.0.0.0/24" });
    changes.length = 0;
    const created = await call("sdn_subnet", { action: "create", subnet: "10.1.0.0/24" });
    expect(created.reason).toEqual(["vnet is missing: there is v1, v2"]);
    const deleted = await call("sdn_subnet", { action: "delete", subnet: "10.0.0.0/24" });
    expect(deleted.reason?.[0]).toContain("z1-10.0.0.0-24 (vnet v1), z2-10.0.0.0-24 (vnet v2)");
    const missing = await call("sdn_subnet", { action: "update", subnet: "10.7.0.0/24", snat: true });
    expect(missing.reason?.[0]).toContain("subnet 10.7.0.0/24 does not exist");
    expect(changes).toEqual([]);
    expect((await call("sdn_subnet", { action: "delete", vnet: "v2", subnet: "10.0.0.0/24" })).outcome).toBe("ok");
    expect((await call("sdn_subnet", { action: "list" })).rows).toHaveLength(1);
  });

  test("of a genuine answer has its gateway and its zone", async () => {
    const { text } = await told(
      "sdn_subnet",
      { action: "list" },
      {
        "/sdn/vnets": [{ vnet: "v1", zone: "z1" }],
        "/vnets/v1/subnets": [subnet],
      },
    );
    for (const value of [subnet.subnet, subnet.cidr, subnet.vnet, subnet.zone, subnet.gateway])
      expect(text).toContain(value);
  });
});

describe("applying", () => {
  test("tells what was applied and that every node took it, and nothing is staged afterwards", async () => {
    const { call, ask } = await withSubnet();
    const answer = await call("sdn_zone", { action: "apply" });
    expect(answer).toMatchObject({
      outcome: "ok",
      summary: "SDN: 5 staged changes were applied, 3 nodes reloaded their network",
    });
    expect(answer.rows?.map(({ id }) => id)).toEqual(["z1", "z2", "v1", "v2", "z1-10.0.0.0-24"]);
    expect((await call("sdn_zone", { action: "list" })).notes).toBeUndefined();
    expect(await ask("GET", "/nodes/pve2/sdn/zones")).toContainEqual({ zone: "z1", status: "available" });
  });

  test("that fails on a node is a failure, though its task ends OK", async () => {
    const { call, ask, simulator } = await withSubnet();
    Object.assign(simulator.state.nodes.pve2 ?? {}, { reloadFailure: "command 'ifreload -a' failed: exit code 1" });
    const answer = await call("sdn_zone", { action: "apply" });
    expect(answer).toMatchObject({ outcome: "failed", task: { exitstatus: "OK" } });
    expect(answer.reason).toEqual(["pve2: command 'ifreload -a' failed: exit code 1"]);
    expect(await ask("GET", "/nodes/pve2/sdn/zones")).toContainEqual({ zone: "z1", status: "error" });
  });

  test.each([
    ["failed", "failed", 3],
    ["warned", "warnings", 2],
    ["well", "ok", 0],
    ["without", "failed", 1],
  ] as const)("is judged by a genuine log: %s", async (name, outcome, count) => {
    const upid = "UPID:pve1:00001629:0005A009:6B059973:reloadnetworkall::root@pam!mcp:";
    const log = reloadLogs[name];
    const { cluster } = clusterAnswering(({ method, path }) => {
      if (method === "PUT") return upid;
      if (path.endsWith("/log")) return log;
      return path.endsWith("/status") ? { status: "stopped", exitstatus: "OK" } : [];
    });
    const tool = catalogue.find((one) => one.name === "proxmox_sdn_zone");
    const answer = tool && (await callTool(tool, { action: "apply" }, cluster));
    const nodes = log.filter(({ t }) => t.endsWith("reloading network config")).length;
    expect(answer?.outcome).toBe(outcome);
    expect(answer?.summary).toContain(count > 0 ? `${count} ` : `${nodes} nodes reloaded`);
    expect(answer?.task?.log).toEqual(log.map(({ t }) => t));
  });

  test("that isn't waited for gives its task", async () => {
    const { call } = await withSubnet();
    expect(await call("sdn_zone", { action: "apply", wait: 0 })).toMatchObject({ outcome: "running" });
  });

  test("is undone before by rolling back, which shows what is dropped", async () => {
    const { call, ask } = await withSubnet();
    await call("sdn_zone", { action: "apply" });
    await call("sdn_zone", { action: "update", zone: "z1", mtu: 1400 });
    await call("sdn_subnet", { action: "delete", subnet: "10.0.0.0/24" });
    const answer = await call("sdn_zone", { action: "rollback" });
    expect(answer.summary).toBe("2 staged changes were dropped");
    expect(answer.rows).toContainEqual({ object: "zone", id: "z1", state: "changed", pending: { mtu: 1400 } });
    expect(await ask("GET", "/cluster/sdn/zones/z1")).toMatchObject({ mtu: 1450 });
  });
});
