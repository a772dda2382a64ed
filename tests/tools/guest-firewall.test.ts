// The firewall rules of guests of both kinds: `type` is the guest's, `rule_type` the rule's.
import { describe, expect, test } from "bun:test";
import { demo, told } from "./demo.ts";
import { guestRules } from "./recorded/firewall.ts";

describe.each([
  ["vm", 100, "/nodes/pve1/qemu/100/firewall"],
  ["lxc", 103, "/nodes/pve1/lxc/103/firewall"],
])("a rule of a guest of type %s", (type, vmid, path) => {
  const guest = { type, vmid };

  test("is created, listed, moved, changed and deleted", async () => {
    const { call, ask } = demo();
    const ssh = { action: "create", ...guest, rule_action: "ACCEPT", rule_type: "in", macro: "SSH", enable: 1 };
    const created = await call("guest_firewall_rule", ssh);
    expect(created.summary).toBe("Rule 0 was created");
    expect(created.notes?.join(" ")).toContain("The firewall of the guest is off");
    await call("guest_firewall_rule", { action: "create", ...guest, rule_action: "DROP", rule_type: "out" });
    expect((await call("guest_firewall_rule", { action: "list", ...guest })).rows).toHaveLength(2);
    const moved = await call("guest_firewall_rule", {
      action: "update",
      ...guest,
      pos: 1,
      moveto: 0,
      rule_type: "out",
    });
    expect(moved.changes).toContainEqual({ key: "type", old: "in", new: "out" });
    expect(await ask("GET", `${path}/rules/0`)).toMatchObject({ macro: "SSH", type: "out" });
    await call("guest_firewall_rule", { action: "delete", ...guest, pos: 0 });
    expect(await ask("GET", `${path}/rules`)).toMatchObject([{ action: "DROP", pos: 0 }]);
  });

  test("is disabled unless enable=1", async () => {
    const { call } = demo();
    const rule = { action: "create", ...guest, rule_action: "ACCEPT", rule_type: "in" };
    expect((await call("guest_firewall_rule", rule)).summary).toBe("Rule 0 was created, disabled");
  });

  test("needs its kind, which isn't the guest's", async () => {
    const { call, changes } = demo();
    const answer = await call("guest_firewall_rule", { action: "create", ...guest, rule_action: "ACCEPT" });
    expect(answer.reason?.[0]).toContain("rule_type is missing");
    expect(changes).toEqual([]);
  });
});

test("rules are those of the guest that a name means, as PVE has them", async () => {
  const given = { action: "get", vmid: "dns-01", pos: 1 };
  const [, rule] = guestRules;
  const { text } = await told("guest_firewall_rule", given, {
    "/cluster/resources": [{ type: "lxc", vmid: 220, name: "dns-01", node: "pve1", status: "running" }],
    "/lxc/220/firewall/rules/1": { ...rule, pos: "1" },
  });
  for (const [key, value] of Object.entries(rule ?? {})) {
    if (key !== "digest") expect(text).toContain(`${key}: ${value}`);
  }
});
