// Aliases and IP sets: what a change doesn't name stays, what isn't there isn't deleted, what goes is shown.
import { describe, expect, test } from "bun:test";
import { demo, told } from "./demo.ts";
import { aliases, ipsetEntries } from "./recorded/firewall.ts";

describe("an alias", () => {
  const withAlias = async () => {
    const side = demo();
    await side.call("cluster_firewall_alias", { action: "create", name: "lan", cidr: "10.0.0.0/24", comment: "LAN" });
    return side;
  };

  test("keeps its network and comment when it is renamed, and its comment when its network changes", async () => {
    const { call, ask } = await withAlias();
    const renamed = await call("cluster_firewall_alias", { action: "update", name: "lan", rename: "office" });
    expect(renamed.changes).toEqual([{ key: "name", old: "lan", new: "office" }]);
    const moved = await call("cluster_firewall_alias", { action: "update", name: "office", cidr: "10.1.0.0/24" });
    expect(moved.changes).toEqual([{ key: "cidr", old: "10.0.0.0/24", new: "10.1.0.0/24" }]);
    expect(await ask("GET", "/cluster/firewall/refs", { type: "alias" })).toMatchObject([{ name: "office" }]);
    expect(await ask("GET", "/cluster/firewall/aliases/office")).toMatchObject({ cidr: "10.1.0.0/24", comment: "LAN" });
  });

  test("that isn't there is not deleted with a 200", async () => {
    const { call, changes } = await withAlias();
    changes.length = 0;
    const answer = await call("cluster_firewall_alias", { action: "delete", name: "nope" });
    expect(answer).toMatchObject({ outcome: "error", reason: ['name "nope" does not exist; there is lan'] });
    expect(changes).toEqual([]);
  });

  test("that is deleted is shown", async () => {
    const { call, ask } = await withAlias();
    const answer = await call("cluster_firewall_alias", { action: "delete", name: "lan" });
    expect(answer.changes).toContainEqual({ key: "cidr", old: "10.0.0.0/24" });
    expect(await ask("GET", "/cluster/firewall/refs")).toEqual([]);
  });

  test("that was changed in between is not overwritten", async () => {
    const { call, ask } = await withAlias();
    const [{ digest }] = Object(await ask("GET", "/cluster/firewall/aliases"));
    await call("cluster_firewall_alias", { action: "update", name: "lan", comment: "new" });
    const answer = await call("cluster_firewall_alias", { action: "update", name: "lan", cidr: "10.2.0.0/24", digest });
    expect(answer.outcome).toBe("error");
    expect(await ask("GET", "/cluster/firewall/aliases/lan")).toMatchObject({ cidr: "10.0.0.0/24", comment: "new" });
  });

  test("of a genuine list has its network", async () => {
    const { text } = await told("cluster_firewall_alias", { action: "list" }, { "/aliases": aliases });
    for (const { name, cidr, comment } of aliases) expect(text).toContain(`${name} | ${cidr} | ${comment}`);
  });
});

test("what rules may name is listed and read one by one", async () => {
  const { call } = demo();
  await call("cluster_firewall_alias", { action: "create", name: "lan", cidr: "10.0.0.0/24" });
  await call("cluster_firewall_ipset", { action: "create", name: "hosts", comment: "x" });
  await call("cluster_firewall_ipset_entry", { action: "create", name: "hosts", cidr: "10.9.0.1" });
  const alias = { name: "lan", cidr: "10.0.0.0/24" };
  expect((await call("cluster_firewall_alias", { action: "list" })).rows).toEqual([alias]);
  expect((await call("cluster_firewall_alias", { action: "get", name: "lan" })).record).toEqual(alias);
  expect((await call("cluster_firewall_ipset", { action: "list" })).rows).toEqual([{ name: "hosts", comment: "x" }]);
  const entries = await call("cluster_firewall_ipset_entry", { action: "list", name: "hosts" });
  expect(entries.rows).toEqual([{ cidr: "10.9.0.1" }]);
  const refs = await call("cluster_firewall", { action: "list_refs" });
  expect(refs.rows?.map(({ ref, type }) => [ref, type])).toEqual([
    ["dc/lan", "alias"],
    ["+dc/hosts", "ipset"],
  ]);
  expect((await call("cluster_firewall", { action: "list_refs", type: "ipset" })).rows).toHaveLength(1);
});

describe("an IP set", () => {
  const withSet = async () => {
    const side = demo();
    await side.call("cluster_firewall_ipset", { action: "create", name: "hosts", comment: "x" });
    const entry = { action: "create", name: "hosts", cidr: "10.9.0.1", comment: "gw", nomatch: true };
    await side.call("cluster_firewall_ipset_entry", entry);
    return side;
  };

  test("with entries goes with force alone, and they are shown", async () => {
    const { call, ask } = await withSet();
    const refused = await call("cluster_firewall_ipset", { action: "delete", name: "hosts" });
    expect(refused.reason?.[0]).toBe("IPSet 'hosts' is not empty");
    const answer = await call("cluster_firewall_ipset", { action: "delete", name: "hosts", force: true });
    expect(answer.rows).toEqual([{ cidr: "10.9.0.1", nomatch: 1, comment: "gw" }]);
    expect(await ask("GET", "/cluster/firewall/refs")).toEqual([]);
  });

  test("is renamed with its entries", async () => {
    const { call, ask } = await withSet();
    const answer = await call("cluster_firewall_ipset", { action: "update", name: "hosts", rename: "gateways" });
    expect(answer.changes).toEqual([{ key: "name", old: "hosts", new: "gateways" }]);
    expect(await ask("GET", "/cluster/firewall/ipset/gateways")).toMatchObject([{ cidr: "10.9.0.1" }]);
  });

  test("keeps of an entry what its change doesn't name", async () => {
    const { call, ask } = await withSet();
    const change = { action: "update", name: "hosts", cidr: "10.9.0.1", comment: "new" };
    expect((await call("cluster_firewall_ipset_entry", change)).changes).toEqual([
      { key: "comment", old: "gw", new: "new" },
    ]);
    expect(await ask("GET", "/cluster/firewall/ipset/hosts")).toMatchObject([{ comment: "new", nomatch: 1 }]);
    await call("cluster_firewall_ipset_entry", { ...change, nomatch: false });
    expect(Object(await ask("GET", "/cluster/firewall/ipset/hosts"))[0]).not.toHaveProperty("nomatch");
  });

  test("loses an entry that is there, and says when there is none", async () => {
    const { call, ask, changes } = await withSet();
    const gone = await call("cluster_firewall_ipset_entry", { action: "delete", name: "hosts", cidr: "10.9.0.1" });
    expect(gone.changes).toContainEqual({ key: "comment", old: "gw" });
    expect(await ask("GET", "/cluster/firewall/ipset/hosts")).toEqual([]);
    changes.length = 0;
    const again = await call("cluster_firewall_ipset_entry", { action: "delete", name: "hosts", cidr: "10.9.0.1" });
    expect(again.outcome).toBe("error");
    expect(changes).toEqual([]);
  });

  test("of a genuine answer has its addresses", async () => {
    const given = { action: "list", name: "mgmt" };
    const { text } = await told("cluster_firewall_ipset_entry", given, { "/ipset/mgmt": ipsetEntries });
    for (const { cidr, comment } of ipsetEntries) expect(text).toContain(`${cidr} | ${comment}`);
  });
});
