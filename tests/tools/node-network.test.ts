// A node's network: what is staged, applied and dropped, read back from the embedded cluster itself.
import { describe, expect, test } from "bun:test";
import { demo } from "./demo.ts";

const node = "pve1";
const change = (action: string, given: object = {}) => ["node_network_iface", { action, node, ...given }] as const;

describe("a change of a node's network", () => {
  test("is staged, told as that with PVE's diff, and in force once applied", async () => {
    const { call, record, ask } = demo();
    const answer = await call(
      ...change("create", { iface: "vmbr7", type: "bridge", cidr: "10.7.0.1/24", comment: "seven" }),
    );
    expect(answer).toMatchObject({ outcome: "ok", summary: "vmbr7 is staged on pve1" });
    expect(answer.lines).toContain("+    address 10.7.0.1/24");
    expect(answer.notes?.[0]).toContain("not in force");
    expect((await call("node", { action: "network", node })).notes?.[0]).toContain("Staged changes");
    expect(await record("/nodes/pve1/network/vmbr7")).not.toHaveProperty("active");
    const applied = await call(...change("apply"));
    expect(applied).toMatchObject({ outcome: "ok", summary: "The staged changes of pve1 are in force" });
    expect(applied.lines).toContain("+iface vmbr7 inet static");
    expect(await record("/nodes/pve1/network/vmbr7")).toMatchObject({
      active: 1,
      cidr: "10.7.0.1/24",
      comments: "seven\n",
    });
    expect(await ask("GET", "/nodes/pve1/network")).toHaveLength(5);
  });

  test("keeps what it doesn't name: address, gateway, ports, and that it starts by itself", async () => {
    const { call, record } = demo();
    const before = await record("/nodes/pve1/network/vmbr0");
    const answer = await call(...change("update", { iface: "vmbr0", comment: "main", mtu: 9000 }));
    expect(answer.changes?.map(({ key }) => key).sort()).toEqual(["comments", "mtu"]);
    expect(await record("/nodes/pve1/network/vmbr0")).toEqual({ ...before, comments: "main\n", mtu: "9000" });
  });

  test("looks the type up, and takes an address in either form", async () => {
    const { call, record } = demo();
    await call(...change("update", { iface: "vmbr0", address: "192.0.2.99", netmask: "255.255.255.0" }));
    expect(await record("/nodes/pve1/network/vmbr0")).toMatchObject({
      type: "bridge",
      cidr: "192.0.2.99/24",
      gateway: "192.0.2.1",
    });
    await call(...change("update", { iface: "vmbr0", cidr: "192.0.2.98/25" }));
    expect(await record("/nodes/pve1/network/vmbr0")).toMatchObject({
      address: "192.0.2.98",
      netmask: "25",
      method: "static",
    });
    await call(...change("update", { iface: "vmbr0", delete: "gateway,comment" }));
    expect(await record("/nodes/pve1/network/vmbr0")).not.toHaveProperty("gateway");
  });

  test("takes the seed's names of a bond", async () => {
    const { call, record } = demo();
    const bond = {
      iface: "bond0",
      type: "bond",
      bond_slaves: "nic1",
      bond_mode: "active-backup",
      bond_primary: "nic1",
    };
    expect((await call(...change("create", bond))).outcome).toBe("ok");
    expect(await record("/nodes/pve1/network/bond0")).toMatchObject({ slaves: "nic1", "bond-primary": "nic1" });
  });

  test.each(["method", "bridge_stp", "bridge_fd", "bond_miimon", "digest"])(
    "has no %s, and says what there is",
    async (name) => {
      const { call, changes } = demo();
      const answer = await call(...change("update", { iface: "vmbr0", [name]: "x" }));
      expect(answer).toMatchObject({ outcome: "error", kind: "arguments" });
      expect(answer.reason?.[0]).toStartWith(`${name}: PVE has no such parameter here; `);
      expect(changes).toEqual([]);
    },
  );

  test("that deletes an interface tells what stood there, and of one that isn't there that it isn't", async () => {
    const { call, ask } = demo();
    const answer = await call(...change("delete", { iface: "vmbr1" }));
    expect(answer.changes).toContainEqual({ key: "bridge_ports", old: "nic1" });
    expect(await ask("GET", "/nodes/pve1/network/vmbr1")).toContain("Parameter verification failed");
    const missing = await call(...change("delete", { iface: "vmbr9" }));
    expect(missing).toMatchObject({ outcome: "error" });
    expect(missing.reason?.join(" ")).toContain("interface does not exist");
  });

  test.each([
    ["revert", {}],
    ["apply", { revert: true }],
  ])("is dropped by %s %o", async (action, given) => {
    const { call, record, changes } = demo();
    const before = await record("/nodes/pve1/network/vmbr0");
    await call(...change("update", { iface: "vmbr0", mtu: 9000 }));
    const answer = await call(...change(action, given));
    expect(answer).toMatchObject({ outcome: "ok", summary: "The staged changes of pve1 were dropped" });
    expect(await record("/nodes/pve1/network/vmbr0")).toEqual(before);
    expect(changes.at(-1)).toBe("DELETE /nodes/pve1/network");
    expect((await call(...change(action, given))).summary).toBe("Nothing was staged on pve1");
  });
});
