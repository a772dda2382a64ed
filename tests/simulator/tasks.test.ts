import { describe, expect, test } from "bun:test";
import { record, rows, side } from "./asking.ts";

const upidForm = /^UPID:pve1:[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:qmstart:999:root@pam!mcp:$/;

describe("a task", () => {
  test("runs first and fails later: status, log, and the last line", async () => {
    const { ask, pass } = side();
    const upid = String((await ask("POST", "/nodes/pve1/qemu/999/status/start")).data);
    expect(upid).toMatch(upidForm);
    const path = `/nodes/pve1/tasks/${upid}`;
    const running = record((await ask("GET", `${path}/status`)).data);
    expect([running.status, running.exitstatus]).toEqual(["running", undefined]);
    expect((await ask("GET", `${path}/log`)).data).toEqual([{ n: 1, t: "no content" }]);
    pass(1000);
    const text = "Configuration file 'nodes/pve1/qemu-server/999.conf' does not exist";
    expect((await ask("GET", `${path}/status`)).data).toMatchObject({
      status: "stopped",
      exitstatus: text,
      user: "root@pam",
      tokenid: "mcp",
      id: "999",
    });
    const log = await ask("GET", `${path}/log`);
    expect([log.data, log.total]).toEqual([[{ n: 1, t: `TASK ERROR: ${text}` }], 1]);
  });

  test("has a log that is paged", async () => {
    const { ask, run } = side();
    await run("POST", "/nodes/pve1/qemu", { vmid: "105", scsi0: "local-lvm:1", scsi1: "local-lvm:1" });
    const [task] = rows((await ask("GET", "/nodes/pve1/tasks", { typefilter: "qmcreate" })).data);
    const page = await ask("GET", `/nodes/pve1/tasks/${String(task?.upid)}/log`, { start: "1", limit: "2" });
    expect(rows(page.data).map((line) => line.n)).toEqual([2, 3]);
    expect(page.total).toBe(5);
  });

  test("is listed as active while it runs, and in the archive afterwards", async () => {
    const { ask, pass } = side();
    await ask("POST", "/nodes/pve3/qemu/111/status/start");
    const active = rows((await ask("GET", "/nodes/pve3/tasks", { source: "active" })).data);
    expect(active).toEqual([expect.objectContaining({ status: "RUNNING", user: "root@pam!mcp", type: "qmstart" })]);
    expect((await ask("GET", "/nodes/pve3/tasks")).data).toEqual([]);
    const everywhere = rows((await ask("GET", "/cluster/tasks")).data);
    expect(everywhere[0]?.status).toBeUndefined();
    pass(5000);
    const archive = await ask("GET", "/nodes/pve3/tasks", { vmid: "111" });
    expect(archive.data).toEqual([expect.objectContaining({ status: "OK", user: "root@pam", tokenid: "mcp" })]);
    expect(archive.total).toBe(1);
  });

  test("that nobody started is a 400 in the status and a line in the log", async () => {
    const { ask } = side();
    const upid = "UPID:pve1:00000001:00000001:6B059434:qmstart:100:root@pam:";
    expect((await ask("GET", `/nodes/pve1/tasks/${upid}/status`)).errors).toEqual({ upid: "no such task" });
    expect((await ask("GET", `/nodes/pve1/tasks/${upid}/log`)).data).toEqual([
      { n: 1, t: "unable to open file - No such file or directory" },
    ]);
    expect((await ask("DELETE", "/nodes/pve1/tasks/nonsense")).errors).toEqual({ upid: "unable to parse worker upid" });
  });

  test("can be stopped", async () => {
    const { ask, pass } = side();
    const upid = String((await ask("POST", "/nodes/pve2/qemu/130/status/shutdown")).data);
    pass(2000);
    expect((await ask("DELETE", `/nodes/pve2/tasks/${upid}`)).data).toBeNull();
    const status = record((await ask("GET", `/nodes/pve2/tasks/${upid}/status`)).data);
    expect(status.exitstatus).toBe("received interrupt");
    expect((await ask("GET", "/nodes/pve2/qemu/130/status/current")).data).toMatchObject({ status: "running" });
    expect((await ask("DELETE", `/nodes/pve2/tasks/${upid}`)).data).toBeNull();
  });

  test("holds the guest's lock: a config change waits 10 s for it, then gives up", async () => {
    const { ask, pass } = side();
    await ask("POST", "/nodes/pve2/qemu/130/status/shutdown");
    pass(1000);
    const answer = await ask("PUT", "/nodes/pve2/qemu/130/config", { description: "x" });
    expect([answer.status, answer.message]).toEqual([
      500,
      "can't lock file '/var/lock/qemu-server/lock-130.conf' - got timeout\n",
    ]);
  });

  test("of someone else is hidden: 403 by UPID, absent in the list", async () => {
    const { ask, simulator } = side();
    const upid = String((await ask("POST", "/nodes/pve3/qemu/111/status/start")).data);
    const { powerless } = simulator.tokens;
    const answer = await ask("GET", `/nodes/pve3/tasks/${upid}/status`, {}, powerless);
    expect([answer.status, answer.message]).toEqual([403, "Permission check failed (/nodes/pve3, Sys.Audit)\n"]);
    expect((await ask("GET", "/cluster/tasks", {}, powerless)).data).toEqual([]);
  });
});
