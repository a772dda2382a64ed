import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { bearer, callOf, connectNew, messageIn, type Service, startService } from "./service.ts";

/** Its `sessionId` may be undefined, which the SDK's own interface doesn't say. */
class Sessionless extends OldHttp {
  override get sessionId(): string {
    return super.sessionId ?? "";
  }
}

let service: Service;
let value: string;
beforeAll(async () => {
  service = await startService();
  value = await service.token("alice");
});
afterAll(() => service[Symbol.asyncDispose]());

describe("over HTTP", () => {
  test("a client of SDK 1.x connects, lists and calls", async () => {
    const client = new OldClient({ name: "old", version: "1.0.0" });
    const transport = new Sessionless(service.url, { requestInit: { headers: bearer(value) } });
    await client.connect(transport);
    const { tools } = await client.listTools();
    const result = await client.callTool({ name: "proxmox_guest_list", arguments: {} });
    await client.close();
    expect(tools.length).toBeGreaterThan(80);
    expect(JSON.stringify(result.content)).toContain("web-01");
  });

  test.each([
    ["2025-11-25", "legacy" as const],
    ["2026-07-28", { pin: "2026-07-28" }],
  ])("a client of SDK 2.x speaks %s: it connects, lists and calls", async (revision, mode) => {
    const client = await connectNew(service.url, bearer(value), mode);
    const { tools } = await client.listTools();
    const result = await client.callTool({ name: "proxmox_guest_list", arguments: {} });
    const [negotiated, server] = [client.getNegotiatedProtocolVersion(), client.getServerVersion()];
    await client.close();
    expect(negotiated).toBe(revision);
    expect(server?.name).toBe("proxmox-mcp-demo");
    expect(tools.length).toBeGreaterThan(80);
    expect(JSON.stringify(result.content)).toContain("web-01");
  });

  test.each(["legacy" as const, { pin: "2026-07-28" }])("progress comes while a task runs (%j)", async (mode) => {
    const client = await connectNew(service.url, bearer(value), mode);
    const lines: string[] = [];
    const vmid = mode === "legacy" ? "9100" : "9101";
    const created = await client.callTool(
      { name: "proxmox_create_vm", arguments: { node: "pve1", vmid, name: `p${vmid}`, cores: 1, memory: 512 } },
      { onprogress: ({ message }) => lines.push(message ?? "") },
    );
    await client.close();
    expect(created.isError).toBe(false);
    expect(lines.length).toBeGreaterThan(0);
  });

  test("healthz and readyz are answered without a token", async () => {
    const { origin } = service.url;
    expect(await (await fetch(`${origin}/healthz`)).text()).toBe("ok\n");
    const ready = await fetch(`${origin}/readyz?pve`);
    expect([ready.status, await ready.text()]).toEqual([200, "ready\n"]);
  });

  test("what isn't there or isn't MCP gets plain HTTP, what is no message JSON-RPC", async () => {
    const send = (path: string, init: RequestInit) => fetch(`${service.url.origin}${path}`, init);
    const headers = {
      ...bearer(value),
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    };
    expect((await send("/", {})).status).toBe(404);
    expect((await send("/mcp", { headers })).status).toBe(405);
    expect((await send("/mcp", { method: "PUT", headers, body: "{}" })).status).toBe(405);
    expect(
      (await send("/mcp", { method: "POST", headers: { ...headers, "content-type": "text/plain" }, body: "{}" }))
        .status,
    ).toBe(415);
    const broken = await send("/mcp", { method: "POST", headers, body: "{" });
    expect([broken.status, (await messageIn(broken)).error?.code]).toEqual([400, -32700]);
    const proto = await send("/mcp", {
      method: "POST",
      headers,
      body: '{"jsonrpc":"2.0","id":1,"method":"ping","__proto__":{}}',
    });
    expect([proto.status, (await messageIn(proto)).error?.code]).toEqual([400, -32600]);
    const batch = await service.post(
      Array.from({ length: 33 }, (_, id) => callOf("proxmox_guest_list", {}, id)),
      headers,
    );
    expect([batch.status, (await messageIn(batch)).error?.code]).toEqual([400, -32600]);
  });
});

test("without authentication it serves whoever reaches loopback, and takes no PVE token", async () => {
  await using open = await startService({ options: { "no-auth": true } });
  expect((await open.post(callOf("proxmox_guest_list"))).status).toBe(200);
  expect((await open.post(callOf("proxmox_guest_list"), { "x-pve-api-token": "a@pve!b=c" })).status).toBe(400);
});

test("a socket in the file system is served, and one that was left behind is in nobody's way", async () => {
  const path = `/tmp/http-${process.pid}.sock`;
  for (let round = 0; round < 2; round++) {
    await using local = await startService({ options: { http: `unix:${path}` } });
    const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
    const auth = bearer(await local.token("alice"));
    const body = JSON.stringify(callOf("proxmox_guest_list"));
    const answer = await fetch("http://localhost/mcp", {
      unix: path,
      method: "POST",
      headers: { ...headers, ...auth },
      body,
    });
    expect(answer.status).toBe(200);
    await answer.text();
  }
});
