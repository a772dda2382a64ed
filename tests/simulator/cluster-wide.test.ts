import { describe, expect, test } from "bun:test";
import { rows, side } from "./asking.ts";

describe("firewall rules", () => {
  const rules = "/nodes/pve1/qemu/100/firewall/rules";

  test("come disabled and first; positions shift; the single one has its position as text", async () => {
    const { ask } = side();
    await ask("POST", rules, { type: "in", action: "ACCEPT", proto: "tcp", dport: "22", enable: "1" });
    await ask("POST", rules, { type: "out", action: "DROP", dest: "10.0.0.0/8" });
    const list = rows((await ask("GET", rules)).data);
    expect(list.map(({ pos, type, enable, ipversion }) => [pos, type, enable, ipversion])).toEqual([
      [0, "out", 0, 4],
      [1, "in", 1, undefined],
    ]);
    expect((await ask("GET", `${rules}/1`)).data).toMatchObject({ pos: "1", dport: "22" });
    await ask("PUT", `${rules}/1`, { moveto: "0" });
    expect(rows((await ask("GET", rules)).data)[0]?.type).toBe("in");
    expect((await ask("DELETE", `${rules}/9`)).message).toBe("no rule at position 9\n");
  });

  test("come first whatever their pos, and a move does nothing else", async () => {
    const { ask } = side();
    for (const dport of ["1", "2"])
      await ask("POST", rules, { type: "in", action: "ACCEPT", proto: "tcp", dport, pos: "1" });
    await ask("PUT", `${rules}/0`, { moveto: "2", comment: "lost" });
    const list = rows((await ask("GET", rules)).data);
    expect(list.map(({ dport, comment }) => [dport, comment])).toEqual([
      ["1", undefined],
      ["2", undefined],
    ]);
  });

  test("are guarded by their digest, and checked as a whole", async () => {
    const { ask } = side();
    await ask("POST", rules, { type: "in", action: "ACCEPT" });
    expect((await ask("PUT", `${rules}/0`, { comment: "x", digest: "0".repeat(40) })).message).toMatch(
      /^detected modified/,
    );
    expect((await ask("POST", rules, { type: "in", action: "ACCEPT", dport: "22" })).errors).toEqual({
      proto: "missing property - 'dport' requires this property",
    });
    expect((await ask("POST", rules, { type: "in", action: "NOPE" })).errors).toEqual({
      action: "unknown action 'NOPE'",
    });
  });

  test("may name sets and aliases, which go only when they are empty", async () => {
    const { ask } = side();
    await ask("POST", "/cluster/firewall/ipset", { name: "hosts" });
    await ask("POST", "/cluster/firewall/ipset/hosts", { cidr: "10.9.0.1" });
    const again = await ask("POST", "/cluster/firewall/ipset/hosts", { cidr: "10.9.0.1" });
    expect(again.errors).toEqual({ cidr: "address '10.9.0.1' already exists" });
    expect((await ask("DELETE", "/cluster/firewall/ipset/hosts")).message).toBe("IPSet 'hosts' is not empty\n");
    expect(rows((await ask("GET", "/cluster/firewall/refs")).data)).toMatchObject([
      { name: "hosts", ref: "+dc/hosts", type: "ipset" },
    ]);
    expect((await ask("DELETE", "/cluster/firewall/aliases/none")).status).toBe(200);
  });
});

describe("backup jobs", () => {
  test("have no id in the answer, and the next run in the list", async () => {
    const { ask } = side();
    const made = await ask("POST", "/cluster/backup", {
      schedule: "21:30",
      storage: "shared-nfs",
      vmid: "100,103",
      "prune-backups": "keep-last=3",
    });
    expect(made.data).toBeNull();
    const [job] = rows((await ask("GET", "/cluster/backup")).data);
    expect(job).toMatchObject({
      type: "vzdump",
      enabled: 1,
      "next-run": Date.UTC(2026, 10, 24, 21, 30) / 1000,
      "prune-backups": { "keep-last": "3" },
    });
    const uncovered = rows((await ask("GET", "/cluster/backup-info/not-backed-up")).data).map(({ vmid }) => vmid);
    expect(uncovered).toContain(101);
    expect(uncovered).not.toContain(103);
    expect((await ask("GET", "/cluster/backup/none")).errors).toEqual({ id: "No such job 'none'" });
  });

  test.each([
    ["mon..fri 22:00", "Tue Nov 24 22:00:00 2026"],
    ["*/15", "Tue Nov 24 12:15:00 2026"],
    ["sat 3:00", "Sat Nov 28 03:00:00 2026"],
    ["monthly", "Tue Dec 1 00:00:00 2026"],
  ])("run at %s next %s", async (schedule, utc) => {
    const { ask } = side();
    const answer = await ask("GET", "/cluster/jobs/schedule-analyze", { schedule, iterations: "1" });
    expect(rows(answer.data)[0]?.utc).toBe(utc);
  });
});

describe("a managed guest", () => {
  test("is started and stopped by the manager, some seconds after the request", async () => {
    const { ask, run, pass } = side();
    await ask("POST", "/cluster/ha/resources", { sid: "vm:100", state: "started" });
    expect(await run("POST", "/nodes/pve1/qemu/100/status/stop")).toBe("OK");
    pass(10_000);
    expect((await ask("GET", "/nodes/pve1/qemu/100/status/current")).data).toMatchObject({ status: "stopped" });
    expect((await ask("DELETE", "/nodes/pve1/qemu/100")).message).toBe(
      "unable to remove VM 100 - used in HA resources and purge parameter not set.\n",
    );
    expect(await run("DELETE", "/nodes/pve1/qemu/100", { purge: "1" })).toBe("OK");
    expect((await ask("GET", "/cluster/ha/resources")).data).toEqual([]);
  });
});

describe("notification targets", () => {
  test("that are built in come back when they are deleted; one in use can't be", async () => {
    const { ask } = side();
    const base = "/cluster/notifications";
    await ask("POST", `${base}/endpoints/gotify`, { name: "g1", server: "http://127.0.0.1:9", token: "abc" });
    await ask("POST", `${base}/matchers`, { name: "all", target: "g1" });
    expect((await ask("DELETE", `${base}/endpoints/gotify/g1`)).message).toBe(
      "cannot delete 'g1', referenced by: all\n",
    );
    expect((await ask("GET", `${base}/endpoints/gotify/g1`)).text).not.toContain("abc");
    await ask("DELETE", `${base}/matchers/default-matcher`);
    expect(rows((await ask("GET", `${base}/matchers`)).data).map(({ name }) => name)).toContain("default-matcher");
    expect((await ask("GET", `${base}/endpoints/smtp/none`)).status).toBe(404);
  });
});
