import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { readBody } from "../../src/pve/body.ts";
import { PveError } from "../../src/pve/errors.ts";
import { createTransport, type Transport } from "../../src/pve/transport.ts";
import { createCertificate } from "../../src/simulator/https/certificate.ts";
import { type Arrived, json, type Reply, reply, serveTls, type TlsServer } from "./tls-server.ts";

const certificate = createCertificate({ subject: "pve1", names: ["localhost"] });
const options = { mode: "verify", fingerprint: certificate.fingerprint } as const;

let server: TlsServer;
let fetch: Transport;
let answer: (request: Arrived) => Reply | Promise<Reply> = () => json(null);

beforeAll(async () => {
  server = await serveTls(certificate, (request) => answer(request));
  fetch = createTransport(options);
});
afterAll(async () => {
  fetch.close();
  await server.stop();
});

const get = (path = "/", init: RequestInit = {}) => fetch(new Request(server.base + path, init));

async function failure(promise: Promise<unknown>): Promise<PveError> {
  const error = await promise.then(
    () => "no error",
    (reason: unknown) => reason,
  );
  if (!(error instanceof PveError)) throw new Error(`not a PveError: ${String(error)}`);
  return error;
}

describe("a request", () => {
  test("arrives with its method, path, headers and body", async () => {
    answer = () => json(null);
    const headers = { authorization: "PVEAPIToken=a@pve!b=c", "content-type": "application/x-www-form-urlencoded" };
    await get("/api2/json/x?y=%2F", { method: "PUT", headers, body: "name=%C3%BC" });
    const seen = server.arrived.at(-1);
    expect(seen?.method).toBe("PUT");
    expect(seen?.path).toBe("/api2/json/x?y=%2F");
    expect(seen?.body).toBe("name=%C3%BC");
    expect(seen?.headers).toMatch(/^authorization: PVEAPIToken=a@pve!b=c\r?$/im);
    expect(seen?.headers).toMatch(/^content-length: 11\r?$/im);
  });

  test("is not chunked without a body, and a GET or DELETE announces none", async () => {
    answer = () => json(null);
    for (const [method, length] of [
      ["GET", undefined],
      ["DELETE", undefined],
      ["POST", "0"],
      ["PUT", "0"],
    ] as const) {
      await get("/", { method });
      const headers = server.arrived.at(-1)?.headers ?? "";
      expect(headers).not.toMatch(/transfer-encoding/i);
      expect(/^content-length: *(\d+)/im.exec(headers)?.[1]).toBe(length);
    }
  });

  test("names the host in the handshake, but no address: that is not allowed in it", async () => {
    answer = () => json(null);
    await get();
    expect(server.arrived.at(-1)?.servername).toBe("localhost");
    await fetch(new Request(`https://127.0.0.1:${server.port}/`));
    expect(server.arrived.at(-1)?.servername).toBe("");
  });

  test("uses the connection of the one before", async () => {
    answer = () => json(null);
    await (await get()).text();
    const before = server.opened();
    for (let count = 0; count < 20; count++) await (await get()).text();
    expect(server.opened()).toBe(before);
  });

  test("finds no connection that has been idle for too long, and its own is not cut short", async () => {
    const other = await serveTls(certificate, async () => {
      await Bun.sleep(60);
      return json(1);
    });
    const brief = createTransport({ ...options, idle: 30 });
    for (let count = 0; count < 2; count++) expect((await brief(new Request(other.base))).status).toBe(200);
    expect(other.opened()).toBe(1);
    for (let waited = 0; other.open() > 0 && waited < 100; waited++) await Bun.sleep(20);
    expect(other.open()).toBe(0);
    expect((await brief(new Request(other.base))).status).toBe(200);
    expect(other.opened()).toBe(2);
    brief.close();
    await other.stop();
  });

  test("goes out anew after its idle connection was reset", async () => {
    const other = await serveTls(certificate, () => json(1));
    const steady = createTransport(options);
    for (let count = 0; count < 3; count++) {
      expect((await steady(new Request(other.base))).status).toBe(200);
      other.reset();
      await Bun.sleep(10);
    }
    steady.close();
    await other.stop();
  });

  test("goes out anew after the server has closed the connection", async () => {
    answer = () => ({ bytes: "HTTP/1.1 401 No ticket\r\nConnection: close\r\n\r\n", end: true });
    const refused = await get();
    expect([refused.status, refused.statusText, await refused.text()]).toEqual([401, "No ticket", ""]);
    answer = () => json(1);
    expect((await get()).status).toBe(200);
  });

  test("over plain http is refused before anything is sent", async () => {
    const error = await failure(fetch(new Request(`http://localhost:${server.port}/`)));
    expect([error.kind, error.sent]).toEqual(["tls", false]);
  });
});

describe("the reason phrase", () => {
  const spoken: readonly [string, string][] = [
    ["storage 'x' does not exist", "ascii"],
    ["größe", "latin1"],
    [Buffer.from("größe €").toString("latin1"), "utf-8 bytes"],
    ["a\x1b[31mb", "a control character"],
  ];
  for (const [phrase, what] of spoken) {
    test(`arrives byte for byte: ${what}`, async () => {
      answer = () => reply(500, phrase);
      expect((await get()).statusText).toBe(phrase);
    });
  }

  test("arrives with 595 and 596", async () => {
    answer = () => reply(595, "No route to host");
    const response = await get();
    expect([response.status, response.statusText]).toEqual([595, "No route to host"]);
  });
});

describe("the body", () => {
  const text = JSON.stringify({ data: "größe ".repeat(5000) });
  for (const [encoding, bytes] of Object.entries({
    gzip: gzipSync(text),
    deflate: deflateSync(text),
    "deflate without its header": deflateRawSync(text),
  })) {
    test(`is unpacked: ${encoding}`, async () => {
      answer = () => reply(200, "OK", bytes, [`content-encoding: ${encoding.split(" ")[0]}`]);
      const response = await get();
      expect(await response.text()).toBe(text);
      expect(response.headers.get("content-encoding")).toBeNull();
    });
  }

  test("is refused when it is too long, packed or unpacked", async () => {
    const small = createTransport({ ...options, maxBody: 10_000 });
    answer = () => reply(200, "OK", "x".repeat(10_001));
    expect((await failure(small(new Request(server.base)))).sentence).toContain("longer than");
    answer = () => reply(200, "OK", gzipSync("x".repeat(1_000_000)), ["content-encoding: gzip"]);
    expect((await failure(small(new Request(server.base)))).sentence).toContain("longer than");
    small.close();
  });

  test("that ends too early is an error and no shorter answer", async () => {
    answer = () => ({ bytes: "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{", end: true });
    const error = await failure(get());
    expect([error.kind, error.sent]).toEqual(["unreachable", true]);
  });
});

test("a body that its runtime calls incomplete is an error", async () => {
  const incoming = {
    complete: false,
    headers: {},
    async *[Symbol.asyncIterator]() {
      yield new Uint8Array(1);
    },
  };
  await expect(readBody(incoming, 10)).rejects.toThrow("in the middle of the answer");
});

describe("a connection that is lost", () => {
  test("before it stood: nothing was sent", async () => {
    const closed = await serveTls(certificate, () => "nothing");
    await closed.stop();
    const error = await failure(fetch(new Request(closed.base)));
    expect([error.kind, error.sent]).toEqual(["unreachable", false]);
    expect(error.sentence).toContain(`localhost:${closed.port}`);
    expect(error.sentence).toContain("nothing listens there");
  });

  test("after the request: it may have arrived", async () => {
    answer = () => "reset";
    const error = await failure(get("/", { method: "POST" }));
    expect([error.kind, error.sent]).toEqual(["unreachable", true]);
  });

  test("to a host without a name in DNS says so", async () => {
    const error = await failure(fetch(new Request("https://nowhere.invalid:8006/")));
    expect([error.kind, error.sent]).toEqual(["unreachable", false]);
  });
});

describe("a deadline", () => {
  test("for the connection: nothing was sent", async () => {
    const { createServer } = await import("node:net");
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = silent.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const hasty = createTransport({ ...options, deadlines: { connect: 50 } });
    const error = await failure(hasty(new Request(`https://127.0.0.1:${port}/`)));
    expect([error.kind, error.sent]).toEqual(["timeout", false]);
    silent.close();
    hasty.close();
  });

  test("for the headers: it may have arrived", async () => {
    answer = () => "nothing";
    const hasty = createTransport({ ...options, deadlines: { headers: 50 } });
    const error = await failure(hasty(new Request(server.base)));
    expect([error.kind, error.sent]).toEqual(["timeout", undefined]);
    expect(error.sentence).toContain("did not begin to answer within 0.05 s");
    hasty.close();
  });

  test("for the body: it may have arrived", async () => {
    answer = () => ({ bytes: "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{" });
    const hasty = createTransport({ ...options, deadlines: { body: 50 } });
    const error = await failure(hasty(new Request(server.base)));
    expect([error.kind, error.sent]).toEqual(["timeout", undefined]);
    hasty.close();
  });
});

describe("an abort", () => {
  test("before the request sends nothing", async () => {
    const count = server.arrived.length;
    const error = await failure(get("/", { signal: AbortSignal.abort() }));
    expect([error.kind, error.sent]).toEqual(["cancelled", false]);
    expect(server.arrived.length).toBe(count);
  });

  test("while the connection is being made sends nothing", async () => {
    const count = server.arrived.length;
    const fresh = createTransport(options);
    const controller = new AbortController();
    const request = failure(fresh(new Request(server.base, { signal: controller.signal })));
    await Promise.resolve();
    controller.abort();
    const error = await request;
    expect([error.kind, error.sent]).toEqual(["cancelled", false]);
    await Bun.sleep(30);
    expect(server.arrived.length).toBe(count);
    fresh.close();
  });

  for (const [stage, bytes] of [
    ["before the answer", undefined],
    ["in the body", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"],
  ] as const) {
    test(`${stage} closes the connection`, async () => {
      const other = await serveTls(certificate, () => (bytes ? { bytes } : "nothing"));
      const controller = new AbortController();
      const request = failure(fetch(new Request(other.base, { signal: controller.signal })));
      while (other.arrived.length === 0) await Bun.sleep(2);
      await Bun.sleep(5);
      controller.abort();
      await request;
      while (other.open() > 0) await Bun.sleep(2);
      await other.stop();
    });
  }
});
