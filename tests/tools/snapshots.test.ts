// Snapshots: the tree that they are, and what becomes of a guest that goes back to one.
import { describe, expect, test } from "bun:test";
import { moment } from "../../src/server/units.ts";
import { demo, told } from "./demo.ts";
import { snapshots } from "./recorded/guests.ts";

const list = (body: unknown) =>
  told(
    "guest_snapshot",
    { action: "list", vmid: 102 },
    {
      "/cluster/resources": [{ type: "qemu", vmid: 102, name: "app1", node: "pve1", status: "running" }],
      "/snapshot": body,
    },
  );

describe("the list", () => {
  test("is the tree of a genuine answer, with where the guest is now", async () => {
    const { answer, text } = await list(snapshots);
    expect(answer.summary).toBe("2 snapshots of VM 102 (app1); it goes on from s2");
    expect(answer.rows?.map(({ tree }) => tree)).toEqual(["s1", "-s2", "--current"]);
    for (const { name, snaptime } of snapshots) {
      if (snaptime !== undefined) expect(text).toMatch(new RegExp(`-*${name} \\| ${name} \\| .*${moment(snaptime)}`));
    }
  });

  test("of a guest without any is no error", async () => {
    const { answer } = await list([{ name: "current", description: "You are here!", running: 0 }]);
    expect(answer).toMatchObject({ outcome: "ok", summary: "0 snapshots of VM 102 (app1)" });
  });

  test("loses no snapshot whose parent is gone, that is its own, or that is not finished", async () => {
    const odd = [
      { name: "a1", parent: "gone", snaptime: 2 },
      { name: "b1", parent: "b1", snaptime: 1, snapstate: "prepare" },
      { name: "current" },
    ];
    const { answer } = await list(odd);
    expect(answer.rows?.map(({ tree, snapstate }) => [tree, snapstate])).toEqual([
      ["b1", "prepare"],
      ["a1", undefined],
      ["current", undefined],
    ]);
  });

  test("is basic: it needs no elevated permission", async () => {
    const { call } = demo({ policy: { elevated: false, readOnly: false, deny: [] } });
    expect((await call("guest_snapshot", { action: "list", vmid: 100 })).outcome).toBe("ok");
    expect((await call("guest_snapshot", { action: "rollback", vmid: 100, snapname: "xx" })).outcome).toBe("denied");
  });
});

describe("a snapshot", () => {
  test("is taken with its description, and with the VM's memory", async () => {
    const { call, record } = demo();
    const answer = await call("guest_snapshot", {
      action: "create",
      vmid: 100,
      snapname: "before",
      description: "x y",
      vmstate: true,
    });
    expect(answer).toMatchObject({ outcome: "ok", record: { name: "before", description: "x y", vmstate: 1 } });
    expect(await record("/nodes/pve1/qemu/100/snapshot/before/config")).toMatchObject({
      description: "x y",
      vmstate: expect.stringContaining("state-before"),
    });
  });

  test("of a VM that doesn't run holds no memory, and the answer says so", async () => {
    const answer = await demo().call("guest_snapshot", { action: "create", vmid: 111, snapname: "before", vmstate: 1 });
    expect(answer).toMatchObject({
      outcome: "ok",
      record: { vmstate: 0 },
      notes: [expect.stringContaining("did not run")],
    });
  });

  test.each([
    [100, "pve1/qemu/100", "web-changed", "name"],
    [121, "pve3/lxc/121", "ct-changed", "hostname"],
  ])("brings %i back to what it was", async (vmid, path, name, key) => {
    const { call, ask, record } = demo();
    const before = (await record(`/nodes/${path}/config`))[key];
    await call("guest_snapshot", { action: "create", vmid, snapname: "before" });
    await ask("PUT", `/nodes/${path}/config`, { [key]: name });
    const answer = await call("guest_snapshot", { action: "rollback", vmid, snapname: "before" });
    expect(answer).toMatchObject({ outcome: "ok", record: { status: "stopped" } });
    expect(answer.summary).toEndWith("is what it was at before, and stopped");
    expect((await record(`/nodes/${path}/config`))[key]).toBe(before);
  });

  test("with memory brings it back running, and one may be started", async () => {
    const { call, record } = demo();
    await call("guest_snapshot", { action: "create", vmid: 100, snapname: "ram", vmstate: true });
    const answer = await call("guest_snapshot", { action: "rollback", vmid: 100, snapname: "ram" });
    expect(answer.summary).toBe("VM 100 (web-01) is what it was at ram, and running");
    expect(answer.notes?.[0]).toContain("half a minute");
    await call("guest_snapshot", { action: "create", vmid: 111, snapname: "cold" });
    await call("guest_snapshot", { action: "rollback", vmid: 111, snapname: "cold", start: true });
    expect(await record("/nodes/pve3/qemu/111/status/current")).toMatchObject({ status: "running" });
  });

  test("that is deleted is gone, tells what it was and what is left", async () => {
    const { call, ask } = demo();
    for (const snapname of ["s1", "s2"]) await call("guest_snapshot", { action: "create", vmid: 111, snapname });
    const answer = await call("guest_snapshot", { action: "delete", vmid: 111, snapname: "s1" });
    expect(answer).toMatchObject({ outcome: "ok", notes: ["Left: s2."] });
    expect(answer.changes).toContainEqual({ key: "snaptime", old: expect.any(Number) });
    const names = (await ask("GET", "/nodes/pve3/qemu/111/snapshot")) as { name: string; parent?: string }[];
    expect(names.map(({ name, parent }) => [name, parent])).toEqual([
      ["s2", undefined],
      ["current", "s2"],
    ]);
  });

  test("that isn't there is deleted by nobody, and gone back to by nobody", async () => {
    const { call, changes } = demo();
    const gone = await call("guest_snapshot", { action: "delete", vmid: 111, snapname: "no" });
    expect(gone).toMatchObject({ outcome: "error", reason: ["snapshot 'no' does not exist", expect.any(String)] });
    expect(changes).toEqual([]);
    const back = await call("guest_snapshot", { action: "rollback", vmid: 111, snapname: "no" });
    expect(back).toMatchObject({ outcome: "failed", reason: ["snapshot 'no' does not exist"] });
  });

  test("of a storage that can't is told in PVE's words", async () => {
    const { call } = demo();
    await call("create_vm", { node: "pve1", vmid: 200, scsi0: "shared-nfs:1,format=raw" });
    const answer = await call("guest_snapshot", { action: "create", vmid: 200, snapname: "s1" });
    expect(answer).toMatchObject({ outcome: "failed", reason: ["snapshot feature is not available"] });
  });
});
