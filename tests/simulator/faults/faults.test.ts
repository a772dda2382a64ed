import { describe, expect, test } from "bun:test";
import { type FaultRule, faultKinds, parseFault } from "../../../src/simulator/faults/rule.ts";
import { record, rows, side } from "../asking.ts";

function rule(line: string): FaultRule {
  const read = parseFault(line);
  if ("problem" in read) throw new Error(read.problem);
  return read;
}

const faulty = (...lines: string[]) => side({ faults: lines.map(rule) });

/** The code of the error that a call ends with. */
async function codeOf(call: Promise<unknown>): Promise<unknown> {
  const problem: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(problem instanceof TypeError) || !(problem.cause instanceof Error)) return problem;
  return "code" in problem.cause ? problem.cause.code : undefined;
}

const vm = { vmid: "500", name: "x" };

describe("a fault in one line", () => {
  test("is a kind and what it meets; the text takes the rest", () => {
    expect(rule("lock-timeout,method=post,path=/nodes/*/qemu,nth=2,text=no, not now")).toEqual({
      kind: "lock-timeout",
      method: "POST",
      path: "/nodes/*/qemu",
      nth: 2,
      text: "no, not now",
    });
    expect(rule("latency,ms=250,rate=0.5,seed=9")).toEqual({ kind: "latency", ms: 250, rate: 0.5, seed: 9 });
    expect(rule("595,text=Connection refused")).toEqual({ kind: "595", text: "Connection refused" });
    for (const kind of Object.keys(faultKinds)) expect<string>(rule(kind).kind).toBe(kind);
  });

  test.each([
    ["nope", "unknown fault"],
    ["", "unknown fault"],
    ["toString", "unknown fault"],
    ["cut,nth=0", "nth is a whole number from 1 on"],
    ["cut,nth=1.5", "nth is a whole number from 1 on"],
    ["cut,rate=2", "rate is between 0 and 1"],
    ["cut,ms=", "ms is a number"],
    ["cut,ms=-1", "ms is a number"],
    ["cut,method=PATCH", "method is GET"],
    ["cut,path=nodes", "path begins with /"],
    ["cut,often=1", 'not "often"'],
  ])("%p is told to be wrong", (line, expected) => {
    const read = parseFault(line);
    expect("problem" in read ? read.problem : "").toContain(expected);
  });
});

describe("a fault meets", () => {
  test("the nth call that fits, and no other", async () => {
    const { ask } = faulty("595,path=/nodes,nth=2");
    const statuses = [];
    for (let count = 0; count < 3; count++) statuses.push((await ask("GET", "/nodes")).status);
    expect(statuses).toEqual([200, 595, 200]);
    expect((await ask("GET", "/version")).status).toBe(200);
  });

  test("every nth, and no more often than it may", async () => {
    const { ask } = faulty("596,every=2,times=2");
    const statuses = [];
    for (let count = 0; count < 8; count++) statuses.push((await ask("GET", "/version")).status);
    expect(statuses).toEqual([200, 596, 200, 596, 200, 200, 200, 200]);
  });

  test("a part of the calls, the same ones for the same seed", async () => {
    const met = async (line: string) => {
      const { ask } = faulty(line);
      const statuses = [];
      for (let count = 0; count < 200; count++) statuses.push((await ask("GET", "/version")).status);
      return statuses;
    };
    const once = await met("595,rate=0.2,seed=4");
    const share = once.filter((status) => status === 595).length;
    expect(share).toBeGreaterThan(20);
    expect(share).toBeLessThan(60);
    expect(await met("595,rate=0.2,seed=4")).toEqual(once);
    expect(await met("595,rate=0.2,seed=5")).not.toEqual(once);
  });

  test("all below its path, whatever stands for *, and the method that it names", async () => {
    const { ask } = faulty("595,path=/nodes/*/qemu,method=GET");
    expect((await ask("GET", "/nodes/pve1/qemu")).status).toBe(595);
    expect((await ask("GET", "/nodes/pve3/qemu/104/config")).status).toBe(595);
    expect((await ask("GET", "/nodes/pve1/lxc")).status).toBe(200);
    expect((await ask("POST", "/nodes/pve1/qemu/100/status/reset")).status).toBe(200);
  });

  test("what a test adds between two calls, until it takes it away", async () => {
    const { ask, simulator } = side();
    simulator.faults.push(rule("401"));
    expect(await ask("GET", "/version")).toMatchObject({ status: 401, reason: "Authentication failed!", text: "" });
    simulator.faults.length = 0;
    expect((await ask("GET", "/version")).status).toBe(200);
  });
});

describe("of the faults", () => {
  test("latency lets simulated time pass and changes nothing else", async () => {
    const { ask, simulator } = faulty("latency,ms=2500,nth=1");
    const before = record((await ask("GET", "/nodes/pve1/time")).data).time;
    const after = record((await ask("GET", "/nodes/pve1/time")).data).time;
    expect([before, after].map(Number)).toEqual([1795521602, 1795521602]);
    expect(simulator.faults).toHaveLength(1);
  });

  test("595 and 596 have an empty body, a reason, and no effect", async () => {
    const { ask } = faulty("595,method=POST,nth=1", "596,method=POST,nth=2,text=Broken pipe");
    expect(await ask("POST", "/nodes/pve1/qemu", vm)).toMatchObject({
      status: 595,
      reason: "No route to host",
      text: "",
    });
    expect((await ask("GET", "/cluster/nextid", { vmid: "500" })).data).toBe("500");
    // the second rule counts its own calls
    expect((await ask("POST", "/nodes/pve1/qemu", vm)).reason).toBe("Broken pipe");
  });

  test("a reset before the request is a TypeError with ECONNRESET, and nothing was done", async () => {
    const { ask } = faulty("reset-before,method=POST");
    expect(await codeOf(ask("POST", "/nodes/pve1/qemu", vm))).toBe("ECONNRESET");
    expect((await ask("GET", "/nodes/pve1/qemu/500/config")).status).toBe(500);
  });

  test("a reset after the request is the same, and the VM is there", async () => {
    const { ask, pass } = faulty("reset-after,method=POST");
    expect(await codeOf(ask("POST", "/nodes/pve1/qemu", vm))).toBe("ECONNRESET");
    pass(60_000);
    expect(record((await ask("GET", "/nodes/pve1/qemu/500/config")).data).name).toBe("x");
  });

  test("a cut body begins as usual and breaks off with ECONNRESET", async () => {
    const { simulator } = faulty("cut");
    const headers = { authorization: `PVEAPIToken=${simulator.tokens.root}` };
    const response = await simulator.fetch(new Request("https://pve/api2/json/nodes", { headers }));
    expect(response.status).toBe(200);
    expect(Number(response.headers.get("content-length"))).toBeGreaterThan(100);
    expect(await codeOf(response.text())).toBe("ECONNRESET");
  });

  test("a body that is no JSON comes with 200, and the request took effect", async () => {
    const { ask, pass } = faulty("no-json,method=POST");
    const answer = await ask("POST", "/nodes/pve1/qemu", vm);
    expect(answer.status).toBe(200);
    expect(answer.text).toStartWith("<!DOCTYPE html>");
    pass(60_000);
    expect((await ask("GET", "/nodes/pve1/qemu/500/config")).status).toBe(200);
  });

  test("a lock that isn't to be had is the guest's own", async () => {
    const { ask } = faulty("lock-timeout,method=PUT");
    const qemu = await ask("PUT", "/nodes/pve1/qemu/100/config", { memory: "512" });
    expect(qemu.message).toBe("can't lock file '/var/lock/qemu-server/lock-100.conf' - got timeout\n");
    const lxc = await ask("PUT", "/nodes/pve1/lxc/103/config", { memory: "512" });
    expect(lxc.message).toBe("can't lock file '/run/lock/lxc/pve-config-103.lock' - got timeout\n");
    expect(qemu.status).toBe(500);
  });

  test("a task that fails ends with its text, and gives back what it took", async () => {
    const { ask, run, simulator } = faulty("task-fails,path=/nodes/pve3/qemu/111/status/start,text=no space left");
    expect(await run("POST", "/nodes/pve3/qemu/111/status/start")).toBe("no space left");
    expect(record((await ask("GET", "/nodes/pve3/qemu/111/status/current")).data).status).toBe("stopped");
    simulator.faults.length = 0;
    expect(await run("POST", "/nodes/pve3/qemu/111/status/start")).toBe("OK");
  });

  test("a task that warns does its work and ends as WARNINGS: 1", async () => {
    const { ask, run } = faulty("task-warns,text=it is late");
    expect(await run("POST", "/nodes/pve3/qemu/111/status/start")).toBe("WARNINGS: 1");
    expect(record((await ask("GET", "/nodes/pve3/qemu/111/status/current")).data).status).toBe("running");
    const [task] = rows((await ask("GET", "/nodes/pve3/tasks")).data);
    const log = rows((await ask("GET", `/nodes/pve3/tasks/${task?.upid}/log`)).data).map((line) => line.t);
    expect(log.slice(-2)).toEqual(["WARN: it is late", "TASK WARNINGS: 1"]);
  });

  test("a task that hangs runs for ever, until it is stopped", async () => {
    const { ask, pass } = faulty("task-hangs,method=POST");
    const { data: upid } = await ask("POST", "/nodes/pve3/qemu/111/status/start");
    const status = async () => record((await ask("GET", `/nodes/pve3/tasks/${upid}/status`)).data);
    pass(7 * 86_400_000);
    expect((await status()).status).toBe("running");
    await ask("DELETE", `/nodes/pve3/tasks/${upid}`);
    expect(await status()).toMatchObject({ status: "stopped", exitstatus: "received interrupt" });
    const config = await ask("PUT", "/nodes/pve3/qemu/111/config", { memory: "512" });
    expect(config.status).toBe(200);
  });

  test("a task hangs at any speed without stopping the cluster", async () => {
    const { ask } = side({ speed: Number.POSITIVE_INFINITY, faults: [rule("task-hangs,method=POST")] });
    await ask("POST", "/nodes/pve3/qemu/111/status/start");
    expect((await ask("GET", "/version")).status).toBe(200);
  });
});
