// A guest's configuration: shown whole, changed with what was replaced, and what is pending told as pending.
import { describe, expect, test } from "bun:test";
import { bytes } from "../../src/server/units.ts";
import { demo, told } from "./demo.ts";
import { containerPending, suspendedConfig, vmConfig } from "./recorded/guest-config.ts";

const guests = [
  { type: "qemu", vmid: 260, name: "life", node: "pve1", status: "running" },
  { type: "lxc", vmid: 200, name: "ct1", node: "pve1", status: "running" },
];
const over = (bodies: Readonly<Record<string, unknown>>) => ({ "/cluster/resources": guests, ...bodies });
const vm = "/nodes/pve1/qemu/100";

describe("the configuration", () => {
  test.each([vmConfig, suspendedConfig])("shows every key of a genuine answer, memory with its unit", async (body) => {
    const { text, data } = await told("guest_config", { vmid: 260 }, over({ "/config": body, "/pending": [] }));
    expect(data.record).toEqual({ ...body });
    expect(text).toContain(`memory: ${bytes(Number(body.memory) * 1024 ** 2)}`);
    expect(text.split("\n").slice(2, 3)).toEqual([`name: ${body.name}`]);
    for (const key of Object.keys(body)) expect(text).toMatch(new RegExp(`^${key}: `, "m"));
  });

  test("of a snapshot is that of then", async () => {
    const { call } = demo();
    await call("guest_snapshot", { action: "create", vmid: 100, snapname: "before" });
    await call("guest_config_update", { vmid: 100, config: { description: "later" } });
    expect((await call("guest_config", { vmid: 100, snapshot: "before" })).record?.description).toBeUndefined();
    expect((await call("guest_config", { vmid: 100 })).record).toMatchObject({
      description: "later",
      parent: "before",
    });
  });

  test("says what of it is not in force yet", async () => {
    const { call } = demo();
    await call("guest_config_update", { vmid: 100, cores: 4 });
    const answer = await call("guest_config", { vmid: 100 });
    expect(answer.notes).toEqual(["Pending until the guest is stopped and started: cores."]);
  });
});

describe("what is pending", () => {
  test("of a genuine answer is the one key that is, and no other", async () => {
    const { answer } = await told("guest_pending", { vmid: 200 }, over({ "/pending": containerPending }));
    expect(answer.summary).toBe("Pending for container 200 (ct1): features");
    expect(answer.rows).toEqual([{ key: "features", new: "nesting=1" }]);
  });

  test("shows the pending value beside the one in force, and what is to be removed", async () => {
    const { call } = demo();
    await call("guest_config_update", { vmid: 100, config: { cores: 4, memory: 8192 }, delete: "cpu" });
    const answer = await call("guest_pending", { vmid: 100 });
    expect(answer.summary).toBe("Pending for VM 100 (web-01): cores, cpu, memory");
    expect(
      answer.rows?.map(({ key, old, new: next, unit, removed }) => [key, String(old), String(next), unit, removed]),
    ).toEqual([
      ["cores", "2", "4", undefined, undefined],
      ["cpu", "x86-64-v2-AES", "undefined", undefined, true],
      ["memory", "4096", "8192", "MiB", undefined],
    ]);
  });

  test("is nothing for a guest that stands as its configuration says, and no error", async () => {
    const answer = await demo().call("guest_pending", { vmid: 100 });
    expect(answer).toMatchObject({ outcome: "ok", summary: "No change of VM 100 (web-01) is pending", rows: [] });
  });
});

describe("a change of the configuration", () => {
  test.each([
    ["an object", { config: { description: "x", tags: "a,b" } }],
    ["JSON text", { config: '{"description":"x","tags":"a,b"}' }],
    ["PVE's own names", { description: "x", tags: ["a", "b"] }],
  ])("is taken as %s, and tells the old and the new value of each key", async (_, given) => {
    const { call, record } = demo();
    const answer = await call("guest_config_update", { vmid: 100, ...given });
    expect(answer.changes).toEqual(
      [
        { key: "tags", old: "prod;web", new: "a;b" },
        { key: "description", old: undefined, new: "x" },
      ].sort((one, other) =>
        answer.changes?.[0]?.key === one.key ? -1 : answer.changes?.[0]?.key === other.key ? 1 : 0,
      ),
    );
    expect(await record(`${vm}/config`)).toMatchObject({ description: "x", tags: "a;b" });
  });

  test("takes out what `delete` names", async () => {
    const { call, record } = demo();
    const answer = await call("guest_config_update", { vmid: 100, delete: "tags" });
    expect(answer.changes).toEqual([{ key: "tags", old: "prod;web", new: undefined }]);
    expect(await record(`${vm}/config`)).not.toHaveProperty("tags");
  });

  test("that a running guest can't take is told as pending", async () => {
    const { call, ask } = demo();
    const answer = await call("guest_config_update", { vmid: 100, config: { cores: 4 } });
    expect(answer.summary).toBe("The change of cores is pending");
    expect(await ask("GET", `${vm}/config`, { current: "1" })).toMatchObject({ cores: 2 });
  });

  test("carries PVE's digest, so that one in between is noticed", async () => {
    const { call } = demo();
    const answer = await call("guest_config_update", { vmid: 100, tags: "x", digest: "0".repeat(40) });
    expect(answer).toMatchObject({ outcome: "error", kind: "conflict" });
  });

  test("encodes SSH keys as PVE wants them", async () => {
    const { call, record } = demo();
    const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKtVbUvT4Kr0Y7tPoNAEPaMbnFFXt0IEnMWv7DTT9yQe x@y";
    expect((await call("guest_config_update", { vmid: 100, config: { sshkeys: key } })).outcome).toBe("ok");
    expect((await record(`${vm}/config`)).sshkeys).toBe(encodeURIComponent(key));
  });

  test.each([
    ["another guest", { config: { vmid: 101, tags: "x" } }, "config.vmid: vmid is an argument beside config"],
    ["a key twice", { config: { tags: "x" }, tags: "y" }, "tags is given twice: in config and beside it"],
    ["nothing", {}, "nothing was given to change"],
    ["an unknown key", { config: { coers: 2 } }, "did you mean cores"],
  ])("with %s is refused before anything is sent", async (_, given, why) => {
    const { call, changes } = demo();
    const answer = await call("guest_config_update", { vmid: 100, ...given });
    expect(answer.kind).toBe("arguments");
    expect(answer.reason?.join()).toContain(why);
    expect(changes).toEqual([]);
  });

  test("repeats no password, however it was given", async () => {
    const { call } = demo();
    for (const config of [
      { cipassword: "hunter2hunter2" },
      "cipassword=hunter2hunter2",
      '{"cipassword":"hunter2hunter2"',
    ])
      expect(JSON.stringify(await call("guest_config_update", { vmid: 100, config }))).not.toContain("hunter2");
  });
});

describe("memory and cores", () => {
  test.each([
    [100, "8G", "8192", "qemu"],
    [100, 2048, "2048", "qemu"],
    [103, "1.5 GiB", 1536, "lxc"],
  ])("of guest %s are set to %s", async (vmid, memory, wire, type) => {
    const { call, record } = demo();
    expect((await call("guest_resize", { vmid, memory, cores: 3 })).outcome).toBe("ok");
    expect(await record(`/nodes/pve1/${type}/${vmid}/config`)).toMatchObject({ memory: wire, cores: 3 });
  });

  test("of neither are refused", async () => {
    expect((await demo().call("guest_resize", { vmid: 100 })).reason).toEqual([
      "nothing was given to change: give one of memory, cores",
    ]);
  });
});
