import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { once } from "node:events";
import { revokeToken } from "../../../src/server/http/tokens.ts";
import { dial, send, written } from "./raw.ts";
import { answerIn, bearer, type Cluster, callOf, type Service, startCluster, startService } from "./service.ts";

let cluster: Cluster;
let service: Service;
const values = { good: "", narrow: "", own: "", expired: "", revoked: "" };

beforeAll(async () => {
  cluster = await startCluster();
  service = await startService({ env: { ...cluster.env, PROXMOX_TOKEN_VALUE: cluster.simulator.tokens.root } });
  values.good = await service.token("good");
  values.narrow = await service.token("narrow", {
    settings: { PROXMOX_READ_ONLY: "true", PROXMOX_TOOLSETS: "guests" },
  });
  values.own = await service.token("own", { ownPveToken: true });
  values.expired = await service.token("expired", { expires: "2026-01-01T00:00:00Z" });
  values.revoked = await service.token("revoked");
  await revokeToken(service.state, "revoked");
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});
beforeEach(() => {
  cluster.asked.length = 0;
});

const start = callOf("proxmox_guest_stop", { vmid: 100 });
const host = () => `Host: ${service.url.host}`;
const auth = (value: string) => `Authorization: Bearer ${value}`;

/** Each would stop a guest if it came through. */
const attacks: readonly [string, () => string][] = [
  ["a foreign Host", () => written(start, ["Host: evil.example", auth(values.good)])],
  ["a Host that begins like ours", () => written(start, ["Host: localhost.evil.example", auth(values.good)])],
  ["a Host with a user in it", () => written(start, ["Host: localhost@evil.example", auth(values.good)])],
  ["no Host", () => written(start, [auth(values.good)])],
  ["two Hosts", () => written(start, [host(), "Host: evil.example", auth(values.good)])],
  ["a foreign Origin", () => written(start, [host(), "Origin: https://evil.example", auth(values.good)])],
  ["an Origin of null", () => written(start, [host(), "Origin: null", auth(values.good)])],
  ["an Origin that ends like ours", () => written(start, [host(), "Origin: http://evil.localhost", auth(values.good)])],
  ["no token", () => written(start, [host()])],
  ["a made-up token", () => written(start, [host(), auth(`pmcp_${"A".repeat(43)}`)])],
  ["an expired token", () => written(start, [host(), auth(values.expired)])],
  ["a revoked token", () => written(start, [host(), auth(values.revoked)])],
  ["a token in the query", () => written(start, [host()], `POST /mcp?access_token=${values.good} HTTP/1.1`)],
  ["a token as a password", () => written(start, [host(), `Authorization: Basic ${btoa(`good:${values.good}`)}`])],
  ["two Authorizations", () => written(start, [host(), auth("x"), auth(values.good)])],
  ["a narrowed token past its tools", () => written(callOf("proxmox_node_power"), [host(), auth(values.narrow)])],
  ["a read-only token that changes", () => written(start, [host(), auth(values.narrow)])],
  [
    "a line break in a PVE token",
    () => written(start, [host(), auth(values.own), "X-PVE-API-Token: root@pam!mcp=x\rAuthorization: Bearer y"]),
  ],
  ["a PVE token that names another header", () => written(start, [host(), auth(values.own), "X-PVE-API-Token: a b c"])],
  [
    "a PVE token beside one that takes none",
    () => written(start, [host(), auth(values.good), "X-PVE-API-Token: a@b!c=d"]),
  ],
  ["a token of one's own without its PVE token", () => written(start, [host(), auth(values.own)])],
  ["a path that climbs", () => written(start, [host()], "POST /healthz/../mcp HTTP/1.1")],
  ["a path in other letters", () => written(start, [host()], "POST /%6d%63%70 HTTP/1.1")],
  ["a path with two slashes", () => written(start, [host()], "POST //mcp HTTP/1.1")],
  ["a whole address as path", () => written(start, [host()], `POST http://${service.url.host}/mcp HTTP/1.1`)],
  [
    "a body with two lengths",
    () =>
      `${written("", [host(), "Transfer-Encoding: chunked"])}0\r\n\r\n${written(start, [host(), auth(values.good)])}`,
  ],
];

describe("an attack with", () => {
  test.each(attacks)("%s comes to nothing", async (_, bytes) => {
    const { status, text } = await send(service, bytes());
    const refused = status >= 400 || text.includes("Permission Denied");
    expect(refused).toBe(true);
    expect(cluster.asked).toEqual([]);
  });
});

test("a 401 says how to authenticate, and an expired token is told apart from none", async () => {
  const challenge = async (headers: Record<string, string>) =>
    (await service.post(start, headers)).headers.get("www-authenticate");
  expect(await challenge({})).toBe('Bearer realm="proxmox-mcp"');
  expect(await challenge(bearer("nobody"))).toContain('error="invalid_token"');
  expect(await challenge(bearer(values.expired))).toContain("the token expired has expired");
});

test("a thousand wrong tokens: none is let in, and the right one is served meanwhile", async () => {
  const wrong = Array.from(
    { length: 1000 },
    (_, index) => `${values.good.slice(0, -4)}${String(index).padStart(4, "0")}`,
  );
  const statuses = new Set<number>();
  let served = "";
  for (let at = 0; at < wrong.length; at += 50) {
    const tried = wrong.slice(at, at + 50).map(async (value) => {
      const response = await service.post(start, bearer(value));
      await response.text();
      statuses.add(response.status);
    });
    if (at === 500) served = await answerIn(await service.post(callOf("proxmox_guest_list"), bearer(values.good)));
    await Promise.all(tried);
  }
  expect([...statuses]).toEqual([401]);
  expect(served).toStartWith("✅");
});

describe("a connection that", () => {
  test("sends oversized headers is refused with 431", async () => {
    expect((await send(service, written(start, [host(), `X: ${"y".repeat(20_000)}`]))).status).toBe(431);
  });

  test("announces or sends an oversized body is refused with 413 and ended", async () => {
    const big = { jsonrpc: "2.0", id: 1, method: "ping", params: { x: "y".repeat(5 * 1024 * 1024) } };
    const announced = await send(
      service,
      `${written("", [host(), auth(values.good)]).replace(/Length: 0/, "Length: 99999999")}`,
      1000,
    );
    expect([announced.status, announced.ended]).toEqual([413, true]);
    const chunk = `${(64 * 1024).toString(16)}\r\n${" ".repeat(64 * 1024)}\r\n`;
    const head = written("", [host(), auth(values.good), "Transfer-Encoding: chunked"]).replace(
      "Content-Length: 0\r\n",
      "",
    );
    expect((await send(service, head + chunk.repeat(80), 2000)).status).toBe(413);
    expect(JSON.stringify(big).length).toBeGreaterThan(4 * 1024 * 1024);
  });

  test("is cut in the middle of a body changes nothing", async () => {
    const whole = written(callOf("proxmox_guest_stop", { vmid: 101 }), [host(), auth(values.good)]);
    for (const part of [0.3, 0.7, 0.99]) await send(service, whole.slice(0, Math.floor(whole.length * part)), 50);
    expect(cluster.asked).toEqual([]);
  });

  test("is slow with its head, its body or its next request is ended", async () => {
    await using quick = await startService({ limits: { head: 900, upload: 900, idle: 900 } });
    const value = await quick.token("good");
    const own = `Host: ${quick.url.host}`;
    const whole = written(callOf("proxmox_guest_list"), [own, auth(value)]);
    const [silent, head, body, idle] = await Promise.all([
      send(quick, "", 8000),
      send(quick, whole.slice(0, 40), 8000),
      send(quick, whole.slice(0, -5), 8000),
      send(quick, whole, 8000),
    ]);
    expect([silent, head, body, idle].map(({ ended }) => ended)).toEqual([true, true, true, true]);
    expect([silent.status, head.status, body.status, idle.status]).toEqual([0, 0, 0, 200]);
  }, 15_000);

  test("asks and asks and takes no answer is ended", async () => {
    await using quick = await startService({ limits: { stalled: 300 } });
    const value = await quick.token("good");
    const list = written({ jsonrpc: "2.0", id: 1, method: "tools/list", params: {} }, [
      `Host: ${quick.url.host}`,
      auth(value),
    ]);
    const socket = dial(quick);
    socket.pause();
    socket.write(list.repeat(200));
    await new Promise((resolve) => setTimeout(resolve, 2000));
    let text = "";
    socket.on("data", (part) => {
      text += String(part);
    });
    socket.resume();
    await once(socket, "close");
    expect(text.split("HTTP/1.1 200").length - 1).toBeLessThan(200);
  });

  test("comes when there are enough is ended, and those that are open are served", async () => {
    await using small = await startService({ limits: { connections: 3 } });
    const own = `Host: ${small.url.host}`;
    const look = `GET /healthz HTTP/1.1\r\n${own}\r\n\r\n`;
    const three = [1, 2, 3].map(() => dial(small));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const fourth = await send(small, look, 300);
    expect([fourth.status, fourth.ended]).toEqual([0, true]);
    const answers = three.map(async (socket) => {
      socket.write(look);
      const [part] = await once(socket, "data");
      return String(part).slice(0, 12);
    });
    expect(await Promise.all(answers)).toEqual(Array(3).fill("HTTP/1.1 200"));
  });
});
