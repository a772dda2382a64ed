// The cluster's firewall: rules by their shifting positions, groups and the rules in them, options old and new.
import { describe, expect, test } from "bun:test";
import { demo, told } from "./demo.ts";
import { groupRules, guestRules, macros } from "./recorded/firewall.ts";

const rule = { rule_action: "ACCEPT", type: "in", proto: "tcp" };
/** Three rules, all in force: 22, 80, 443. */
async function withRules() {
  const side = demo();
  for (const dport of ["443", "80", "22"])
    await side.call("cluster_firewall_rule", { action: "create", ...rule, dport, enable: 1 });
  const ports = async () => {
    const rows = await side.ask("GET", "/cluster/firewall/rules");
    return Array.isArray(rows) ? rows.map(({ dport }) => dport) : rows;
  };
  return { ...side, ports };
}

describe("a new rule", () => {
  test("is first and disabled unless enable=1, and the answer says so", async () => {
    const { call, ask } = demo();
    await call("cluster_firewall_rule", { action: "create", ...rule, dport: "80", enable: 1 });
    const answer = await call("cluster_firewall_rule", { action: "create", ...rule, dport: "22" });
    expect(answer.summary).toBe("Rule 0 was created, disabled");
    expect(answer.record).toMatchObject({ pos: 0, enable: 0, dport: "22" });
    expect(answer.notes?.join(" ")).toMatch(/enable=1 .* moved down by one/);
    expect(await ask("GET", "/cluster/firewall/rules/0")).toMatchObject({ dport: "22", enable: 0 });
  });

  test("in force says when the firewall is off", async () => {
    const { call } = demo();
    const create = () => call("cluster_firewall_rule", { action: "create", ...rule, dport: "22", enable: 1 });
    expect((await create()).notes).toContain("The firewall of the cluster is off: no rule is in force.");
    await call("cluster_firewall", { action: "update_options", enable: 1 });
    expect((await create()).notes).toEqual(["The rules behind it have moved down by one position."]);
  });

  test("comes to stand at pos, where PVE alone would put it first", async () => {
    const { call, ports } = await withRules();
    const answer = await call("cluster_firewall_rule", { action: "create", ...rule, dport: "8443", pos: 2 });
    expect(answer.record?.pos).toBe(2);
    expect(await ports()).toEqual(["22", "80", "8443", "443"]);
    const last = await call("cluster_firewall_rule", { action: "create", ...rule, dport: "9", pos: 50 });
    expect(last.record?.pos).toBe(4);
  });

  test("with a port needs its protocol, and nothing is sent without", async () => {
    const { call, changes } = demo();
    const { proto: _proto, ...without } = rule;
    const answer = await call("cluster_firewall_rule", { action: "create", ...without, dport: "22" });
    expect(answer.reason).toEqual(["proto is missing: dport needs it"]);
    expect(changes).toEqual([]);
  });
});

describe("a rule", () => {
  test("is changed and moved in one call, though PVE ignores all else beside moveto", async () => {
    const { call, ask, ports } = await withRules();
    const answer = await call("cluster_firewall_rule", { action: "update", pos: 0, moveto: 3, comment: "last" });
    expect(answer.summary).toBe("Rule 0 is rule 2 now");
    expect(answer.changes).toContainEqual({ key: "comment", new: "last" });
    expect(await ports()).toEqual(["80", "443", "22"]);
    expect(await ask("GET", "/cluster/firewall/rules/2")).toMatchObject({ comment: "last" });
  });

  test("that nothing is changed of stands as it was", async () => {
    const { call } = await withRules();
    const answer = await call("cluster_firewall_rule", { action: "update", pos: 1, enable: 1 });
    expect(answer).toMatchObject({ outcome: "ok", summary: "Rule 1 stands as it was", changes: [] });
  });

  test("that moved in between is not the one that is deleted", async () => {
    const { call, ask, ports } = await withRules();
    const { digest } = Object(await ask("GET", "/cluster/firewall/rules/0"));
    await call("cluster_firewall_rule", { action: "create", ...rule, dport: "25" });
    const refused = await call("cluster_firewall_rule", { action: "delete", pos: 0, digest });
    expect(refused.outcome).toBe("error");
    expect(await ports()).toEqual(["25", "22", "80", "443"]);
  });

  test("that is deleted is shown, and the others move up", async () => {
    const { call, ports } = await withRules();
    const answer = await call("cluster_firewall_rule", { action: "delete", pos: 1 });
    expect(answer.changes).toContainEqual({ key: "dport", old: "80" });
    expect(answer.summary).toBe("Rule 1 was deleted; those behind it have moved up by one");
    expect(await ports()).toEqual(["22", "443"]);
    expect((await call("cluster_firewall_rule", { action: "delete", pos: 7 })).reason?.[0]).toBe(
      "no rule at position 7",
    );
  });

  test("of a genuine list has its position, state and ports in the text", async () => {
    const { text, answer } = await told("cluster_firewall_rule", { action: "list" }, { "/rules": guestRules });
    expect(answer.summary).toBe(`${guestRules.length} rules`);
    for (const { pos, enable, type, action } of guestRules)
      expect(text).toContain(`${pos} | ${enable} | ${type} | ${action}`);
    expect(text).not.toContain(guestRules[0]?.digest ?? "");
  });
});

describe("a security group", () => {
  test("shows its rules", async () => {
    const given = { action: "get", group: "web" };
    const { answer, text } = await told("cluster_firewall_group", given, { "/groups/web": groupRules });
    expect(answer.summary).toBe("1 rule of security group web");
    expect(text).toContain("0 | 0 | in | ACCEPT | tcp | 80,443");
  });

  test("is renamed and described, and loses its comment, through POST with rename", async () => {
    const { call, ask } = demo();
    await call("cluster_firewall_group", { action: "create", group: "web", comment: "old" });
    const renamed = await call("cluster_firewall_group", { action: "update", group: "web", rename: "www" });
    expect(renamed.changes).toEqual([{ key: "group", old: "web", new: "www" }]);
    expect(await ask("GET", "/cluster/firewall/groups")).toMatchObject([{ group: "www", comment: "old" }]);
    const described = await call("cluster_firewall_group", { action: "update", group: "www", comment: "new" });
    expect(described.changes).toEqual([{ key: "comment", old: "old", new: "new" }]);
    await call("cluster_firewall_group", { action: "update", group: "www", delete: "comment" });
    expect(Object(await ask("GET", "/cluster/firewall/groups"))[0]).not.toHaveProperty("comment");
  });

  test("that isn't there is told with those that are, and nothing is sent", async () => {
    const { call, changes } = demo();
    await call("cluster_firewall_group", { action: "create", group: "web" });
    changes.length = 0;
    const answer = await call("cluster_firewall_group", { action: "update", group: "nope", comment: "x" });
    expect(answer.reason).toEqual(['group "nope" does not exist; there is web']);
    expect((await call("cluster_firewall_group", { action: "delete", group: "nope" })).outcome).toBe("error");
    expect(changes).toEqual([]);
  });

  test("gets, changes and loses rules, and goes when it is empty", async () => {
    const { call, ask } = demo();
    const group = { group: "web" };
    await call("cluster_firewall_group", { action: "create", ...group });
    const added = await call("cluster_firewall_group", {
      action: "add_rule",
      ...group,
      ...rule,
      dport: "80",
      enable: 1,
    });
    expect(added.summary).toBe("Rule 0 was created");
    await call("cluster_firewall_group", { action: "update_rule", ...group, pos: 0, dport: "443" });
    expect(await ask("GET", "/cluster/firewall/groups/web/0")).toMatchObject({ dport: "443", enable: 1 });
    expect((await call("cluster_firewall_group", { action: "delete", ...group })).reason?.[0]).toContain(
      "is not empty",
    );
    await call("cluster_firewall_group", { action: "delete_rule", ...group, pos: 0 });
    expect((await call("cluster_firewall_group", { action: "delete", ...group })).outcome).toBe("ok");
    expect(await ask("GET", "/cluster/firewall/groups")).toEqual([]);
  });

  test("is what a rule of type group names", async () => {
    const { call, ask } = demo();
    const use = { action: "create", type: "group", rule_action: "web" };
    expect((await call("cluster_firewall_rule", use)).outcome).toBe("error");
    await call("cluster_firewall_group", { action: "create", group: "web" });
    expect((await call("cluster_firewall_rule", use)).outcome).toBe("ok");
    expect(await ask("GET", "/cluster/firewall/rules")).toMatchObject([{ type: "group", action: "web" }]);
  });
});

describe("the options", () => {
  test("are told old and new, and taken back with delete", async () => {
    const { call, ask } = demo();
    expect((await call("cluster_firewall", { action: "get_options" })).notes).toEqual(["The firewall is off."]);
    await call("cluster_firewall", { action: "update_options", enable: 1, policy_in: "DROP" });
    const rate = { action: "update_options", policy_in: "REJECT", log_ratelimit: "enable=1,burst=10" };
    const answer = await call("cluster_firewall", rate);
    expect(answer.changes).toContainEqual({ key: "policy_in", old: "DROP", new: "REJECT" });
    expect(await ask("GET", "/cluster/firewall/options")).toMatchObject({ enable: 1, policy_in: "REJECT" });
    await call("cluster_firewall", { action: "update_options", delete: "policy_in" });
    expect(await ask("GET", "/cluster/firewall/options")).not.toHaveProperty("policy_in");
  });
});

test("macros have their names", async () => {
  const { text } = await told("cluster_firewall", { action: "list_macros" }, { "/macros": macros });
  for (const { macro, descr } of macros) expect(text).toContain(`${macro} | "${descr}"`);
  expect(text).not.toContain("unknown");
});
