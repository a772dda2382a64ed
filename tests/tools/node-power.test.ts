// All guests of a node at once, its power, and replication jobs: what became of each guest, not of the task alone.
import { describe, expect, test } from "bun:test";
import { movableClock } from "../../src/simulator/engine/clock.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { type Demo, demo, told } from "./demo.ts";
import { failedJob, startedAll, syncedJob } from "./recorded/nodes.ts";

const node = "pve1";

/** The guests of a node by their state in PVE's list. */
async function states({ ask }: Demo, on = node): Promise<Record<number, string>> {
  const rows = (await ask("GET", "/cluster/resources", { type: "vm" })) as {
    vmid: number;
    node: string;
    status: string;
  }[];
  return Object.fromEntries(rows.filter((row) => row.node === on).map(({ vmid, status }) => [vmid, status]));
}

describe("the guests of a node", () => {
  test("are stopped and started by number and name, and the answer has a task for each", async () => {
    const cluster = demo();
    const stopped = await cluster.call("node_bulk", { action: "stop_all", node, vms: "web-01, 103" });
    expect(stopped).toMatchObject({ outcome: "ok", summary: "2 of 2 guests of pve1 are done" });
    expect(stopped.rows?.map(({ id, type, status }) => `${id} ${type} ${status}`).sort()).toEqual([
      "100 qmshutdown OK",
      "103 vzshutdown OK",
    ]);
    expect(await states(cluster)).toMatchObject({ 100: "stopped", 102: "running", 103: "stopped" });
    expect((await cluster.call("node_bulk", { action: "start_all", node })).summary).toBe(
      "2 of 2 guests of pve1 are done",
    );
    expect(await states(cluster)).toMatchObject({ 100: "running", 103: "running", 120: "stopped" });
  });

  test("that don't start at boot are started with force alone", async () => {
    const cluster = demo();
    const none = await cluster.call("node_bulk", { action: "start_all", node, vms: 120 });
    expect(none).toMatchObject({ outcome: "ok", summary: "Nothing was to be done with the guests of pve1" });
    await cluster.call("node_bulk", { action: "start_all", node, vms: 120, force: true });
    expect(await states(cluster)).toMatchObject({ 120: "running" });
  });

  test("that fail are told though PVE's task ends well", async () => {
    const cluster = demo();
    const answer = await cluster.call("node_bulk", { action: "start_all", node: "pve3", vms: 113, force: true });
    expect(answer).toMatchObject({ outcome: "failed", reason: ["113: bridge 'vmbr9' does not exist"] });
    expect(answer.task?.exitstatus).toBe("OK");
  });

  test("leave one at a time unless told, and those that can't leave are told", async () => {
    const cluster = demo();
    const answer = await cluster.call("node_bulk", { action: "migrate_all", node, target: "pve2" });
    expect(answer).toMatchObject({
      outcome: "warnings",
      summary: "2 of 4 guests of pve1 are done, PVE skipped 100, 102",
    });
    expect(answer.notes?.join("\n")).toContain("Has local disks: local-lvm:vm-100-disk-0");
    expect(await states(cluster)).toMatchObject({ 100: "running", 102: "running" });
    expect(await states(cluster, "pve2")).toMatchObject({ 103: "running", 120: "stopped" });
    const given = { action: "migrate_all", node, target: "pve2", vms: "100", maxworkers: 2, "with-local-disks": true };
    expect((await cluster.call("node_bulk", given)).outcome).toBe("ok");
    expect(await states(cluster, "pve2")).toMatchObject({ 100: "running" });
  });

  test("are suspended to disk", async () => {
    const cluster = demo();
    expect((await cluster.call("node_bulk", { action: "suspend_all", node, vms: 100 })).outcome).toBe("ok");
    expect(await cluster.record("/nodes/pve1/qemu/100/config")).toMatchObject({ lock: "suspended" });
  });

  test("are those that the task's own log names", async () => {
    const upid = "UPID:pve2:00001323:0005BAD6:6B0599B7:startall::root@pam!mcp:";
    const started = {
      upid: upid.replace("startall:", "qmstart:140"),
      id: "140",
      type: "qmstart",
      status: "OK",
      starttime: 0x6b0599b7,
    };
    const bodies = {
      "/startall": upid,
      "/status": { status: "stopped", exitstatus: "OK" },
      "/log": startedAll,
      "/tasks": [started],
    };
    const { answer } = await told("node_bulk", { action: "start_all", node: "pve2" }, bodies);
    expect(answer.summary).toBe("1 of 1 guests of pve2 are done");
  });
});

/** The demo's cluster on a clock that is moved by hand. */
function byHand() {
  const clock = movableClock(Date.UTC(2026, 10, 24, 12));
  return { ...demo({ simulator: createSimulator({ clock, seed: 1 }) }), pass: clock.move };
}

describe("the power of a node", () => {
  test.each([
    ["shutdown", "offline"],
    ["reboot", "online"],
  ])("is changed by %s", async (action, status) => {
    const cluster = byHand();
    const answer = await cluster.call("node_power", { action, node: "pve3" });
    expect(answer).toMatchObject({ outcome: "ok", notes: [expect.stringContaining("guests were running")] });
    expect(cluster.changes).toEqual(["POST /nodes/pve3/status"]);
    cluster.pass(120_000);
    const nodes = (await cluster.ask("GET", "/nodes")) as { node: string; status: string; uptime?: number }[];
    expect(nodes[2]).toMatchObject({ node: "pve3", status });
    if (action === "reboot") expect(nodes[2]?.uptime).toBeLessThan(120);
  });

  test("comes back by a magic packet, and its address is told", async () => {
    const cluster = byHand();
    await cluster.call("node_power", { action: "shutdown", node: "pve3" });
    cluster.pass(60_000);
    const answer = await cluster.call("node_power", { action: "wakeonlan", node: "pve3" });
    expect(answer.record).toEqual({ node: "pve3", mac: "bc:24:11:00:00:03" });
    cluster.pass(120_000);
    expect((await cluster.call("node", { action: "list" })).summary).toBe("3 nodes");
  });

  test("needs more than reading", async () => {
    const cluster = demo({ policy: { elevated: true, readOnly: false, deny: ["destroy"] } });
    expect((await cluster.call("node_power", { action: "shutdown", node })).outcome).toBe("denied");
    expect(cluster.changes).toEqual([]);
  });
});

describe("a replication job", () => {
  test.each([
    [syncedJob, "in sync"],
    [failedJob, "failed"],
  ])("shows its last run: %#", async (body, state) => {
    const bodies = { "/status": body, "/cluster/resources": [] };
    const { answer, text } = await told("node_replication", { action: "status", node: "pve2", id: body.id }, bodies);
    expect(answer.record).toMatchObject({ id: body.id, state, fail_count: body.fail_count });
    if (body.last_sync > 0) expect(text).toContain(new Date(body.last_sync * 1000).toISOString().slice(0, 19));
    else expect(answer.record).not.toHaveProperty("last_sync");
  });

  test.each(["../../qemu/100/config", "100-0/../..", "x"])("has an id that is one: %s", async (id) => {
    const { call, changes } = demo();
    expect((await call("node_replication", { action: "schedule", node, id })).kind).toBe("arguments");
    expect(changes).toEqual([]);
  });

  test("runs when it is told to, on the node of its guest, and its log is there", async () => {
    const cluster = demo({ timed: true });
    const { simulator, ask, call } = cluster;
    simulator.state.replicating.push("lvmthin");
    expect(
      await ask("POST", "/cluster/replication", { id: "100-0", type: "local", target: "pve2", schedule: "yearly" }),
    ).toBeNull();
    const before = await call("node_replication", { action: "status", id: "100-0" });
    expect(before.record).toMatchObject({ state: "has not run yet", source: "pve1" });
    const answer = await call("node_replication", { action: "schedule", id: "100-0", node: "pve3", wait: 600 });
    expect(answer).toMatchObject({ outcome: "ok", summary: "Job 100-0 has run", record: { state: "in sync" } });
    expect(cluster.changes.at(-1)).toBe("POST /nodes/pve1/replication/100-0/schedule_now");
    const log = await call("node_replication", { action: "log", id: "100-0" });
    expect(log.lines?.at(-1)).toContain("end replication job");
    expect(await cluster.record("/nodes/pve1/replication/100-0/status")).toMatchObject({
      fail_count: 0,
      last_sync: expect.any(Number),
    });
  });

  test("that fails is told as failed, and one that hasn't ended as that", async () => {
    const { simulator, ask, call } = demo({ timed: true });
    simulator.state.replicating.push("lvmthin");
    await ask("POST", "/cluster/replication", { id: "100-0", type: "local", target: "pve2", schedule: "yearly" });
    const waiting = await call("node_replication", { action: "schedule", id: "100-0", wait: 1 });
    expect(waiting.summary).toBe("Job 100-0 is to run within a minute; it has not ended yet");
    const pve2 = simulator.state.nodes.pve2;
    if (pve2) pve2.online = false;
    const failed = await call("node_replication", { action: "schedule", id: "100-0", wait: 600 });
    expect(failed).toMatchObject({ outcome: "failed", reason: [expect.stringContaining("No route to host")] });
  });
});
