// What an operator of nodes, jobs and pools must not lose by a careless call.
import { describe, expect, test } from "bun:test";
import { secondsOf } from "../../src/handlers/moments.ts";
import { wallClock } from "../../src/handlers/node-logs.ts";
import { demo, told } from "./demo.ts";

describe("all guests of a node", () => {
  test.each([["start_all"], ["stop_all"], ["suspend_all"]])(
    "%s: an empty list of guests is not all of them",
    async (action) => {
      const { call, changes } = demo();
      for (const vms of ["", " , ", []]) {
        const answer = await call("node_bulk", { action, node: "pve1", vms });
        expect(answer).toMatchObject({ outcome: "error", reason: [expect.stringContaining("vms names no guest")] });
      }
      expect(changes).toEqual([]);
    },
  );

  test("a guest of another node is named before anything is sent, for PVE would pass over it", async () => {
    const { call, changes } = demo();
    const answer = await call("node_bulk", { action: "stop_all", node: "pve2", vms: "100,gitlab" });
    expect(answer.reason).toEqual(["vms: guest 100 is on pve1, not on pve2"]);
    expect(changes).toEqual([]);
  });

  test("a number that nobody knows is told as passed over", async () => {
    const { call } = demo();
    const answer = await call("node_bulk", { action: "start_all", node: "pve2", vms: "4711" });
    expect(answer.notes).toContain("PVE had nothing to do with 4711.");
  });
});

describe("a node that goes down", () => {
  test("is told with its guests, and that it is the one that answers", async () => {
    const { call, changes } = demo();
    const answer = await call("node_power", { action: "reboot", node: "pve1" });
    expect(answer).toMatchObject({ outcome: "ok", summary: "Node pve1 was told to reboot" });
    expect(answer.notes?.join("\n")).toContain("3 of its guests were running");
    expect(answer.notes?.join("\n")).toContain("the node that answers here");
    expect(changes).toEqual(["POST /nodes/pve1/status"]);
  });

  test("takes the quorum with it when another is away already, and the answer says so", async () => {
    const { answer } = await told(
      "node_power",
      { action: "shutdown", node: "pve2" },
      {
        "/cluster/status": [
          { type: "cluster", name: "c", quorate: 1 },
          { type: "node", name: "pve1", online: 1, local: 1 },
          { type: "node", name: "pve2", online: 1 },
          { type: "node", name: "pve3", online: 0 },
        ],
        "/cluster/resources": [],
      },
    );
    expect(answer.notes).toEqual([expect.stringContaining("1 of 3 nodes are online, and 2 are needed for quorum")]);
  });
});

describe("a job or a pool", () => {
  test.each([
    ["cluster_backup_job", { action: "create", storage: "local", schedule: "02:00", vmid: "" }],
    ["cluster_backup_job", { action: "create", storage: "local", schedule: "02:00", vmid: [] }],
    ["cluster_backup_job", { action: "create", storage: "local", schedule: "02:00", all: true, exclude: " " }],
    ["pool", { action: "update", poolid: "production", vms: "" }],
  ])("%s is not left without guests by an empty list: %j", async (name, given) => {
    const { call, changes } = demo();
    expect((await call(name, given)).reason?.[0]).toContain("names no guest");
    expect(changes).toEqual([]);
  });

  test("a backup job that saves a guest goes on saving it", async () => {
    const { call, record } = demo();
    await call("cluster_backup_job", {
      action: "create",
      id: "nightly",
      storage: "local",
      schedule: "02:00",
      vmid: "100",
    });
    expect(await call("cluster_backup_job", { action: "update", id: "nightly", vmid: "" })).toMatchObject({
      outcome: "error",
    });
    expect(await record("/cluster/backup/nightly")).toMatchObject({ vmid: "100" });
  });
});

test.each([[""], [" \n"]])("/etc/hosts is not emptied by %j", async (data) => {
  const { call, changes } = demo();
  expect((await call("node_config", { action: "set_hosts", node: "pve1", data })).reason?.[0]).toContain(
    "data is empty",
  );
  expect(changes).toEqual([]);
});

describe("an interface that gets its address by itself", () => {
  const bodies = (method: object) => ({
    "/network/vmbr0": { iface: "vmbr0", type: "bridge", method: "manual", method6: "manual", autostart: 1, ...method },
    "/network": [],
  });
  const update = { action: "update", node: "pve1", iface: "vmbr0", mtu: 9000 };

  test.each([
    [{ method: "dhcp" }, "cidr)"],
    [{ method6: "auto" }, "cidr6)"],
  ])("is not set to manual by a change of another key: %j", async (method, remedy) => {
    const { answer } = await told("node_network_iface", update, bodies(method));
    expect(answer).toMatchObject({ outcome: "error", kind: "arguments" });
    expect(answer.reason?.[0]).toContain(remedy);
  });

  test("is given an address of its own where the call has one", async () => {
    const { answer } = await told(
      "node_network_iface",
      { ...update, cidr: "192.0.2.7/24" },
      bodies({ method: "dhcp" }),
    );
    expect(answer.outcome).toBe("ok");
  });
});

describe("a moment", () => {
  test.each([["2026-02-30"], ["2027"], ["202611"], ["20261124"], ["2026-13-01"]])(
    "%s is refused and not guessed",
    (given) => {
      expect(() => secondsOf("expire", given)).toThrow();
    },
  );

  test.each([
    ["0", 0],
    ["2028-02-29", Date.UTC(2028, 1, 29) / 1000],
    ["2026-11-24T13:00+01:00", Date.UTC(2026, 10, 24, 12) / 1000],
    ["1795521600", 1_795_521_600],
  ])("%s is taken", (given, seconds) => {
    expect(secondsOf("expire", given)).toBe(seconds);
  });
});

test("a token whose secret is made anew is told as one whose users are locked out until they have it", async () => {
  const { call } = demo();
  await call("user_token", { action: "create", userid: "root@pam", tokenid: "ci" });
  const answer = await call("user_token", { action: "update", userid: "root@pam", tokenid: "ci", regenerate: true });
  expect(answer.notes?.join()).toContain("locked out until it has the new one");
});

describe("what this program signs in with", () => {
  const token = { userid: "root@pam", tokenid: "mcp" };

  test.each([
    ["user", { action: "delete", userid: "root@pam" }],
    ["user", { action: "update", userid: "root@pam", enable: false }],
    ["user", { action: "update", userid: "root@pam", expire: "2020-01-01" }],
    ["user_token", { action: "delete", ...token }],
    ["user_token", { action: "update", ...token, expire: "2020-01-01" }],
  ])("is not shut out by itself: %s %j", async (name, given) => {
    const { call, changes } = demo();
    expect((await call(name, given)).reason?.[0]).toContain("it would shut itself out");
    expect(changes).toEqual([]);
  });

  test("may be changed otherwise, and another token of the user may go", async () => {
    const { call, ask } = demo();
    expect(await call("user", { action: "update", userid: "root@pam", comment: "x" })).toMatchObject({ outcome: "ok" });
    expect(await call("user_token", { action: "update", ...token, expire: "2027-01-01" })).toMatchObject({
      outcome: "ok",
    });
    await ask("POST", "/access/users/root@pam/token/other");
    expect(await call("user_token", { action: "delete", ...token, tokenid: "other" })).toMatchObject({ outcome: "ok" });
  });

  test("gets a new secret, and the answer says where to put it", async () => {
    const { call } = demo();
    const answer = await call("user_token", { action: "update", ...token, regenerate: true });
    expect(answer.notes?.join()).toContain("set PROXMOX_TOKEN_VALUE");
  });
});

test.each([
  [Date.UTC(2026, 6, 1, 12), "Europe/Berlin", "2026-07-01 14:00:00"],
  [Date.UTC(2026, 11, 1, 12), "Europe/Berlin", "2026-12-01 13:00:00"],
  [Date.UTC(2026, 11, 1, 12), "Nowhere/Known", "2026-12-01 13:00:00"],
])("a log is asked for in the node's own time, of the season that it was written in: %d %s", (at, zone, said) => {
  expect(wallClock(at / 1000, zone, 3600)).toBe(said);
});

test("a host's name may have an underscore", async () => {
  const { call, record } = demo();
  await call("node_config", { action: "set_hosts", node: "pve1", ip: "192.0.2.77", name: "back_up" });
  expect(String((await record("/nodes/pve1/hosts")).data)).toContain("192.0.2.77 back_up\n");
});

test.each([["create"], ["update"]])("a user is not told as %sd with a group that isn't there", async (action) => {
  const { call, ask } = demo();
  const userid = action === "create" ? "new@pve" : "operator@pve";
  const before = await ask("GET", `/access/users/${userid}`);
  const answer = await call("user", { action, userid, comment: "x", groups: "operators,nosuch" });
  expect(answer.reason?.[0]).toContain("no such group 'nosuch'");
  expect(await ask("GET", `/access/users/${userid}`)).toEqual(before);
});

test("a role doesn't lose all of its privileges to an empty list", async () => {
  const { call, record } = demo();
  await call("role", { action: "create", roleid: "Ops", privs: "VM.Audit" });
  expect((await call("role", { action: "update", roleid: "Ops", privs: "" })).reason?.[0]).toContain("no privilege");
  expect(await record("/access/roles/Ops")).toMatchObject({ "VM.Audit": 1 });
});

test.each([["address"], ["cidr"], ["netmask"]])("an address that is deleted as %s is gone", async (name) => {
  const { call, record } = demo();
  await call("node_network_iface", { action: "update", node: "pve1", iface: "vmbr0", delete: name });
  const after = await record("/nodes/pve1/network/vmbr0");
  expect(after).toMatchObject({ method: "manual", gateway: "192.0.2.1" });
  expect(Object.keys(after)).not.toContain("cidr");
  expect(Object.keys(after)).not.toContain("address");
});
