// SDN in the embedded cluster: staged, applied node by node, taken back, guarded by its lock.
import { describe, expect, test } from "bun:test";
import { record, rows, side } from "./asking.ts";

async function withNetwork() {
  const one = side();
  await one.ask("POST", "/cluster/sdn/zones", { zone: "z1", type: "simple", mtu: "1450" });
  await one.ask("POST", "/cluster/sdn/vnets", { vnet: "v1", zone: "z1" });
  await one.ask("POST", "/cluster/sdn/vnets/v1/subnets", {
    subnet: "10.88.0.0/24",
    type: "subnet",
    gateway: "10.88.0.1",
  });
  return one;
}

describe("what is written of SDN", () => {
  test("is new until it is applied, then changed and deleted, and nothing once all is applied", async () => {
    const { ask, run } = await withNetwork();
    const states = async () => rows((await ask("GET", "/cluster/sdn/zones", { pending: "1" })).data);
    expect(await states()).toEqual([
      { zone: "z1", type: "simple", state: "new", pending: { mtu: 1450 }, digest: null },
    ]);
    expect(rows((await ask("GET", "/cluster/sdn/zones", { running: "1" })).data)).toEqual([]);
    expect(await run("PUT", "/cluster/sdn")).toBe("OK");
    expect(await states()).toEqual([{ zone: "z1", type: "simple", mtu: 1450, digest: null }]);
    await ask("PUT", "/cluster/sdn/zones/z1", { delete: "mtu" });
    expect(await states()).toMatchObject([{ state: "changed", mtu: 1450, pending: { mtu: "deleted" } }]);
    await ask("DELETE", "/cluster/sdn/vnets/v1/subnets/z1-10.88.0.0-24");
    const subnets = await ask("GET", "/cluster/sdn/vnets/v1/subnets", { pending: "1" });
    expect(rows(subnets.data)).toMatchObject([{ state: "deleted", cidr: "10.88.0.0/24", gateway: "10.88.0.1" }]);
  });

  test("goes back to what runs", async () => {
    const { ask, run } = await withNetwork();
    await run("PUT", "/cluster/sdn");
    await ask("PUT", "/cluster/sdn/zones/z1", { mtu: "1300" });
    await ask("POST", "/cluster/sdn/rollback");
    expect(record((await ask("GET", "/cluster/sdn/zones/z1")).data).mtu).toBe(1450);
  });

  test("is kept from others by a lock", async () => {
    const { ask } = side();
    const { data: token } = await ask("POST", "/cluster/sdn/lock");
    expect((await ask("POST", "/cluster/sdn/zones", { zone: "z1", type: "simple" })).message).toContain(
      "invalid lock token",
    );
    const mine = { zone: "z1", type: "simple", "lock-token": String(token) };
    expect((await ask("POST", "/cluster/sdn/zones", mine)).status).toBe(200);
    expect((await ask("DELETE", "/cluster/sdn/lock")).message).toMatch(/^could not release lock: invalid lock token/);
    expect((await ask("DELETE", "/cluster/sdn/lock", { force: "1" })).status).toBe(200);
    expect((await ask("POST", "/cluster/sdn/lock")).message).toContain("pending changes");
  });

  test.each([
    [
      "a vlan zone without a bridge",
      "/cluster/sdn/zones",
      { zone: "z2", type: "vlan" },
      "missing value for required option 'bridge'\n",
    ],
    [
      "an option of another type",
      "/cluster/sdn/zones",
      { zone: "z2", type: "simple", bridge: "vmbr0" },
      "unexpected property 'bridge'\n",
    ],
    [
      "a vnet twice",
      "/cluster/sdn/vnets",
      { vnet: "v1", zone: "z1" },
      "create sdn vnet object failed: sdn vnet object ID 'v1' already defined\n",
    ],
    [
      "a gateway elsewhere",
      "/cluster/sdn/vnets/v1/subnets",
      { subnet: "10.9.0.0/24", type: "subnet", gateway: "10.8.0.1" },
      "create sdn subnet object failed: 400 Parameter verification failed.\ngateway: 10.8.0.1 is not in subnet 10.9.0.0/24\n",
    ],
  ])("can't be %s", async (_, path, params, message) => {
    const { ask } = await withNetwork();
    expect((await ask("POST", path, params)).message).toBe(message);
  });

  test("can't be deleted while something hangs on it", async () => {
    const { ask } = await withNetwork();
    expect((await ask("DELETE", "/cluster/sdn/zones/z1")).message).toContain("zone z1 is used by vnet v1");
    expect((await ask("DELETE", "/cluster/sdn/vnets/v1")).message).toContain("Can't delete vnet if subnets exists");
  });
});

describe("applying", () => {
  test("ends OK although a node can't bring its network up, and that node's zones are in error", async () => {
    const { simulator, ask, run } = await withNetwork();
    const broken = simulator.state.nodes.pve2;
    if (broken) broken.reloadFailure = "command 'ifreload -a' failed: exit code 1";
    expect(await run("PUT", "/cluster/sdn")).toBe("OK");
    const statusOn = async (node: string) => rows((await ask("GET", `/nodes/${node}/sdn/zones`)).data)[0]?.status;
    expect([await statusOn("pve1"), await statusOn("pve2")]).toEqual(["available", "error"]);
    const reload = rows((await ask("GET", "/nodes/pve2/tasks")).data).find(({ type }) => type === "srvreload");
    expect(reload).toMatchObject({ status: "command 'ifreload -a' failed: exit code 1", user: "root@pam" });
  });

  test("gives guests the vnet's bridge, and a dry run tells the interfaces before", async () => {
    const { ask, run } = await withNetwork();
    const create = () => run("POST", "/nodes/pve1/qemu", { vmid: "900", net0: "virtio,bridge=v1" });
    expect(await create()).toBe("OK");
    expect(await run("POST", "/nodes/pve1/qemu/900/status/start")).toBe("bridge 'v1' does not exist");
    const plan = record((await ask("GET", "/cluster/sdn/dry-run", { node: "pve1" })).data)["interfaces-diff"];
    expect(plan).toContain("+iface v1\n+\taddress 10.88.0.1/24\n");
    await run("PUT", "/cluster/sdn");
    expect(await run("POST", "/nodes/pve1/qemu/900/status/start")).toBe("OK");
    const all = rows((await ask("GET", "/nodes/pve1/network", { type: "any_bridge" })).data);
    expect(all.map(({ iface, type }) => [iface, type])).toContainEqual(["v1", "vnet"]);
    const bridges = await ask("GET", "/nodes/pve1/sdn/zones/z1/bridges");
    expect(rows(bridges.data)).toEqual([
      { name: "v1", vlan_filtering: 0, ports: [{ name: "tap900i0", index: "net0", vmid: "900" }] },
    ]);
  });
});
