// A node's services, clock, name servers and hosts file: changed here, read back from the embedded cluster itself.
import { describe, expect, test } from "bun:test";
import { withEntry } from "../../src/handlers/hosts-file.ts";
import { demo, told } from "./demo.ts";
import { hosts, vienna } from "./recorded/nodes.ts";

const node = "pve1";

describe("a service", () => {
  test.each([
    ["stop", "dead"],
    ["start", "running"],
    ["restart", "running"],
    ["reload", "running"],
  ])("is told to %s by its own path, and its state is read afterwards", async (command, state) => {
    const { call, changes, record } = demo();
    const answer = await call("node_service", { action: "control", node, service: "cron", command });
    expect(answer).toMatchObject({ outcome: "ok", record: { name: "cron", state } });
    expect(changes).toEqual([`POST /nodes/pve1/services/cron/${command}`]);
    expect(await record("/nodes/pve1/services/cron/state")).toMatchObject({ state });
  });

  test("that can't be started or stopped is told with PVE's reason", async () => {
    const { call } = demo();
    const masked = await call("node_service", { action: "control", node, service: "chrony", command: "start" });
    expect(masked).toMatchObject({
      outcome: "failed",
      reason: ["command 'systemctl start chrony' failed: exit code 1"],
    });
    expect(masked.task?.log?.[0]).toContain("Unit chrony.service is masked");
    const essential = await call("node_service", { action: "control", node, service: "pvedaemon", command: "stop" });
    expect(essential.reason?.[0]).toContain("refusing to stop essential service");
  });

  test("takes no other command", async () => {
    const { call, changes } = demo();
    const answer = await call("node_service", { action: "control", node, service: "cron", command: "../../status" });
    expect(answer.kind).toBe("arguments");
    expect(changes).toEqual([]);
  });
});

describe("the time of a node", () => {
  test("is told in its zone and in UTC", async () => {
    const { answer } = await told("node_config", { action: "get_time", node: "pve3" }, { "/time": vienna });
    expect(String(answer.record?.local)).toMatch(/T.*\+01:00$/);
    expect(Date.parse(String(answer.record?.local)) / 1000).toBe(vienna.time);
    expect(Date.parse(String(answer.record?.utc)) / 1000).toBe(vienna.time);
  });

  test("has a zone that can be set, old and new are told", async () => {
    const { call, record } = demo();
    const answer = await call("node_config", { action: "set_time", node, timezone: "Europe/Vienna" });
    expect(answer.changes).toEqual([{ key: "timezone", old: "Etc/UTC", new: "Europe/Vienna" }]);
    expect(await record("/nodes/pve1/time")).toMatchObject({ timezone: "Europe/Vienna" });
    const wrong = await call("node_config", { action: "set_time", node, timezone: "Nope/Zone" });
    expect(wrong.reason?.join(" ")).toContain("No such timezone");
  });

  test("can't be set itself, and the answer says what keeps it", async () => {
    const { call, changes } = demo();
    const answer = await call("node_config", { action: "set_time", node, time: 1_795_500_000, timezone: "Etc/UTC" });
    expect(answer.reason?.[0]).toContain("chrony");
    expect(changes).toEqual([]);
  });
});

describe("the name servers of a node", () => {
  test("keep what isn't given, the search domain above all", async () => {
    const { call, record } = demo();
    const answer = await call("node_config", { action: "set_dns", node, dns2: "192.0.2.9" });
    expect(answer.changes).toEqual([{ key: "dns2", new: "192.0.2.9" }]);
    expect(await record("/nodes/pve1/dns")).toEqual({ search: "demo.test", dns1: "192.0.2.1", dns2: "192.0.2.9" });
  });

  test("lose the one that is to be deleted alone", async () => {
    const { call, record } = demo();
    await call("node_config", { action: "set_dns", node, dns2: "192.0.2.9" });
    const answer = await call("node_config", { action: "set_dns", node, delete: "dns2" });
    expect(answer.changes).toEqual([{ key: "dns2", old: "192.0.2.9" }]);
    expect(await record("/nodes/pve1/dns")).toEqual({ search: "demo.test", dns1: "192.0.2.1" });
  });

  test.each([{ delete: "search" }, { delete: "dns2", dns2: "192.0.2.9" }])("refuse %o", async (given) => {
    const { call, changes } = demo();
    expect((await call("node_config", { action: "set_dns", node, ...given })).kind).toBe("arguments");
    expect(changes).toEqual([]);
  });
});

describe("the hosts file of a node", () => {
  const text = async ({ record }: ReturnType<typeof demo>) => String((await record("/nodes/pve1/hosts")).data);

  test("is shown as it stands", async () => {
    const { answer } = await told("node_config", { action: "get_hosts", node }, { "/hosts": hosts });
    expect(answer.lines).toEqual(hosts.data.trimEnd().split("\n"));
    expect(answer.notes).toEqual([`digest: ${hosts.digest}`]);
  });

  test("gets one more line, and keeps the others", async () => {
    const cluster = demo();
    const before = await text(cluster);
    const given = { action: "set_hosts", node, ip: "192.0.2.50", name: "db.demo.test db", comment: "database" };
    const answer = await cluster.call("node_config", given);
    const line = "192.0.2.50 db.demo.test db # database";
    expect(answer).toMatchObject({ outcome: "ok", changes: [{ key: "line", new: line }] });
    expect(await text(cluster)).toBe(`${before}${line}\n`);
    expect(answer.notes?.[0]).toContain("comment");
  });

  test("is not written over a change that came in between", async () => {
    const cluster = demo();
    const given = { action: "set_hosts", node, ip: "192.0.2.50", name: "db", digest: "0".repeat(40) };
    expect((await cluster.call("node_config", given)).outcome).toBe("error");
    expect(await text(cluster)).not.toContain("192.0.2.50");
  });

  test("can be given as a whole", async () => {
    const cluster = demo();
    const data = "127.0.0.1 localhost\n192.0.2.11 pve1\n";
    expect((await cluster.call("node_config", { action: "set_hosts", node, data })).outcome).toBe("ok");
    expect(await text(cluster)).toBe(data);
  });

  test.each([
    { ip: "192.0.2.50" },
    { ip: "192.0.2.50", name: "a\n192.0.2.51 b" },
    { ip: "192.0.2.50", name: "a", comment: "x\n192.0.2.51 b" },
    { ip: "192.0.2.50", name: "a", data: "x" },
    {},
  ])("refuses %o", async (given) => {
    const { call, changes } = demo();
    expect((await call("node_config", { action: "set_hosts", node, ...given })).kind).toBe("arguments");
    expect(changes).toEqual([]);
  });

  test.each([
    ["10.0.0.1 a\n", { ip: "10.0.0.2", names: ["b"] }, "10.0.0.1 a\n10.0.0.2 b\n"],
    ["10.0.0.1 a x\n", { ip: "10.0.0.1", names: ["a", "b"] }, "10.0.0.1 x a b\n"],
    ["10.0.0.1 a # old\n", { ip: "10.0.0.1", names: ["a"], comment: "new" }, "10.0.0.1 a # new\n"],
    ["10.0.0.1 a\n10.0.0.9 z\n", { ip: "10.0.0.2", names: ["a"] }, "10.0.0.2 a\n10.0.0.9 z\n"],
    ["10.0.0.1 a b\n", { ip: "10.0.0.2", names: ["a"] }, "10.0.0.1 b\n10.0.0.2 a\n"],
    [
      "::1 localhost\n# localhost\n",
      { ip: "127.0.0.1", names: ["localhost"] },
      "::1 localhost\n# localhost\n127.0.0.1 localhost\n",
    ],
  ])("edits %j", (before, entry, after) => {
    expect(withEntry(before, entry)).toBe(after);
  });
});
