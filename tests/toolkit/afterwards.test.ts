import { describe, expect, test } from "bun:test";
import { createRate } from "../../src/pve/rate.ts";
import { callTool } from "../../src/toolkit/call.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { clusterOver, sentOf } from "./stand-in.ts";

const start = catalogue.find(({ name }) => name === "proxmox_guest_start");
const list = catalogue.find(({ name }) => name === "proxmox_guest_list");
if (!start || !list) throw new Error("no tools");
const upid = "UPID:pve1:000ABCDE:0003C6F4:6B0594B9:qmstart:100:root@pam!t:";

/** A cluster with one guest; `at` answers for what the test is about. */
function cluster(at: (path: string) => Response | undefined) {
  const calls: string[] = [];
  const made = clusterOver(async (request) => {
    const { method, path } = await sentOf(request);
    calls.push(`${method} ${path}`);
    const special = at(path);
    if (special) return special;
    if (path === "/cluster/resources")
      return Response.json({ data: [{ type: "qemu", vmid: 100, name: "a", node: "pve1" }] });
    if (path === "/nodes") return Response.json({ data: [{ node: "pve1", status: "online" }] });
    if (method === "POST") return Response.json({ data: upid });
    if (path.includes("/log")) return Response.json({ data: [{ n: 1, t: "line" }], total: 1 });
    return Response.json({
      data: path.includes("/tasks/") ? { status: "stopped", exitstatus: "OK" } : { status: "running" },
    });
  });
  return { cluster: made, calls };
}

const refused = (status: number, message: string) => Response.json({ data: null, message }, { status });

describe("a change that was made", () => {
  test("is no failure because the look at it afterwards failed", async () => {
    const { cluster: pve } = cluster((path) => (path.endsWith("/current") ? refused(500, "some trouble") : undefined));
    const answer = await callTool(start, { vmid: 100 }, pve);
    expect(answer.outcome).toBe("ok");
    expect(answer.notes).toEqual(["It was done; how it looks now could not be read: some trouble"]);
  });

  test("whose task can't be read is neither a success nor a failure, and tells the UPID", async () => {
    const { cluster: pve } = cluster((path) =>
      path.endsWith("/status") ? refused(403, "Permission check failed") : undefined,
    );
    const answer = await callTool(start, { vmid: 100 }, pve);
    expect([answer.outcome, answer.kind, answer.task]).toEqual(["error", "unknown-fate", { upid }]);
    expect(answer.summary).toContain("the task was started");
    expect(answer.reason?.join(" ")).toContain("Permission check failed");
  });

  test("whose waiting was cancelled says that the task goes on, and how to stop it", async () => {
    const controller = new AbortController();
    const { cluster: pve } = cluster((path) => {
      if (!path.endsWith("/status")) return undefined;
      controller.abort();
      return Response.json({ data: { status: "running" } });
    });
    const answer = await callTool(start, { vmid: 100 }, pve, { signal: controller.signal });
    expect([answer.kind, answer.task]).toEqual(["cancelled", { upid }]);
    expect(answer.reason?.join(" ")).toMatch(/the task goes on.*stops it/);
  });
});

describe("a call that comes too early", () => {
  test("is answered with the seconds to wait, and sends nothing", async () => {
    const { cluster: pve, calls } = cluster(() => undefined);
    const limited = { ...pve, rate: createRate(1, pve.clock) };
    expect((await callTool(list, {}, limited)).outcome).toBe("ok");
    const sent = calls.length;
    const answer = await callTool(list, {}, limited);
    expect([answer.outcome, answer.kind, calls.length]).toEqual(["error", "refused", sent]);
    expect(answer.reason?.join(" ")).toMatch(/PROXMOX_RATE_LIMIT.* Wait \d+ seconds and call again\./);
  });
});

describe("the waiting for a task", () => {
  test("is shorter than a client's patience, and longer where the host takes progress", async () => {
    const waits: Record<string, number> = {};
    for (const host of ["silent", "listening"]) {
      let now = 0;
      const { cluster: pve } = cluster((path) =>
        path.endsWith("/status") ? Response.json({ data: { status: "running" } }) : undefined,
      );
      const sleep = async (ms: number) => {
        now += ms;
      };
      const clock = { now: () => now, sleep };
      const caller = host === "listening" ? { onProgress: () => {} } : {};
      const answer = await callTool(start, { vmid: 100 }, { ...pve, clock }, caller);
      expect(answer.outcome).toBe("running");
      waits[host] = now / 1000;
    }
    expect(waits).toEqual({ silent: 45, listening: 240 });
  });
});
