import { describe, expect, test } from "bun:test";
import { PveError } from "../../src/pve/errors.ts";
import type { WireValue } from "../../src/schema/check.ts";
import type { EndpointKey } from "../../src/schema/endpoints.gen.ts";
import { type Answer, createStandIn, data, failure, refusal } from "./stand-in.ts";

interface Call {
  endpoint: EndpointKey;
  values: Record<string, WireValue>;
}
const read: Call = { endpoint: "GET /nodes/{node}/status", values: { node: "pve1" } };
const write: Call = { endpoint: "POST /nodes/{node}/qemu/{vmid}/status/start", values: { node: "pve1", vmid: 100 } };
const remove: Call = { endpoint: "DELETE /nodes/{node}/qemu/{vmid}", values: { node: "pve1", vmid: 100 } };
const change: Call = { endpoint: "PUT /nodes/{node}/dns", values: { node: "pve1", search: "x" } };

const lost = () => new TypeError("socket hang up");
const noConnection = () =>
  new PveError({ kind: "unreachable", sentence: "No connection.", next: "Check.", sent: false });
const status = (code: number, statusText: string) => () => new Response("", { status: code, statusText });

/** Fails as told so often, then succeeds. */
function failing(times: number, fault: () => Answer) {
  let left = times;
  return createStandIn(() => (left-- > 0 ? fault() : data("done")));
}

describe("a read", () => {
  const faults: readonly [string, () => Answer][] = [
    ["a lost connection", lost],
    ["no connection", noConnection],
    ["595", status(595, "No route to host")],
    ["596", status(596, "Connection timed out")],
    ["502 of a proxy", status(502, "Bad Gateway")],
  ];
  test.each(faults)("is sent again after %s", async (_, fault) => {
    const pve = failing(2, fault);
    expect((await pve.client.request(read)).data).toBe("done");
    expect(pve.asked.length).toBe(3);
    expect(pve.clock.sleeps.length).toBe(2);
  });

  test("is given up after four attempts, with what the last one said", async () => {
    const pve = failing(99, status(595, "No route to host"));
    const error = await failure(pve.client.request(read));
    expect([error.kind, error.status, pve.asked.length]).toEqual(["node-down", 595, 4]);
  });

  test("is given up when the time for it is over", async () => {
    const pve = createStandIn(() => {
      pve.clock.move(30_000);
      return status(595, "Connection timed out")();
    });
    await failure(pve.client.request(read));
    expect(pve.asked.length).toBe(1);
  });

  test.each([
    [400, "Parameter verification failed."],
    [401, "No ticket"],
    [403, "Permission check failed"],
    [500, "VM is locked (backup)"],
    [500, "got timeout"],
    [501, "Method 'GET /x' not implemented"],
  ])("is not sent again after %d %s", async (code, text) => {
    const pve = failing(1, () => refusal(code, text));
    await failure(pve.client.request(read));
    expect(pve.calls().filter((call) => call === "GET /nodes/pve1/status").length).toBe(1);
  });

  test("waits longer each time, and part of it by chance", async () => {
    const sleeps = async (random: number) => {
      let left = 3;
      const pve = createStandIn(() => (left-- > 0 ? lost() : data(1)), { random: () => random });
      await pve.client.request(read);
      return pve.clock.sleeps;
    };
    expect(await sleeps(0)).toEqual([100, 200, 400]);
    expect(await sleeps(1)).toEqual([200, 400, 800]);
  });

  test("that is cancelled is cancelled, at every stage", async () => {
    const controller = new AbortController();
    const before = createStandIn(() => data(1));
    expect((await failure(before.client.request(read, { signal: AbortSignal.abort() }))).kind).toBe("cancelled");
    expect(before.asked.length).toBe(0);
    const during = createStandIn(() => {
      controller.abort();
      return lost();
    });
    expect((await failure(during.client.request(read, { signal: controller.signal }))).kind).toBe("cancelled");
    expect(during.asked.length).toBe(1);
  });
});

describe.each([
  ["POST", write],
  ["PUT", change],
  ["DELETE", remove],
])("a write with %s", (_, call) => {
  const faults: readonly [string, () => Answer][] = [
    ["a lost connection", lost],
    ["596", status(596, "Broken pipe")],
    ["502 of a proxy", status(502, "Bad Gateway")],
    ["an answer that can't be read", () => new Response("<html>")],
    ["a deadline", () => new PveError({ kind: "timeout", sentence: "Too late.", next: "Wait." })],
  ];
  test.each(faults)("is never sent again after %s: its fate is unknown", async (_name, fault) => {
    const pve = failing(1, fault);
    const error = await failure(pve.client.request(call));
    expect([error.kind, pve.asked.length]).toEqual(["unknown-fate", 1]);
    expect(error.sentence).toContain(`not known whether ${call.endpoint} took effect`);
    expect(error.next).toContain("recent tasks of node pve1");
  });

  test.each([
    ["no connection was made", noConnection],
    ["the node could not be reached (595)", status(595, "No route to host")],
    ["the handshake between the nodes failed", status(596, "error:0A000086:SSL routines::certificate verify failed")],
  ] as const)("is sent again when it is certain that nothing arrived: %s", async (_name, fault) => {
    const pve = failing(1, fault);
    expect((await pve.client.request(call)).data).toBe("done");
    expect(pve.asked.length).toBe(2);
  });

  test.each([
    [500, "got timeout", "timeout"],
    [500, "VM 100 already running", "conflict"],
    [403, "Permission check failed (user != root@pam)", "forbidden"],
  ] as const)("that PVE refused is reported as that: %d %s", async (code, text, kind) => {
    const pve = failing(1, () => refusal(code, text));
    expect((await failure(pve.client.request(call))).kind).toBe(kind);
  });

  test("that is cancelled under way may have taken effect, and says so", async () => {
    const controller = new AbortController();
    const pve = createStandIn(() => {
      controller.abort();
      return lost();
    });
    const error = await failure(pve.client.request(call, { signal: controller.signal }));
    expect(error.kind).toBe("unknown-fate");
    expect(error.sentence).toContain("cancelled");
  });

  test("that is cancelled before it was sent is cancelled", async () => {
    const pve = createStandIn(() => data(1));
    expect((await failure(pve.client.request(call, { signal: AbortSignal.abort() }))).kind).toBe("cancelled");
    expect(pve.asked.length).toBe(0);
  });
});

describe("requests at once", () => {
  test("are as many as allowed, and the others follow in order", async () => {
    const begun: string[] = [];
    const open: (() => void)[] = [];
    const pve = createStandIn(
      ({ path }) => {
        begun.push(path);
        return new Promise((resolve) => open.push(() => resolve(data(1))));
      },
      { maxConcurrency: 2 },
    );
    const calls = ["a", "b", "c", "d"].map((node) =>
      pve.client.request({ endpoint: "GET /nodes/{node}/dns", values: { node } }),
    );
    await Bun.sleep(5);
    expect(begun).toEqual(["/nodes/a/dns", "/nodes/b/dns"]);
    open.shift()?.();
    await Bun.sleep(5);
    expect(begun).toEqual(["/nodes/a/dns", "/nodes/b/dns", "/nodes/c/dns"]);
    while (begun.length < 4) {
      open.shift()?.();
      await Bun.sleep(1);
    }
    for (const end of open) end();
    expect((await Promise.all(calls)).length).toBe(4);
  });

  test("free their place when they fail, and when one that waits is cancelled", async () => {
    const controller = new AbortController();
    const pve = createStandIn(() => refusal(500, "no"), { maxConcurrency: 1 });
    const calls = [
      failure(pve.client.request(read)),
      failure(pve.client.request(read, { signal: controller.signal })),
      failure(pve.client.request(read)),
    ];
    controller.abort();
    expect((await Promise.all(calls)).map(({ kind }) => kind)).toEqual(["refused", "cancelled", "refused"]);
    expect(pve.asked.length).toBe(2);
  });
});
