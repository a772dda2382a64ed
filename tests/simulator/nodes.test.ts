// A node of the embedded cluster: what was recorded of its guests at once, its disks, its logs and its replication.
import { describe, expect, test } from "bun:test";
import { record, rows, type Side, side } from "./asking.ts";

const logOf = async ({ ask, pass }: Side, path: string, params: Record<string, string> = {}) => {
  const { data } = await ask("POST", path, params);
  pass(60_000);
  const log = await ask("GET", `/nodes/${String(data).split(":")[1]}/tasks/${data}/log`, { limit: "0" });
  return rows(log.data).map(({ t }) => String(t));
};

describe("all guests of a node", () => {
  test("start when they start at boot, or with force", async () => {
    const one = side();
    await one.run("POST", "/nodes/pve1/qemu/100/status/stop");
    const vms = { vms: "100,120" };
    expect(await logOf(one, "/nodes/pve1/startall", vms)).toEqual(["Starting VM 100", "TASK OK"]);
    expect(await logOf(one, "/nodes/pve1/startall", { ...vms, force: "1" })).toEqual(["Starting CT 120", "TASK OK"]);
  });

  test("stop within their timeout, and are suspended", async () => {
    const one = side();
    const stopped = await logOf(one, "/nodes/pve1/stopall", { vms: "100", timeout: "3" });
    expect(stopped).toEqual(["Stopping VM 100 (timeout = 3 seconds)", "TASK OK"]);
    expect(await logOf(one, "/nodes/pve1/suspendall", { vms: "102" })).toEqual(["Suspending VM 102", "TASK OK"]);
    expect(await logOf(one, "/nodes/pve1/stopall", { vms: "999" })).toEqual(["TASK OK"]);
  });

  test("leave with as many workers as are given, and not without that number", async () => {
    const one = side();
    const { ask } = one;
    expect((await ask("POST", "/nodes/pve1/migrateall", { target: "pve9" })).message).toBe(
      "no such cluster node 'pve9'\n",
    );
    expect((await ask("POST", "/nodes/pve1/migrateall", { target: "pve1" })).errors).toEqual({
      target: "target is local node.",
    });
    expect((await ask("POST", "/nodes/pve1/migrateall", { target: "pve2" })).message).toBe(
      "either 'max-workers' parameter or max_workers in datacenter.cfg must be set!\n",
    );
    const nobody = { target: "pve2", vms: "999", "max-workers": "1" };
    expect(await logOf(one, "/nodes/pve1/migrateall", nobody)).toEqual([
      "no virtual guests matched, nothing to do..",
      "TASK OK",
    ]);
    const container = await logOf(one, "/nodes/pve1/migrateall", { ...nobody, vms: "120" });
    expect(container).toEqual(["Migrating CT 120", "All jobs finished, used 1 workers in total.", "TASK OK"]);
  });

  test.each([
    ["startall", {}, "/, VM.PowerMgmt"],
    ["stopall", { vms: "102" }, "/vms/102, VM.PowerMgmt"],
    ["migrateall", { target: "pve2" }, "/, VM.Migrate"],
  ])("are nobody's without the privilege: %s", async (name, params, missing) => {
    const { ask, simulator } = side();
    const answer = await ask("POST", `/nodes/pve1/${name}`, params, simulator.tokens.powerless);
    expect([answer.status, answer.message]).toEqual([403, `Permission check failed (${missing})\n`]);
  });
});

describe("a disk", () => {
  test("that isn't there or is in use is refused at once, as recorded", async () => {
    const { ask } = side();
    const message = async (method: string, path: string, disk: string) =>
      (await ask(method, `/nodes/pve1/disks/${path}`, { disk }, undefined)).message;
    expect(await message("POST", "initgpt", "/dev/nosuch")).toBe("not a valid block device\n");
    expect(await message("POST", "initgpt", "/dev/vda")).toBe("disk /dev/vda already in use\n");
    expect(await message("PUT", "wipedisk", "/dev/sdb")).toBe("Permission check failed (user != root@pam)\n");
  });

  test("takes a partition table, and a UUID that is one", async () => {
    const { run, ask } = side();
    expect(await run("POST", "/nodes/pve1/disks/initgpt", { disk: "/dev/sdb" })).toBe("OK");
    expect(rows((await ask("GET", "/nodes/pve1/disks/list")).data)[1]).toMatchObject({ devpath: "/dev/sdb", gpt: 1 });
    const wrong = await run("POST", "/nodes/pve1/disks/initgpt", { disk: "/dev/sdb", uuid: "bad" });
    expect(wrong).toStartWith("command '/sbin/sgdisk /dev/sdb -U bad' failed");
    expect(rows((await ask("GET", "/nodes/pve1/disks/list", { type: "unused" })).data)).toHaveLength(1);
  });
});

describe("a node", () => {
  test("goes down with its guests and comes up with those that start at boot", async () => {
    const { ask, pass, simulator } = side();
    expect((await ask("POST", "/nodes/pve3/status", { command: "reboot" })).data).toBeNull();
    pass(20_000);
    expect(rows((await ask("GET", "/nodes")).data)[2]).toMatchObject({ node: "pve3", status: "offline" });
    pass(60_000);
    expect(rows((await ask("GET", "/nodes")).data)[2]).toMatchObject({ node: "pve3", status: "online" });
    const running = Object.values(simulator.state.guests).filter((guest) => guest.node === "pve3" && guest.process);
    expect(running.every(({ config }) => config.values.onboot === "1")).toBe(true);
    expect((await ask("POST", "/nodes/pve3/status", { command: "halt" })).status).toBe(400);
  });

  test("writes its log in its own zone, and is asked for a time in it", async () => {
    const { ask, run } = side();
    await run("POST", "/nodes/pve1/services/cron/restart");
    await ask("PUT", "/nodes/pve1/time", { timezone: "Europe/Vienna" });
    const shown = async (since: string) => rows((await ask("GET", "/nodes/pve1/syslog", { since })).data);
    expect(String((await shown("2026-11-24 12:59"))[0]?.t)).toStartWith("Nov 24 13:00:00 pve1 pvedaemon[");
    expect(await shown("2026-11-24 13:30")).toEqual([{ n: 1, t: "no content" }]);
    const journal = await ask("GET", "/nodes/pve1/journal", { lastentries: "1" });
    expect(journal.data).toEqual([
      expect.stringMatching(/^s=/),
      expect.stringContaining("end task UPID:pve1"),
      expect.stringMatching(/^s=/),
    ]);
    expect((await ask("PUT", "/nodes/pve1/time", { timezone: "Nope/Zone" })).errors).toEqual({
      timezone: "No such timezone",
    });
  });

  test("that has no way out can't check a subscription's key, as recorded", async () => {
    const { ask } = side({ start: "recorded" });
    const answer = await ask("PUT", "/nodes/pve3/subscription", { key: "pve1c-0123456789" });
    expect(answer.message).toStartWith("Error checking subscription: io: failed to lookup address information");
  });

  test("sets an interface to manual when the request hasn't its address", async () => {
    const { ask } = side();
    await ask("PUT", "/nodes/pve1/network/vmbr0", { type: "bridge", comments: "x" });
    expect(record((await ask("GET", "/nodes/pve1/network/vmbr0")).data)).toMatchObject({ method: "manual" });
  });
});

describe("a replication job", () => {
  const made = async () => {
    const one = side();
    one.simulator.state.replicating.push("lvmthin");
    const job = { id: "100-0", type: "local", target: "pve2", schedule: "*/15" };
    expect((await one.ask("POST", "/cluster/replication", job)).status).toBe(200);
    const state = async () => record((await one.ask("GET", "/nodes/pve1/replication/100-0/status")).data);
    return { ...one, state };
  };

  test("runs by its schedule, and on demand with the next minute", async () => {
    const { ask, pass, state } = await made();
    expect(await state()).toMatchObject({ last_try: 0, last_sync: 0, fail_count: 0 });
    pass(15 * 60_000 + 1000);
    expect(await state()).toMatchObject({ pid: expect.any(Number), last_sync: 0 });
    pass(10 * 60_000);
    const { last_sync: last } = await state();
    expect(last).toBe(Date.UTC(2026, 10, 24, 12, 15) / 1000);
    await ask("POST", "/nodes/pve1/replication/100-0/schedule_now");
    pass(60_000);
    expect((await state()).last_try).toBe(Date.UTC(2026, 10, 24, 12, 26) / 1000);
    const log = rows((await ask("GET", "/nodes/pve1/replication/100-0/log")).data);
    expect(log[0]).toEqual({ n: 1, t: "2026-11-24 12:26:00 100-0: start replication job" });
  });

  test("fails while its target is away, and is tried again", async () => {
    const { pass, state, simulator } = await made();
    const target = simulator.state.nodes.pve2;
    if (target) target.online = false;
    pass(16 * 60_000);
    expect(await state()).toMatchObject({ fail_count: 1, error: expect.any(String) });
  });

  test.each([
    ["GET", "status", "VM.Audit"],
    ["GET", "log", "VM.Audit"],
    ["POST", "schedule_now", "VM.Replicate"],
  ])("is nobody's without the privilege on its guest: %s %s", async (method, name, privilege) => {
    const { ask, simulator } = await made();
    const answer = await ask(method, `/nodes/pve1/replication/100-0/${name}`, {}, simulator.tokens.powerless);
    expect([answer.status, answer.message]).toEqual([403, `Permission check failed (/vms/100, ${privilege})\n`]);
  });
});
