// Pools: members that go in and out, pools within pools, and what stands there read through another endpoint.
import { describe, expect, test } from "bun:test";
import { demo, told } from "./demo.ts";
import { pool } from "./recorded/access.ts";

const rowsOf = (data: unknown): Record<string, unknown>[] => (Array.isArray(data) ? data : []);

/** The pools that guests are in, as the resources' list says. */
function cluster() {
  const made = demo();
  const poolOf = async (vmid: number) =>
    rowsOf(await made.ask("GET", "/cluster/resources")).find((row) => row.vmid === vmid)?.pool;
  return { ...made, poolOf };
}

describe("a pool", () => {
  test("takes guests by number and by name, and storages", async () => {
    const { call, poolOf, ask } = cluster();
    await call("pool", { action: "create", poolid: "night", comment: "old" });
    const given = { poolid: "night", vms: "111,mail", storage: "local", comment: "new", "allow-move": true };
    const changed = await call("pool", { action: "update", ...given });
    expect(changed.outcome).toBe("ok");
    const members = rowsOf((await call("pool", { action: "get", poolid: "night" })).rows);
    const guests = members.filter(({ type }) => type !== "storage").map(({ name }) => name);
    expect(guests).toContain("mail");
    expect(await poolOf(111)).toBe("night");
    expect(changed.changes?.[0]).toEqual({ key: "comment", old: "old", new: "new" });
    expect(changed.changes?.[1]).toMatchObject({ new: "104 (mail), 111 (build-01), storage local" });
    expect(rowsOf(await ask("GET", "/pools"))).toContainEqual({ poolid: "night", comment: "new" });
  });

  test("lets members go, which the seed can't", async () => {
    const { call, poolOf } = cluster();
    await call("pool", { action: "create", poolid: "night" });
    await call("pool", { action: "update", poolid: "night", vms: [111], "allow-move": true });
    const changed = await call("pool", { action: "update", poolid: "night", vms: "111", delete: true });
    expect(changed.record).toMatchObject({ poolid: "night", members: [] });
    expect(await poolOf(111)).toBeUndefined();
  });

  test("doesn't take a guest out of another pool unless told to", async () => {
    const { call, poolOf } = cluster();
    await call("pool", { action: "create", poolid: "night" });
    const refused = await call("pool", { action: "update", poolid: "night", vms: "web-01" });
    expect(refused.reason?.[0]).toContain("belongs already to pool 'production'");
    expect(await poolOf(100)).toBe("production");
  });

  test("takes no guest that there is none of, though PVE would", async () => {
    const { call, changes } = cluster();
    expect((await call("pool", { action: "update", poolid: "production", vms: "9999" })).outcome).toBe("error");
    expect(changes).toEqual([]);
  });

  test("within a pool is made, read, changed and deleted", async () => {
    const { call, ask } = cluster();
    const poolid = "production/web";
    expect((await call("pool", { action: "create", poolid })).outcome).toBe("ok");
    expect((await call("pool", { action: "update", poolid, comment: "inner" })).outcome).toBe("ok");
    expect((await call("pool", { action: "get", poolid })).summary).toBe(`Pool ${poolid}: 0 members (inner)`);
    expect((await call("pool", { action: "delete", poolid })).outcome).toBe("ok");
    expect(rowsOf(await ask("GET", "/pools")).map((row) => row.poolid)).toEqual(["production"]);
  });

  test("with members isn't deleted, and the answer says what is in it", async () => {
    const { call, ask } = cluster();
    const refused = await call("pool", { action: "delete", poolid: "production" });
    expect(refused.reason?.[0]).toContain("is not empty (contains");
    expect(rowsOf(await ask("GET", "/pools"))).toHaveLength(1);
    expect((await call("pool", { action: "delete", poolid: "nosuch" })).reason?.[0]).toContain("there is production");
  });

  test("reads as PVE said it", async () => {
    const { text, data } = await told("pool", { action: "get", poolid: "p1" }, { "/pools/p1": pool });
    expect(data.summary).toBe(`Pool p1: ${pool.members.length} members (${pool.comment})`);
    for (const member of pool.members) expect(text).toContain(String(member.id));
  });

  test("list names what there is", async () => {
    const answer = await cluster().call("pool", { action: "list" });
    expect(answer.rows).toEqual([{ poolid: "production", comment: "Customer-facing services" }]);
  });

  test("has no digest", async () => {
    const refused = await cluster().call("pool", { action: "update", poolid: "production", digest: "0" });
    expect(refused.reason?.[0]).toContain("leave it out");
  });
});
