import { describe, expect, test } from "bun:test";
import { seededRandom } from "../../src/simulator/engine/random.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { giveToken } from "../../src/simulator/start/access.ts";
import { record, rows, side } from "./asking.ts";

const names = (data: unknown, key = "name") => rows(data).map((row) => row[key]);

describe("the demo cluster", () => {
  test("has three nodes, named guests of both kinds, two of one name", async () => {
    const { ask } = side();
    expect(names((await ask("GET", "/nodes")).data, "node")).toEqual(["pve1", "pve2", "pve3"]);
    const guests = rows((await ask("GET", "/cluster/resources", { type: "vm" })).data);
    expect(guests.length).toBeGreaterThanOrEqual(12);
    expect(guests.filter((row) => row.name === "test").map((row) => row.node)).toEqual(["pve1", "pve3"]);
    expect(new Set(guests.map((row) => row.type))).toEqual(new Set(["qemu", "lxc"]));
    expect(guests.filter((row) => row.template === 1)).toHaveLength(1);
    expect((await ask("GET", "/cluster/nextid")).data).toBe("105");
    expect((await ask("GET", "/cluster/nextid", { vmid: "100" })).errors).toEqual({ vmid: "VM 100 already exists" });
  });

  test("is quorate, and says which node answers", async () => {
    const { ask } = side();
    const status = rows((await ask("GET", "/cluster/status")).data);
    expect(status[0]).toEqual({ id: "cluster", name: "demo", nodes: 3, quorate: 1, type: "cluster", version: 3 });
    expect(status.filter((row) => row.local === 1).map((row) => row.name)).toEqual(["pve1"]);
  });

  test("has storages with ISO images and templates on every node", async () => {
    const { ask } = side();
    const storages = rows((await ask("GET", "/nodes/pve2/storage")).data);
    expect(storages.map((row) => row.storage)).toEqual(["local", "local-lvm", "shared-nfs"]);
    for (const row of storages) expect(Number(row.used) + Number(row.avail)).toBe(Number(row.total));
    const content = await ask("GET", "/nodes/pve2/storage/local/content", { content: "iso" });
    expect(names(content.data, "volid")).toContain("local:iso/ubuntu-26.04-live-server-amd64.iso");
    expect((await ask("GET", "/nodes/pve2/storage/nosuch/content")).message).toBe("storage 'nosuch' does not exist\n");
    expect((await ask("GET", "/nodes/pve2/storage/nosuch/status")).status).toBe(400);
  });

  test("shows bridges", async () => {
    const { ask } = side();
    const bridges = await ask("GET", "/nodes/pve1/network", { type: "any_bridge" });
    expect(names(bridges.data, "iface")).toEqual(["vmbr0", "vmbr1"]);
    expect((await ask("GET", "/nodes/pve1/network/vmbr0")).data).toMatchObject({
      netmask: "24",
      bridge_fd: "0",
      active: 1,
    });
    expect((await ask("GET", "/nodes/pve1/network/nope")).errors).toEqual({ iface: "interface does not exist" });
  });

  test("moves its figures with time, and the same for the same seed", async () => {
    const one = side();
    const other = side();
    const read = async (from: typeof one) =>
      record((await from.ask("GET", "/nodes/pve1/qemu/100/status/current")).data);
    const before = await read(one);
    expect(await read(other)).toEqual(before);
    one.pass(45_000);
    const after = await read(one);
    expect(Number(after.uptime) - Number(before.uptime)).toBe(45);
    expect(after.cpu).not.toBe(before.cpu);
    expect(Number(after.netin)).toBeGreaterThan(Number(before.netin));
  });

  test("gives the first answer within 150 ms", async () => {
    const start = performance.now();
    const simulator = createSimulator();
    const headers = { authorization: `PVEAPIToken=${simulator.tokens.root}` };
    const response = await simulator.fetch(new Request("http://any:1/api2/json/nodes", { headers }));
    expect(response.status).toBe(200);
    expect(performance.now() - start).toBeLessThan(150);
  });
});

describe("lists", () => {
  test("are filtered without a word", async () => {
    const { ask, simulator } = side();
    const { powerless, operator, auditor } = simulator.tokens;
    expect((await ask("GET", "/nodes/pve1/qemu", {}, powerless)).data).toEqual([]);
    expect(rows((await ask("GET", "/cluster/resources", {}, powerless)).data).map((row) => row.type)).toEqual([
      "node",
      "node",
      "node",
    ]);
    const one = rows((await ask("GET", "/cluster/resources", { type: "vm" }, operator)).data);
    expect(one.map((row) => row.vmid)).toEqual([100]);
    const all = rows((await ask("GET", "/cluster/resources", { type: "vm" }, auditor)).data);
    expect(all).toHaveLength(13);
  });

  test("show a node without its figures to one who may not audit it", async () => {
    const { ask, simulator } = side();
    const nodes = rows((await ask("GET", "/nodes", {}, simulator.tokens.powerless)).data);
    expect(nodes.map((row) => row.cpu)).toEqual([undefined, undefined, undefined]);
  });
});

describe("permissions", () => {
  test("come from pools and groups, and end there", async () => {
    const { ask, simulator } = side();
    const { auditor } = simulator.tokens;
    const onCall = giveToken(simulator.state.access.users, "oncall@pve", "test", false, seededRandom(1));
    expect((await ask("POST", "/nodes/pve1/qemu/100/status/reset", {}, onCall)).status).toBe(200);
    const other = await ask("POST", "/nodes/pve3/qemu/104/status/reset", {}, onCall);
    expect(other.message).toBe("Permission check failed (/vms/104, VM.PowerMgmt)\n");
    const read = await ask("PUT", "/nodes/pve1/qemu/100/config", { memory: "64" }, auditor);
    expect(read.status).toBe(403);
    const permissions = record((await ask("GET", "/access/permissions", {}, onCall)).data);
    expect(Object.keys(permissions)).toEqual(["/pool/production", "/vms/100", "/vms/101", "/vms/102", "/vms/103"]);
  });

  test("of a changed option are asked one by one", async () => {
    const { ask, simulator } = side();
    const { operator } = simulator.tokens;
    const memory = await ask("PUT", "/nodes/pve1/qemu/100/config", { memory: "64" }, operator);
    expect(memory.message).toBe("Permission check failed (/vms/100, VM.Config.Memory)\n");
    const user = await ask("PUT", "/nodes/pve1/qemu/100/config", { ciuser: "admin" }, operator);
    expect(user.status).toBe(200);
  });

  test("of a token with privilege separation are the meeting of its own and its user's", async () => {
    const { ask, simulator } = side();
    const { access } = simulator.state;
    access.acl.push({ path: "/vms", type: "token", ugid: "root@pam!powerless", roleid: "PVEAuditor", propagate: true });
    const { powerless } = simulator.tokens;
    expect((await ask("GET", "/nodes/pve1/qemu/100/config", {}, powerless)).status).toBe(200);
    expect((await ask("POST", "/nodes/pve1/qemu/100/status/stop", {}, powerless)).status).toBe(403);
    access.acl.push({
      path: "/vms/100",
      type: "token",
      ugid: "root@pam!powerless",
      roleid: "NoAccess",
      propagate: true,
    });
    expect((await ask("GET", "/nodes/pve1/qemu/100/config", {}, powerless)).status).toBe(403);
  });
});

describe("pools", () => {
  test("are made, filled, read and removed when they are empty", async () => {
    const { ask } = side();
    expect((await ask("POST", "/pools", { poolid: "lab", comment: "first" })).data).toBeNull();
    expect((await ask("PUT", "/pools/lab", { vms: "110,112", storage: "local" })).data).toBeNull();
    const pool = record((await ask("GET", "/pools/lab")).data);
    expect(rows(pool.members).map((row) => row.id)).toEqual([
      "qemu/110",
      "lxc/112",
      "storage/pve1/local",
      "storage/pve2/local",
      "storage/pve3/local",
    ]);
    expect((await ask("DELETE", "/pools/lab")).status).toBe(500);
    await ask("PUT", "/pools/lab", { vms: "110,112", storage: "local", delete: "1" });
    expect((await ask("DELETE", "/pools/lab")).data).toBeNull();
    expect((await ask("DELETE", "/pools/lab")).message).toBe("delete pool failed: pool 'lab' does not exist\n");
  });
});
