import { describe, expect, test } from "bun:test";
import { createClient, type PveRequest } from "../../src/pve/client.ts";
import type { PveError } from "../../src/pve/errors.ts";
import { isUpid, type TaskEnd, waitForTask } from "../../src/pve/tasks.ts";
import { type FaultKind, faultKinds } from "../../src/simulator/faults/rule.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { createJumpingClock } from "./stand-in.ts";

const read: PveRequest = { endpoint: "GET /nodes/{node}/qemu/{vmid}/config", values: { node: "pve1", vmid: 100 } };
const write: PveRequest = { endpoint: "POST /pools", values: { poolid: "made" } };
const worked: PveRequest = {
  endpoint: "POST /nodes/{node}/qemu/{vmid}/snapshot",
  values: { node: "pve1", vmid: 100, snapname: "made" },
};

/** The embedded cluster with a fault for the first `times` calls of one method, and time that jumps. */
function cluster(kind: FaultKind, method: string, times = 1) {
  const clock = createJumpingClock();
  clock.move(Date.parse("2026-11-24T12:00:00Z"));
  const simulator = createSimulator({ seed: 1, clock, faults: [{ kind, method, times }] });
  const asked: string[] = [];
  const client = createClient({
    base: "https://pve:8006",
    authorization: `PVEAPIToken=${simulator.tokens.root}`,
    clock,
    random: () => 0.5,
    fetch: (request) => {
      asked.push(request.method);
      return simulator.fetch(request);
    },
  });
  return { client, clock, simulator, sent: (one: string) => asked.filter((method) => method === one).length };
}

const outcome = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "done",
    (error: PveError) => error.kind,
  );

const kinds = Object.keys(faultKinds).filter((kind): kind is FaultKind => kind in faultKinds);

/** What becomes of a read and of a write, and whether the write took effect. */
const expected: Readonly<Record<FaultKind, { read: string; write: string; took: boolean }>> = {
  latency: { read: "done", write: "done", took: true },
  "595": { read: "done", write: "done", took: true },
  "596": { read: "done", write: "unknown-fate", took: false },
  "reset-before": { read: "done", write: "unknown-fate", took: false },
  "reset-after": { read: "done", write: "unknown-fate", took: true },
  cut: { read: "done", write: "unknown-fate", took: true },
  "no-json": { read: "done", write: "unknown-fate", took: true },
  "401": { read: "unauthorised", write: "unauthorised", took: false },
  "lock-timeout": { read: "locked", write: "done", took: true },
  "task-fails": { read: "done", write: "done", took: true },
  "task-warns": { read: "done", write: "done", took: true },
  "task-hangs": { read: "done", write: "done", took: true },
};

describe.each(kinds)("the fault %s", (kind) => {
  test("in a read", async () => {
    const { client } = cluster(kind, "GET");
    expect(await outcome(client.request(read))).toBe(expected[kind].read);
  });

  test("in a write: told as what it is, and never carried out twice", async () => {
    const { client, simulator, sent } = cluster(kind, "POST");
    const said = await outcome(client.request(write));
    const repeated = kind === "595" || kind === "lock-timeout";
    expect([said, "made" in simulator.state.pools, sent("POST")]).toEqual([
      expected[kind].write,
      expected[kind].took,
      repeated ? 2 : 1,
    ]);
  });

  test("that goes on and on ends all the same", async () => {
    const { client, clock } = cluster(kind, "GET", Number.POSITIVE_INFINITY);
    const begin = clock.now();
    await outcome(client.request(read));
    expect(clock.now() - begin).toBeLessThan(60_000);
  });
});

describe("a task's fault", () => {
  const end = async (kind: FaultKind): Promise<TaskEnd> => {
    const { client, clock } = cluster(kind, "POST");
    const { data } = await client.request(worked);
    if (!isUpid(data)) throw new Error(`no UPID: ${String(data)}`);
    return waitForTask(client, data, { seconds: 45, clock });
  };

  test("that fails it is its exit status", async () => {
    const { state, exitstatus, log } = await end("task-fails");
    expect([state, exitstatus, log.at(-1)]).toEqual(["failed", "fault on demand", "TASK ERROR: fault on demand"]);
  });

  test("that makes it warn is a success with the warning", async () => {
    const { state, exitstatus, log } = await end("task-warns");
    expect([state, exitstatus, log[0]]).toEqual(["warnings", "WARNINGS: 1", "WARN: fault on demand"]);
  });

  test("that makes it hang ends with the budget", async () => {
    expect((await end("task-hangs")).state).toBe("running");
  });

  test.each(["595", "596", "reset-before", "reset-after", "cut", "401", "no-json"] as const)(
    "%s while it is waited for changes nothing of its end",
    async (kind) => {
      const { client, clock, simulator } = cluster(kind, "GET", 2);
      const { data } = await client.request(worked);
      if (!isUpid(data)) throw new Error(`no UPID: ${String(data)}`);
      const { state } = await waitForTask(client, data, { seconds: 45, clock });
      expect([state, simulator.state.tasks[0]?.exitstatus]).toEqual(["ok", "OK"]);
    },
  );
});
