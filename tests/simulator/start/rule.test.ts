import { describe, expect, test } from "bun:test";
import { record, rows, side } from "../asking.ts";

describe("a cluster by rule", () => {
  test("has as many nodes and guests as were asked for, up to ten thousand", async () => {
    const { ask } = side({ nodes: 7, guests: 10_000 });
    expect(rows((await ask("GET", "/nodes")).data)).toHaveLength(7);
    expect(rows((await ask("GET", "/cluster/resources", { type: "vm" })).data)).toHaveLength(10_000);
    expect((await ask("GET", "/cluster/nextid")).data).toBe("10100");
  });

  test("has both kinds, every state, tags, pools, templates, and names that are no vmids", async () => {
    const { ask } = side({ guests: 400 });
    const guests = rows((await ask("GET", "/cluster/resources", { type: "vm" })).data);
    const count = (name: string) => new Set(guests.map((guest) => guest[name])).size;
    expect(new Set(guests.map(({ type }) => type))).toEqual(new Set(["qemu", "lxc"]));
    expect(new Set(guests.map(({ status }) => status))).toEqual(new Set(["running", "stopped"]));
    expect(new Set(guests.map(({ pool }) => pool))).toEqual(
      new Set(["production", "staging", "development", undefined]),
    );
    expect(guests.filter(({ template }) => template === 1).length).toBe(8);
    expect(count("tags")).toBeGreaterThan(10);
    expect(count("name")).toBe(400);
    const paused = record((await ask("GET", "/nodes/pve1/qemu/100/status/current")).data);
    expect(paused).toMatchObject({ status: "running", qmpstatus: "paused" });
  });

  test("is the same for the same seed, secrets included", async () => {
    const [one, other] = [side({ guests: 30 }), side({ guests: 30 })];
    expect(one.simulator.state).toEqual(other.simulator.state);
    expect(one.simulator.tokens).toEqual(other.simulator.tokens);
  });

  test("works like any other: a guest starts, another is made", async () => {
    const { ask, run } = side({ nodes: 1, guests: 8 });
    expect(await run("POST", "/nodes/pve1/lxc/103/status/start")).toBe("OK");
    const next = String((await ask("GET", "/cluster/nextid")).data);
    expect(await run("POST", "/nodes/pve1/qemu", { vmid: next, scsi0: "local-lvm:8" })).toBe("OK");
  });

  test("may be empty", async () => {
    const { ask } = side({ nodes: 2, guests: 0 });
    expect((await ask("GET", "/cluster/resources", { type: "vm" })).data).toEqual([]);
  });

  test("gives every volume to one guest, on the node where that is", () => {
    const { state } = side({ nodes: 4, guests: 500 }).simulator;
    const disks = state.volumes.filter((volume) => volume.vmid !== undefined);
    expect(new Set(disks.map(({ volid, node }) => `${volid} ${node}`)).size).toBe(500);
    for (const { vmid, node } of disks) expect([undefined, state.guests[String(vmid)]?.node]).toContain(node);
  });
});
