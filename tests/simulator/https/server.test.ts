import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { X509Certificate } from "node:crypto";
import * as tls from "node:tls";
import { gunzipSync } from "node:zlib";
import { createTransport } from "../../../src/pve/transport.ts";
import { parseFault } from "../../../src/simulator/faults/rule.ts";
import { type Served, serveHttps } from "../../../src/simulator/https/server.ts";
import { createSimulator } from "../../../src/simulator/simulator.ts";
import { overTcp, overTls } from "./raw.ts";

const simulator = createSimulator({ seed: 7, speed: 1000 });
let served: Served;
beforeAll(async () => {
  served = await serveHttps((request) => simulator.fetch(request));
});
afterAll(() => served.close());

const authorization = `Authorization: PVEAPIToken=${simulator.tokens.root}`;

function ask(method: string, path: string, lines: readonly string[] = [authorization], body = "") {
  const length = body === "" ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const head = [`${method} ${path} HTTP/1.1`, "Host: pve", ...lines, ...length].join("\r\n");
  return overTls(served.port, `${head}\r\n\r\n${body}`);
}

async function withFault<T>(line: string, go: () => Promise<T>): Promise<T> {
  const rule = parseFault(line);
  if ("problem" in rule) throw new Error(rule.problem);
  simulator.faults.push(rule);
  try {
    return await go();
  } finally {
    simulator.faults.length = 0;
  }
}

describe("over HTTPS", () => {
  test("a good answer is JSON with PVE's head lines, and keeps the connection", async () => {
    const { head, body, ended } = await ask("GET", "/api2/json/version");
    expect(head[0]).toBe("HTTP/1.1 200 OK");
    expect(head).toContain("Content-Type: application/json;charset=UTF-8");
    expect(head).toContain("Connection: Keep-Alive");
    expect(head).toContain("Server: pve-api-daemon/3.0");
    expect(head).toContain(`Content-Length: ${body.length}`);
    expect(JSON.parse(body.toString()).data.release).toBe("9.2");
    expect(ended).toBe(false);
  });

  test("an error has its text in the reason phrase and in the body, and ends the connection", async () => {
    const { head, body, ended } = await ask("GET", "/api2/json/nodes/pve1/qemu/999/config");
    const text = "Configuration file 'nodes/pve1/qemu-server/999.conf' does not exist";
    expect(head[0]).toBe(`HTTP/1.1 500 ${text}`);
    expect(head).toContain("Connection: close");
    expect(JSON.parse(body.toString())).toEqual({ data: null, message: `${text}\n` });
    expect(ended).toBe(true);
  });

  test.each([
    ["größe", "latin1"],
    ["größer als 5 €", "utf8"],
  ] as const)("a reason phrase is raw bytes: %p as %s", async (text, encoding) => {
    const { head } = await withFault(`lock-timeout,text=${text}`, () => ask("GET", "/api2/json/version"));
    expect(Buffer.from(head[0] ?? "", "latin1")).toEqual(Buffer.from(`HTTP/1.1 500 ${text}`, encoding));
  });

  test("a reason phrase ends at the first newline, the body has it all", async () => {
    const { head, body } = await withFault("lock-timeout,text=one\ntwo", () => ask("GET", "/api2/json/version"));
    expect(head[0]).toBe("HTTP/1.1 500 one");
    expect(JSON.parse(body.toString()).message).toBe("one\ntwo\n");
  });

  test("a 401 has no body, no length and no chunks", async () => {
    const { head, body, ended } = await ask("GET", "/api2/json/version", []);
    expect(head[0]).toBe("HTTP/1.1 401 No ticket");
    expect(head.join("\n")).not.toMatch(/content-length|transfer-encoding|content-type/i);
    expect([body.length, ended]).toEqual([0, true]);
  });

  test("a form and JSON arrive, in pieces and in chunks", async () => {
    const headers = [authorization, "Content-Type: application/json", "Transfer-Encoding: chunked"];
    const lines = ["POST /api2/json/pools HTTP/1.1", "Host: pve", ...headers, "", ""].join("\r\n");
    const made = await overTls(served.port, `${lines}8\r\n{"poolid\r\na\r\n":"first"}\r\n0\r\n\r\n`);
    expect(made.head[0]).toBe("HTTP/1.1 200 OK");
    const form = [authorization, "Content-Type: application/x-www-form-urlencoded"];
    expect((await ask("POST", "/api2/json/pools", form, "poolid=first&comment=%C3%BC")).head[0]).toBe(
      "HTTP/1.1 500 create pool failed: pool 'first' already exists",
    );
  });

  test.each(["GET", "DELETE"])("%s with a body is refused", async (method) => {
    const { head } = await ask(method, "/api2/json/pools", [authorization], "a=b");
    expect(head[0]).toBe(`HTTP/1.1 501 Unexpected content for method '${method}'`);
  });

  test.each(["PATCH", "HEAD", "OPTIONS", "TRACE"])("%s isn't available", async (method) => {
    const { head, body } = await ask(method, "/api2/json/version");
    expect(head[0]).toBe(`HTTP/1.1 501 method '${method}' not available`);
    expect(body.length).toBe(0);
  });

  test("gzip is for those who take it", async () => {
    const { head, body } = await ask("GET", "/api2/json/nodes", [authorization, "Accept-Encoding: gzip, deflate"]);
    expect(head).toContain("Content-Encoding: gzip");
    expect(JSON.parse(gunzipSync(body).toString()).data).toHaveLength(3);
  });

  test("plain http on the same port is sent to https", async () => {
    const { head, ended } = await overTcp(served.port, `GET /x HTTP/1.1\r\nHost: 127.0.0.1:${served.port}\r\n\r\n`);
    expect(head[0]).toBe("HTTP/1.1 301 Moved Permanently");
    expect(head).toContain(`Location: ${served.url}/x`);
    expect(ended).toBe(true);
  });

  test("what is neither ends the connection and nothing else", async () => {
    expect((await overTcp(served.port, "\x16nonsense\r\n\r\n")).ended).toBe(true);
    expect((await overTls(served.port, "nonsense\r\n\r\n")).ended).toBe(true);
    expect((await ask("GET", "/api2/json/version")).head[0]).toBe("HTTP/1.1 200 OK");
  });
});

describe("faults over HTTPS", () => {
  test.each(["reset-before", "reset-after"])("%s ends the connection without a byte", async (kind) => {
    const { head, ended } = await withFault(kind, () => ask("GET", "/api2/json/version"));
    expect([head, ended]).toEqual([[""], true]);
  });

  test("a cut body promises more than it gives", async () => {
    const { head, body, ended } = await withFault("cut", () => ask("GET", "/api2/json/nodes"));
    const length = Number(/Content-Length: (\d+)/.exec(head.join("\n"))?.[1]);
    expect(head[0]).toBe("HTTP/1.1 200 OK");
    expect(body.length).toBe(Math.floor(length / 2));
    expect(ended).toBe(true);
  });

  test("595 has a reason and no body", async () => {
    const { head, body } = await withFault("595", () => ask("GET", "/api2/json/version"));
    expect(head[0]).toBe("HTTP/1.1 595 No route to host");
    expect(body.length).toBe(0);
  });
});

describe("the certificate", () => {
  /** The certificate that is shown, with what it came with. */
  function shown(): Promise<X509Certificate> {
    return new Promise((resolve, reject) => {
      const socket = tls.connect({ port: served.port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
        const found = socket.getPeerX509Certificate();
        socket.end();
        if (found === undefined) reject(new Error("no certificate"));
        else resolve(found);
      });
      socket.on("error", reject);
    });
  }

  test("has the fingerprint that is told, loopback's names, and an issuer as PVE's has", async () => {
    const certificate = await shown();
    expect(certificate.fingerprint256).toBe(served.fingerprint);
    expect(certificate.subjectAltName).toBe(
      "DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:pve1",
    );
    const root = new X509Certificate(served.root);
    expect(certificate.checkIssued(root)).toBe(true);
    expect([root.ca, certificate.ca]).toEqual([true, false]);
    expect(root.subject).toContain("Proxmox Virtual Environment");
  });

  const request = () =>
    new Request(`${served.url}/api2/json/version`, { headers: { authorization: authorization.slice(15) } });

  test("is taken by a client that knows the root, and by one that pins it", async () => {
    const { root, fingerprint } = served;
    for (const options of [{ mode: "strict", ca: root } as const, { mode: "verify", fingerprint } as const]) {
      const fetch = createTransport(options);
      expect((await fetch(request())).status).toBe(200);
      fetch.close();
    }
  });

  test("is taken by nobody else", async () => {
    const fetch = createTransport({ mode: "strict" });
    expect(await fetch(request()).catch((problem: unknown) => String(problem))).toContain("certificate");
    fetch.close();
  });
});

describe("the server", () => {
  test("says which port is taken", async () => {
    const problem: unknown = await serveHttps(() => Promise.resolve(new Response()), { port: served.port }).catch(
      (error: unknown) => error,
    );
    expect(String(problem)).toContain("EADDRINUSE");
  });

  test("listens on the address that it is told, IPv6 as well", async () => {
    const other = await serveHttps(() => Promise.resolve(new Response(null, { status: 200 })), { listen: "::1" });
    expect(other.url).toBe(`https://[::1]:${other.port}`);
    await other.close();
  });
});
