import { describe, expect, test } from "bun:test";
import { record, rows, side } from "./asking.ts";

describe("a new user's token", () => {
  test("works at once, may nothing until an ACL says so, and stops when it is removed", async () => {
    const { ask } = side();
    expect((await ask("POST", "/access/users", { userid: "eve@pve", comment: "new" })).data).toBeNull();
    const token = record((await ask("POST", "/access/users/eve@pve/token/t1", { privsep: "0" })).data);
    expect(token["full-tokenid"]).toBe("eve@pve!t1");
    expect(token.info).toEqual({ expire: "0", privsep: "0" });
    const eve = `eve@pve!t1=${String(token.value)}`;
    expect((await ask("GET", "/version", {}, eve)).status).toBe(200);
    const path = "/nodes/pve1/qemu/100/config";
    expect((await ask("GET", path, {}, eve)).status).toBe(403);
    await ask("PUT", "/access/acl", { path: "/vms/100", roles: "PVEAuditor", users: "eve@pve" });
    expect((await ask("GET", path, {}, eve)).status).toBe(200);
    expect((await ask("GET", "/access/permissions", {}, eve)).data).toEqual({
      "/vms/100": expect.objectContaining({ "VM.Audit": 1 }),
    });
    await ask("DELETE", "/access/users/eve@pve/token/t1");
    expect((await ask("GET", "/version", {}, eve)).status).toBe(401);
  });

  test("that is disabled with its user, or has expired, is a 401", async () => {
    const { ask, simulator, pass } = side();
    const { auditor } = simulator.tokens;
    const user = simulator.state.access.users["auditor@pve"];
    if (user !== undefined) user.expire = Math.floor(Date.UTC(2026, 10, 24, 12) / 1000) + 60;
    expect((await ask("GET", "/version", {}, auditor)).status).toBe(200);
    pass(61_000);
    expect((await ask("GET", "/version", {}, auditor)).status).toBe(401);
  });
});

describe("users, groups, roles", () => {
  test("that aren't there are a 500 in PVE's words", async () => {
    const { ask } = side();
    expect((await ask("GET", "/access/users/no@pve")).message).toBe("no such user ('no@pve')\n");
    expect((await ask("GET", "/access/groups/none")).message).toBe("group 'none' does not exist\n");
    expect((await ask("GET", "/access/roles/NoRole")).message).toBe("role 'NoRole' does not exist\n");
    expect((await ask("POST", "/access/users", { userid: "bad" })).message).toBe(
      "value 'bad' does not look like a valid user name\n",
    );
    expect((await ask("PUT", "/access/acl", { path: "bad", roles: "PVEAuditor", users: "root@pam" })).errors).toEqual({
      path: "invalid ACL path 'bad'",
    });
  });

  test("are made, joined, read back and removed", async () => {
    const { ask } = side();
    await ask("POST", "/access/groups", { groupid: "devs", comment: "who builds" });
    await ask("POST", "/access/roles", { roleid: "Starter", privs: "VM.Audit,VM.PowerMgmt" });
    await ask("POST", "/access/users", { userid: "eve@pve", groups: "devs" });
    await ask("PUT", "/access/acl", { path: "/vms", roles: "Starter", groups: "devs" });
    expect((await ask("GET", "/access/groups/devs")).data).toEqual({ comment: "who builds", members: ["eve@pve"] });
    expect((await ask("GET", "/access/roles/Starter")).data).toEqual({ "VM.Audit": 1, "VM.PowerMgmt": 1 });
    const permissions = await ask("GET", "/access/permissions", { userid: "eve@pve", path: "/vms/100" });
    expect(permissions.data).toEqual({ "/vms/100": { "VM.Audit": 1, "VM.PowerMgmt": 1 } });
    await ask("DELETE", "/access/groups/devs");
    expect(rows((await ask("GET", "/access/acl")).data).some((entry) => entry.ugid === "devs")).toBeFalse();
    expect((await ask("DELETE", "/access/roles/PVEAuditor")).status).toBe(500);
  });
});

describe("storages", () => {
  test("are added to every node, changed and taken away", async () => {
    const { ask } = side();
    const made = await ask("POST", "/storage", { storage: "tank", type: "zfspool", pool: "tank" });
    expect(made.data).toEqual({ storage: "tank", type: "zfspool" });
    expect(rows((await ask("GET", "/nodes/pve3/storage")).data).map((row) => row.storage)).toContain("tank");
    expect((await ask("POST", "/storage", { storage: "tank", type: "zfspool", pool: "x" })).message).toBe(
      "create storage failed: storage ID 'tank' already defined\n",
    );
    expect((await ask("POST", "/storage", { storage: "d2", type: "dir" })).message).toBe(
      "missing value for required option 'path'\n",
    );
    await ask("PUT", "/storage/tank", { nodes: "pve1", disable: "1" });
    expect((await ask("GET", "/storage/tank")).data).toMatchObject({ nodes: "pve1", disable: 1, type: "zfspool" });
    expect(rows((await ask("GET", "/nodes/pve3/storage")).data).map((row) => row.storage)).not.toContain("tank");
    expect((await ask("DELETE", "/storage/tank")).data).toBeNull();
    expect((await ask("DELETE", "/storage/tank")).message).toBe(
      "delete storage failed: storage 'tank' does not exist\n",
    );
  });
});

describe("a node's network", () => {
  test("changes only when it is applied, and shows the difference before", async () => {
    const { ask, run, send, simulator } = side();
    const bridge = { iface: "vmbr7", type: "bridge", cidr: "192.0.2.65/26", autostart: "1" };
    expect((await ask("POST", "/nodes/pve1/network", bridge)).data).toBeNull();
    expect((await ask("POST", "/nodes/pve1/network", bridge)).errors).toEqual({ iface: "interface already exists" });
    expect((await ask("GET", "/nodes/pve1/network/vmbr7")).data).toMatchObject({
      address: "192.0.2.65",
      netmask: "26",
    });
    const headers = { authorization: `PVEAPIToken=${simulator.tokens.root}` };
    const list = await send(new Request("https://demo/api2/json/nodes/pve1/network", { headers }));
    expect(JSON.parse(list.text).changes).toContain("+iface vmbr7 inet static");
    const start = { vmid: "105", net0: "virtio,bridge=vmbr7", start: "1" };
    expect(await run("POST", "/nodes/pve1/qemu", start)).toBe("bridge 'vmbr7' does not exist");
    expect(await run("PUT", "/nodes/pve1/network")).toBe("OK");
    expect((await ask("GET", "/nodes/pve1/network/vmbr7")).data).toMatchObject({ active: 1 });
    expect(await run("POST", "/nodes/pve1/qemu/105/status/start")).toBe("OK");
    await ask("DELETE", "/nodes/pve1/network/vmbr7");
    expect((await ask("GET", "/nodes/pve1/network/vmbr7")).status).toBe(400);
    expect((await ask("DELETE", "/nodes/pve1/network")).data).toBeNull();
    expect((await ask("GET", "/nodes/pve1/network/vmbr7")).status).toBe(200);
  });
});
