import { describe, expect, test } from "bun:test";
import type { PveRequest } from "../../src/pve/client.ts";
import type { EndpointKey } from "../../src/schema/endpoints.gen.ts";
import { createStandIn, data, failure } from "./stand-in.ts";

const on = (endpoint: EndpointKey, vmid = 100, more: object = {}): PveRequest => ({
  endpoint,
  values: { node: "pve1", vmid, ...more },
});
const config = on("PUT /nodes/{node}/qemu/{vmid}/config");
const upid = "UPID:pve1:000ABCDE:0003C6F4:6B0594B9:qmshutdown:100:bot@pve!mcp:";

/** A cluster that answers a request only when it is let go. */
function gated() {
  const open = new Map<string, () => void>();
  const pve = createStandIn(({ method, path }) => {
    return new Promise((resolve) => open.set(`${method} ${path}`, () => resolve(data(null))));
  });
  const begun = async () => {
    await Bun.sleep(2);
    return pve.calls();
  };
  return { ...pve, open, begun };
}

describe("requests that change one guest", () => {
  test("go one after the other, in their order", async () => {
    const { client, begun, open } = gated();
    const both = [client.request(config), client.request(on("POST /nodes/{node}/qemu/{vmid}/snapshot"))];
    expect(await begun()).toEqual(["PUT /nodes/pve1/qemu/100/config"]);
    open.get("PUT /nodes/pve1/qemu/100/config")?.();
    expect(await begun()).toEqual(["PUT /nodes/pve1/qemu/100/config", "POST /nodes/pve1/qemu/100/snapshot"]);
    open.get("POST /nodes/pve1/qemu/100/snapshot")?.();
    await Promise.all(both);
  });

  test("hold up neither another guest nor a read", async () => {
    const { client, begun } = gated();
    void client.request(config);
    void client.request(on("PUT /nodes/{node}/qemu/{vmid}/config", 101));
    void client.request(on("GET /nodes/{node}/qemu/{vmid}/config"));
    expect((await begun()).length).toBe(3);
  });

  test.each([
    on("POST /nodes/{node}/qemu/{vmid}/status/stop"),
    on("POST /nodes/{node}/lxc/{vmid}/status/stop"),
    on("POST /nodes/{node}/qemu/{vmid}/agent/fsfreeze-thaw"),
    on("POST /nodes/{node}/qemu/{vmid}/agent", 100, { command: "fsfreeze-thaw" }),
    { endpoint: "DELETE /nodes/{node}/tasks/{upid}", values: { node: "pve1", upid } } satisfies PveRequest,
  ])("are passed by what ends a jam: $endpoint", async (urgent) => {
    const { client, begun } = gated();
    void client.request(config);
    void client.request(urgent);
    expect((await begun()).length).toBe(2);
  });

  test("let the next one go when one fails, and when one that waits is cancelled", async () => {
    const controller = new AbortController();
    const { client, begun, open } = gated();
    const first = client.request(config);
    const second = failure(client.request(config, { signal: controller.signal }));
    const third = client.request(on("POST /nodes/{node}/qemu/{vmid}/status/start"));
    expect((await begun()).length).toBe(1);
    controller.abort();
    expect((await second).kind).toBe("cancelled");
    open.get("PUT /nodes/pve1/qemu/100/config")?.();
    await first;
    expect(await begun()).toEqual(["PUT /nodes/pve1/qemu/100/config", "POST /nodes/pve1/qemu/100/status/start"]);
    open.get("POST /nodes/pve1/qemu/100/status/start")?.();
    await third;
  });

  test("take no place from others while they wait for their turn", async () => {
    const pve = createStandIn(() => new Promise(() => {}), { maxConcurrency: 2 });
    for (let count = 0; count < 5; count++) void pve.client.request(config);
    void pve.client.request({ endpoint: "GET /version", values: {} });
    await Bun.sleep(2);
    expect(pve.calls()).toEqual(["PUT /nodes/pve1/qemu/100/config", "GET /version"]);
  });
});
