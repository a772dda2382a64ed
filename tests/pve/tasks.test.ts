import { describe, expect, test } from "bun:test";
import { isUpid, waitForTask } from "../../src/pve/tasks.ts";
import { parseUpid } from "../../src/pve/upid.ts";
import { type Answer, createStandIn, data, failure, refusal } from "./stand-in.ts";

const upid = "UPID:pve2:000ABCDE:0003C6F4:6B0594B9:qmstart:100:bot@pve!mcp:";
const log = (lines: readonly string[], start = 0) =>
  data(lines.map((t, index) => ({ n: index + 1, t })).slice(start), { total: lines.length });
const noSuchTask = () => refusal(400, "Parameter verification failed.", { upid: "no such task" });

interface Story {
  /** Milliseconds that the task runs. */
  runs?: number;
  exitstatus?: string;
  /** What the log has after so many milliseconds. */
  lines?: (now: number) => readonly string[];
  status?: (now: number) => Answer | undefined;
}

function task({ runs = 1_000, exitstatus = "OK", lines = () => [], status = () => undefined }: Story = {}) {
  const pve = createStandIn(
    ({ path, query }) => {
      const now = pve.clock.now();
      if (path.endsWith("/log")) return log(lines(now), Number(query.get("start") ?? 0));
      const other = status(now);
      if (other) return other;
      return data(now < runs ? { status: "running", upid } : { status: "stopped", exitstatus, upid });
    },
    { retries: { attempts: 1, milliseconds: 0 } },
  );
  const wait = (more: object = {}) => waitForTask(pve.client, upid, { seconds: 45, clock: pve.clock, ...more });
  return { ...pve, wait };
}

describe("a task", () => {
  test("is asked for on the node that its UPID names", async () => {
    const { wait, calls } = task();
    await wait();
    expect(new Set(calls())).toEqual(
      new Set([`GET /nodes/pve2/tasks/${encodeURIComponent(upid).replaceAll("%21", "!")}/status`]),
    );
  });

  test("that ends with OK is ok", async () => {
    expect(await task().wait()).toEqual({ upid, state: "ok", exitstatus: "OK", log: [] });
  });

  test("that ends with warnings is a success that shows them", async () => {
    const lines = ["start", "WARN: disk is almost full", "more", "Warning: second", "TASK WARNINGS: 2"];
    const { wait } = task({ exitstatus: "WARNINGS: 2", lines: () => lines });
    expect(await wait()).toEqual({
      upid,
      state: "warnings",
      exitstatus: "WARNINGS: 2",
      log: ["WARN: disk is almost full", "Warning: second"],
    });
  });

  test("that fails gives PVE's exit status and the last ten lines", async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`);
    const { wait } = task({ exitstatus: "VM 100 already running", lines: () => lines });
    expect(await wait()).toEqual({ upid, state: "failed", exitstatus: "VM 100 already running", log: lines.slice(20) });
  });

  test.each(["unexpected status", "interrupted by signal", "job errors", "WARNINGS: many", ""])(
    "that ends with %j has failed",
    async (exitstatus) => {
      expect((await task({ exitstatus }).wait()).state).toBe("failed");
    },
  );

  test("whose log can't be read still has an end", async () => {
    const pve = createStandIn(({ path }) =>
      path.endsWith("/log") ? refusal(500, "no") : data({ status: "stopped", exitstatus: "broken" }),
    );
    expect(await waitForTask(pve.client, upid, { seconds: 5, clock: pve.clock })).toEqual({
      upid,
      state: "failed",
      exitstatus: "broken",
      log: [],
    });
  });

  test("with an empty log has no lines, though PVE sends one (facts 32)", async () => {
    const { wait } = task({ exitstatus: "broken", lines: () => ["no content"] });
    expect((await wait()).log).toEqual([]);
  });
});

describe("the waiting", () => {
  test("begins with short pauses that grow to two seconds", async () => {
    const { wait, clock } = task({ runs: 20_000 });
    await wait();
    expect(clock.sleeps[0]).toBe(100);
    expect(Math.max(...clock.sleeps)).toBe(2_000);
    for (const [index, pause] of clock.sleeps.slice(1).entries())
      expect(pause).toBeGreaterThanOrEqual(clock.sleeps[index] ?? 0);
    expect(clock.sleeps.length).toBeLessThan(20);
  });

  test("ends with the budget: the task is running", async () => {
    const { wait, clock } = task({ runs: 100_000 });
    expect(await wait({ seconds: 3 })).toEqual({ upid, state: "running", log: [] });
    expect(clock.now()).toBe(3_000);
  });

  test("of no seconds asks nothing", async () => {
    const { wait, asked } = task();
    expect(await wait({ seconds: 0 })).toEqual({ upid, state: "running", log: [] });
    expect(asked).toEqual([]);
  });

  test("gives a fresh UPID a few seconds to become known", async () => {
    const { wait } = task({ status: (now) => (now < 3_000 ? noSuchTask() : undefined) });
    expect((await wait()).state).toBe("ok");
  });

  test("for a UPID that stays unknown ends before the budget", async () => {
    const { wait, clock } = task({ status: noSuchTask });
    const error = await failure(wait());
    expect([error.kind, error.sentence]).toEqual(["missing", "Parameter verification failed.\nupid: no such task"]);
    expect(clock.now()).toBeLessThan(8_000);
  });

  test("outlasts a node that can't be reached for a while", async () => {
    const { wait } = task({
      status: (now) => (now < 9_000 ? new Response("", { status: 595, statusText: "No route to host" }) : undefined),
    });
    expect((await wait()).state).toBe("ok");
  });

  test("for a node that stays away ends with that error", async () => {
    const { wait } = task({ status: () => new Response("", { status: 595, statusText: "No route to host" }) });
    expect((await failure(wait())).kind).toBe("node-down");
  });

  test("ends at once when the task may not be seen", async () => {
    const { wait, clock } = task({ status: () => refusal(403, "Permission check failed (/nodes/pve2, Sys.Audit)") });
    expect((await failure(wait())).kind).toBe("forbidden");
    expect(clock.now()).toBe(0);
  });

  test("outlasts a moment in which nobody is trusted", async () => {
    const { wait } = task({
      status: (now) => (now < 3_000 ? new Response(null, { status: 401, statusText: "No ticket" }) : undefined),
    });
    expect((await wait()).state).toBe("ok");
  });

  test("says that the task is still running where its log says nothing, so that the host stays patient", async () => {
    const told: [string, number][] = [];
    await task({ runs: 40_000, lines: () => ["one"] }).wait({
      onProgress: (line: string, count: number) => told.push([line, count]),
    });
    expect(told.map(([line]) => line)).toEqual([
      "one",
      expect.stringMatching(/^running for 1[5-7] s$/),
      expect.any(String),
    ]);
    expect(told.map(([, count]) => count)).toEqual([1, 2, 3]);
  });

  test("tells each line of the log once, in order", async () => {
    const told: [string, number][] = [];
    const all = ["one", "two", "three", "TASK OK"];
    const lines = (now: number) => (now < 1 ? ["no content"] : all.slice(0, Math.ceil(now / 500)));
    const end = await task({ runs: 2_000, lines }).wait({
      onProgress: (line: string, count: number) => told.push([line, count]),
    });
    expect(told).toEqual([
      ["one", 1],
      ["two", 2],
      ["three", 3],
      ["TASK OK", 4],
    ]);
    expect(end.log).toEqual(all);
  });

  test("tells no line twice to whom the log is sent from its beginning", async () => {
    const told: string[] = [];
    const pve = createStandIn(({ path }) => {
      if (path.endsWith("/log")) return log(["one", "two"]);
      return data(pve.clock.now() < 1_000 ? { status: "running" } : { status: "stopped", exitstatus: "OK" });
    });
    await waitForTask(pve.client, upid, { seconds: 9, clock: pve.clock, onProgress: (line) => told.push(line) });
    expect(told).toEqual(["one", "two"]);
  });

  test("reads no log when nobody listens and all is well", async () => {
    const { wait, calls } = task();
    await wait();
    expect(calls().some((call) => call.endsWith("/log"))).toBe(false);
  });

  test.each([0, 1, 3])("that is cancelled in step %d says that the task goes on, and its UPID", async (step) => {
    const controller = new AbortController();
    let count = 0;
    const { wait } = task({
      runs: 60_000,
      status: () => {
        if (count++ === step) controller.abort();
        return undefined;
      },
    });
    const error = await failure(wait({ signal: controller.signal }));
    expect(error.kind).toBe("cancelled");
    expect(error.sentence).toContain("the task goes on");
    expect(error.sentence).toContain(upid);
  });

  test("for something that is no UPID is refused without a request", async () => {
    const { client, clock, asked } = task();
    const error = await failure(waitForTask(client, "UPID:pve1/../x:::", { seconds: 5, clock }));
    expect([error.kind, asked.length]).toEqual(["invalid", 0]);
  });
});

describe("a UPID", () => {
  test.each([
    "UPID:pve1:0000024E:00039337:6B059434:clustercreate:testcl:root@pam:",
    "UPID:pve2:00000205:0003930E:6B059434:clusterjoin::root@pam:",
    "UPID:pve-1:0000024E:00039337:6B059434:vzdump:100:bot@pve!mcp:",
    "UPID:pve1:0000024E:100039337:6B059434:imgdel:102@local:root@pam!mcp:",
  ])("is one: %s", (text) => expect(isUpid(text)).toBe(true));

  test.each(["OK", "", "UPID:pve1", "UPID:pve1:0000024E:00039337:6B059434:x:y/../z:root@pam:", null, 5, ["UPID:"]])(
    "is none: %j",
    (value) => expect(isUpid(value)).toBe(false),
  );

  test("carries node, start, type, id and user", () => {
    expect(parseUpid(upid)).toEqual({
      node: "pve2",
      startTime: 0x6b0594b9,
      type: "qmstart",
      id: "100",
      user: "bot@pve!mcp",
    });
  });
});
