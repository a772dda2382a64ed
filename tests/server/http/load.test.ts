import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Agent, request as httpRequest } from "node:http";
import { revokeToken } from "../../../src/server/http/tokens.ts";
import {
  answerIn,
  bearer,
  type Cluster,
  callOf,
  type Service,
  startCluster,
  startService,
  usualHeaders,
} from "./service.ts";

let cluster: Cluster;
const env = () => ({ ...cluster.env, PROXMOX_TOKEN_VALUE: cluster.simulator.tokens.root });
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** A call over an agent of so many connections; rejects when no whole answer comes. */
function call(service: Service, agent: Agent, value: string, id: number, name: string, args: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { ...usualHeaders, ...bearer(value) };
    const out = httpRequest(service.url, { agent, method: "POST", headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => {
        text += part;
      });
      answer.on("error", reject);
      answer.on("end", () => (answer.complete ? resolve(`${answer.statusCode} ${text}`) : reject(new Error("cut"))));
    });
    out.on("error", reject);
    out.end(JSON.stringify(callOf(name, args, id)));
  });
}

describe("1,000 calls at once through 64 connections", () => {
  test("are all answered, each with its own id", async () => {
    await using service = await startService({ env: env() });
    const value = await service.token("many");
    const agent = new Agent({ keepAlive: true, maxSockets: 64 });
    const answers = await Promise.all(
      Array.from({ length: 1000 }, (_, id) =>
        call(service, agent, value, id, id % 2 ? "proxmox_guest_list" : "proxmox_get_next_vmid", {}),
      ),
    );
    agent.destroy();
    const lost = answers.filter(
      (text, id) => !text.startsWith("200 ") || !text.includes(`"id":${id}}`) || !text.includes("✅"),
    );
    expect(lost.map((text) => text.slice(0, 200))).toEqual([]);
  }, 60_000);
});

describe("more at once than allowed", () => {
  test("is told to come again, and nothing of it is sent", async () => {
    await using service = await startService({ env: env(), limits: { requests: 2 } });
    const value = await service.token("many");
    const responses = await Promise.all(
      Array.from({ length: 8 }, () => service.post(callOf("proxmox_guest_list"), bearer(value))),
    );
    const statuses = responses.map(({ status }) => status);
    expect(statuses).toContain(200);
    expect(statuses).toContain(503);
    expect(responses.find(({ status }) => status === 503)?.headers.get("retry-after")).toBe("1");
    await Promise.all(responses.map((response) => response.text()));
  });
});

describe("SIGHUP under load", () => {
  test("drops no call, and what was revoked is refused after it", async () => {
    await using service = await startService({ env: env() });
    const [stays, goes] = [await service.token("stays"), await service.token("goes")];
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    const calls = Array.from({ length: 200 }, (_, id) => call(service, agent, stays, id, "proxmox_guest_list", {}));
    expect((await service.post(callOf("proxmox_guest_list"), bearer(goes))).status).toBe(200);
    await revokeToken(service.state, "goes");
    for (let times = 0; times < 5; times++) service.signal("SIGHUP");
    const answers = await Promise.all(calls);
    agent.destroy();
    expect(answers.filter((text) => !text.startsWith("200 "))).toEqual([]);
    expect((await service.post(callOf("proxmox_guest_list"), bearer(goes))).status).toBe(401);
  }, 30_000);
});

describe("SIGTERM under load", () => {
  test("lets every call that was taken have its answer", async () => {
    const service = await startService({ env: env() });
    const value = await service.token("last");
    const agent = new Agent({ keepAlive: true, maxSockets: 32 });
    const calls = Array.from({ length: 32 }, (_, id) => call(service, agent, value, id, "proxmox_guest_list", {}));
    await new Promise((resolve) => setTimeout(resolve, 15));
    service.signal("SIGTERM");
    const answers = await Promise.allSettled(calls);
    await service.ended;
    agent.destroy();
    // one that wasn't taken any more is refused as a whole: it was never begun
    const halves = answers.filter((one) => one.status === "rejected" && String(one.reason).includes("cut"));
    const wrong = answers.filter((one) => one.status === "fulfilled" && !/^(?:200|503) /.test(one.value));
    expect([halves.length, wrong.length]).toEqual([0, 0]);
    expect(answers.filter((one) => one.status === "fulfilled").length).toBeGreaterThan(0);
    expect(service.told).toEqual(["READY=1", expect.stringContaining("STATUS="), "STOPPING=1"]);
  }, 30_000);

  test("gives a call that waits for a task the word that the task goes on", async () => {
    await using slow = await startCluster(0.05);
    const service = await startService({
      env: { ...slow.env, PROXMOX_TOKEN_VALUE: slow.simulator.tokens.root },
      limits: { grace: 300 },
    });
    const value = await service.token("last");
    const running = service.post(callOf("proxmox_guest_shutdown", { vmid: 100 }), bearer(value));
    while (!slow.asked.some(({ path }) => path.includes("/tasks/")))
      await new Promise((resolve) => setTimeout(resolve, 20));
    service.signal("SIGTERM");
    const text = await answerIn(await running);
    await service.ended;
    expect(text).toContain("the task goes on");
    expect(text).toContain("UPID:");
  }, 30_000);

  test("isn't held up by whoever waits for changes of the list", async () => {
    const service = await startService({ env: env() });
    const value = await service.token("listens");
    const meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": {},
      "io.modelcontextprotocol/clientInfo": { name: "x", version: "1" },
    };
    const params = { _meta: meta, notifications: { toolsListChanged: true } };
    const headers = { ...bearer(value), "mcp-protocol-version": "2026-07-28", "mcp-method": "subscriptions/listen" };
    const stream = await service.post({ jsonrpc: "2.0", id: 1, method: "subscriptions/listen", params }, headers);
    const begun = Date.now();
    service.signal("SIGTERM");
    await Promise.all([service.ended, stream.text().catch(() => "")]);
    expect(Date.now() - begun).toBeLessThan(3_000);
  });
});
