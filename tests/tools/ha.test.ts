// High availability: resources that the manager really brings where they are asked to be, and groups that are rules from PVE 9 on.
import { describe, expect, test } from "bun:test";
import { demo, told } from "./demo.ts";
import { haCurrent, haManager, haResources, haRules } from "./recorded/cluster.ts";

const create = (sid: unknown, more = {}) => ({ action: "create", sid, ...more });

describe("an HA resource", () => {
  test.each([[100], ["100"], ["vm:100"], ["web-01"]])("is made of %p", async (sid) => {
    const { call, record } = demo();
    const answer = await call("ha_resource", create(sid, { comment: "shop", max_restart: 2 }));
    expect(answer).toMatchObject({ outcome: "ok", summary: "HA resource vm:100 is started on pve1" });
    expect(await record("/cluster/ha/resources/vm:100")).toMatchObject({ comment: "shop", max_restart: 2 });
    expect((await call("ha_resource", { action: "get", sid })).record).toMatchObject({ sid: "vm:100", type: "vm" });
  });

  test("is waited for until the manager has brought it where it is to be", async () => {
    const { call, record } = demo({ timed: true });
    await call("ha_resource", create("web-01"));
    const answer = await call("ha_resource", { action: "update", sid: "web-01", state: "stopped" });
    expect(answer).toMatchObject({ outcome: "ok", summary: "HA resource vm:100 is stopped on pve1" });
    expect(answer.changes).toEqual([{ key: "state", old: "started", new: "stopped" }]);
    expect(await record("/nodes/pve1/qemu/100/status/current")).toMatchObject({ status: "stopped" });
  });

  test("that isn't there yet when the waiting ends is told as that", async () => {
    const { call } = demo({ timed: true });
    await call("ha_resource", create("web-01"));
    const answer = await call("ha_resource", { action: "update", sid: "web-01", state: "stopped", wait: 0 });
    expect(answer.summary).toBe(
      "HA resource vm:100 is to be stopped; the HA manager has it as request_stop so far on pve1",
    );
  });

  test("in the state error is a failure with the way out", async () => {
    const broken = [{ sid: "vm:100", state: "error", request_state: "started", node: "pve1", type: "service" }];
    const bodies = { "/ha/status/current": broken, "/ha/resources/vm:100": { sid: "vm:100", state: "started" } };
    const { answer } = await told("ha_resource", { action: "update", sid: "vm:100", max_restart: 3 }, bodies);
    expect(answer).toMatchObject({ outcome: "failed", record: { state: "error" } });
    expect(answer.reason?.[0]).toContain("state=disabled");
  });

  test("is deleted with what it had, and the guest stays", async () => {
    const { call, record, ask } = demo();
    await call("ha_resource", create("web-01", { comment: "shop" }));
    const answer = await call("ha_resource", { action: "delete", sid: "web-01" });
    expect(answer.changes).toContainEqual({ key: "comment", old: "shop" });
    expect(await ask("GET", "/cluster/ha/resources")).toEqual([]);
    expect(await record("/nodes/pve1/qemu/100/status/current")).toMatchObject({ status: "running" });
    const again = await call("ha_resource", { action: "delete", sid: 100 });
    expect(again.reason?.[0]).toBe("no such resource 'vm:100'");
  });

  test("takes a group on PVE 8, and from 9 on says what to use instead before anything is sent", async () => {
    const eight = demo({ release: "8.4" });
    await eight.call("ha_group", { action: "create", group: "both", nodes: "pve1,pve2" });
    await eight.call("ha_resource", create("web-01", { group: "both" }));
    expect(await eight.record("/cluster/ha/resources/vm:100")).toMatchObject({ group: "both" });
    const nine = demo();
    const refused = await nine.call("ha_resource", create("web-01", { group: "both" }));
    expect(refused.reason?.[0]).toContain("proxmox_ha_group action=create or update with resources=vm:100");
    expect(nine.changes).toEqual([]);
  });
});

describe("the HA status", () => {
  test("is the manager's own and no directory index", async () => {
    const bodies = { "/status/current": haCurrent, "/status/manager_status": haManager };
    const { answer, text } = await told("ha_resource", { action: "status" }, bodies);
    const services = haCurrent.filter(({ type }) => type === "service");
    expect(answer.summary).toStartWith(
      `HA: quorum OK, master ${haManager.manager_status.master_node}, ${services.length} resources`,
    );
    for (const { sid, status } of services)
      expect(text).toMatch(new RegExp(`service:${sid} .*${status.replace(/[()]/g, ".")}`));
    const lost = Object.entries(haManager.manager_status.node_status).filter(([, state]) => state !== "online");
    expect(answer.notes).toEqual(lost.map(([node, state]) => `The HA manager holds ${node} for ${state}.`));
  });

  test("of a cluster without resources has no master", async () => {
    expect((await demo().call("ha_resource", { action: "status" })).summary).toBe(
      "HA: quorum OK, no master, 0 resources",
    );
  });

  test("lists what it keeps", async () => {
    const { answer } = await told("ha_resource", { action: "list" }, { "/cluster/ha/resources": haResources });
    expect(answer.rows?.map(({ sid, state }) => ({ sid, state }))).toEqual(
      haResources.map(({ sid, state }) => ({ sid, state })),
    );
  });
});

describe("an HA group from PVE 9 on", () => {
  const given = { action: "create", group: "front", nodes: "pve2:2,pve1:1", restricted: true, nofailback: true };

  test("is a rule of the type node-affinity, with its flags by their new names, and the answer says so", async () => {
    const { call, record } = demo();
    await call("ha_resource", create("web-01"));
    const answer = await call("ha_group", { ...given, resources: "web-01", comment: "shop" });
    expect(answer.summary).toStartWith("HA rule front (a group up to PVE 8, node-affinity from 9 on) was created");
    expect(await record("/cluster/ha/rules/front")).toMatchObject({
      type: "node-affinity",
      nodes: "pve2:2,pve1:1",
      resources: "vm:100",
      strict: 1,
      comment: "shop",
    });
    expect(await record("/cluster/ha/resources/vm:100")).toMatchObject({ failback: 0 });
    expect(answer.notes).toEqual(["HA resource vm:100: failback is false."]);
  });

  test("asks for the resources that a rule needs, before anything is sent", async () => {
    const { call, changes } = demo();
    expect((await call("ha_group", given)).reason?.[0]).toStartWith("resources is missing");
    expect(changes).toEqual([]);
  });

  test("moves what it names to its best node", async () => {
    const { call, record } = demo();
    await call("ha_resource", create("gitlab"));
    await call("ha_group", { ...given, nofailback: false, nodes: "pve3", resources: "gitlab" });
    const moved = await record("/nodes/pve3/qemu/110/status/current");
    expect(moved).toMatchObject({ status: "running" });
  });

  test("is changed under its own type, with old and new", async () => {
    const { call, record } = demo();
    await call("ha_resource", create("web-01"));
    await call("ha_group", { ...given, resources: "vm:100", comment: "old" });
    const changed = {
      action: "update",
      group: "front",
      nodes: "pve1",
      restricted: 0,
      nofailback: 0,
      delete: "comment",
    };
    const answer = await call("ha_group", changed);
    expect(answer.changes).toContainEqual({ key: "nodes", old: "pve2:2,pve1:1", new: "pve1" });
    expect(answer.changes).toContainEqual({ key: "strict", old: 1, new: 0 });
    expect(answer.changes).toContainEqual({ key: "comment", old: "old", new: undefined });
    expect(await record("/cluster/ha/rules/front")).toMatchObject({ nodes: "pve1", strict: 0, resources: "vm:100" });
    expect(await record("/cluster/ha/resources/vm:100")).toMatchObject({ failback: 1 });
  });

  test("that another rule makes impossible is told with PVE's reason", async () => {
    const { call, ask } = demo();
    for (const name of ["web-01", "web-02"]) await call("ha_resource", create(name));
    const sids = ((await call("ha_resource", { action: "list" })).rows ?? []).map(({ sid }) => sid).join(",");
    await ask("POST", "/cluster/ha/rules", {
      rule: "apart",
      type: "resource-affinity",
      resources: sids,
      affinity: "negative",
    });
    const answer = await call("ha_group", { ...given, resources: "web-01" });
    expect(answer.outcome).toBe("error");
    expect(answer.reason?.[0]).toContain("cannot be in a node affinity rule with multiple priorities");
    const list = await call("ha_group", { action: "list" });
    expect(list.notes).toEqual(["1 rules of the type resource-affinity are not shown."]);
  });

  test("is deleted when it is there, and an unknown one is an error though PVE answers 200", async () => {
    const { call, ask } = demo();
    await call("ha_resource", create("web-01"));
    await call("ha_group", { ...given, resources: "web-01" });
    const answer = await call("ha_group", { action: "delete", group: "front" });
    expect(answer.changes).toContainEqual({ key: "nodes", old: "pve2:2,pve1:1" });
    expect(await ask("GET", "/cluster/ha/rules")).toEqual([]);
    const again = await call("ha_group", { action: "delete", group: "front" });
    expect(again).toMatchObject({ outcome: "error", reason: expect.arrayContaining(["no such ha rule 'front'"]) });
  });

  test("is listed as the rules of a genuine cluster are", async () => {
    const bodies = { "/version": { version: "9.2.11", release: "9.2" }, "/cluster/ha/rules": haRules };
    const { answer } = await told("ha_group", { action: "list" }, bodies);
    const { digest: _digest, order: _order, ...rule } = haRules[0] ?? { digest: "", order: 0 };
    expect(answer.rows).toEqual([rule]);
  });
});

describe("an HA group of PVE 8", () => {
  test("is a group: made, changed, read, deleted", async () => {
    const { call, record, ask } = demo({ release: "8.4" });
    const made = await call("ha_group", { action: "create", group: "front", nodes: "pve1:2,pve2", nofailback: 1 });
    expect(made.summary).toBe("HA group front was created");
    expect(await record("/cluster/ha/groups/front")).toMatchObject({ nodes: "pve1:2,pve2", nofailback: 1 });
    const changed = await call("ha_group", {
      action: "update",
      group: "front",
      restricted: true,
      delete: "nofailback",
    });
    expect(changed.changes).toContainEqual({ key: "restricted", old: undefined, new: 1 });
    expect(changed.changes).toContainEqual({ key: "nofailback", old: 1, new: undefined });
    expect((await call("ha_group", { action: "list" })).summary).toBe("1 HA groups");
    expect((await call("ha_group", { action: "get", group: "front" })).record).toMatchObject({ restricted: 1 });
    await call("ha_group", { action: "delete", group: "front" });
    expect(await ask("GET", "/cluster/ha/groups")).toEqual([]);
  });

  test("takes resources, and tells which could not be put into it", async () => {
    const { call, record } = demo({ release: "8.4" });
    await call("ha_resource", create("web-01"));
    const answer = await call("ha_group", {
      action: "create",
      group: "front",
      nodes: "pve1",
      resources: "web-01,vm:999",
    });
    expect(answer.outcome).toBe("warnings");
    expect(answer.notes).toEqual([
      "HA resource vm:100: group is front.",
      "HA resource vm:999 was not changed: update resources config failed: no such resource 'vm:999'",
    ]);
    expect(await record("/cluster/ha/resources/vm:100")).toMatchObject({ group: "front" });
  });
});
