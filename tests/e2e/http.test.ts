// The program itself as a service: its start, its certificates, what systemd is told, its end.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect as dial } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { Client as NewClient, StreamableHTTPClientTransport as NewHttp } from "@modelcontextprotocol/client";
import { createCertificate } from "../../src/simulator/https/certificate.ts";
import { environment, program } from "./program.ts";

const folder = mkdtempSync(join(tmpdir(), "service-"));
const state = join(folder, "state");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What Deno has to be allowed for a service, in the place of what it is for the demo. */
const permissions = ["env", "net", "read", "write", "sys", "run=systemd-notify"].map((name) => `--allow-${name}`);
const command = program.command.flatMap((word) => (word.startsWith("--allow-env=") ? permissions : [word]));

/** A stand-in for systemd-notify: it keeps what it was to tell. */
const notices = join(folder, "notices");
const programs = join(folder, "bin");

interface Service extends AsyncDisposable {
  readonly address: string;
  stderr(): string;
  kill(signal: "SIGTERM" | "SIGHUP"): void;
  readonly exited: Promise<number>;
}

async function serve(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Service> {
  const child = Bun.spawn([...command, "serve", "--demo", ...words], {
    cwd: folder,
    env: { ...environment, STATE_DIRECTORY: state, ...env },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  let told = "";
  const address = await new Promise<string>((resolve, reject) => {
    const read = async () => {
      for await (const part of child.stderr.pipeThrough(new TextDecoderStream())) {
        told += part;
        const [, at] = /serves MCP on (\S+?),?\s/.exec(told) ?? [];
        if (at !== undefined) resolve(at);
      }
      reject(new Error(`it ended: ${told}`));
    };
    void read();
  });
  return {
    address,
    stderr: () => told,
    kill: (signal) => child.kill(signal),
    exited: child.exited,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

async function run(...words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const child = Bun.spawn([...command, ...words], {
    cwd: folder,
    env: { ...environment, STATE_DIRECTORY: state },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { code: await child.exited, out, err };
}

let value: string;
beforeAll(async () => {
  value = (await run("token", "new", "alice")).out.trim();
});

async function names(url: string, token: string): Promise<string[]> {
  const client = new NewClient({ name: "e2e", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
  await client.connect(new NewHttp(new URL(url), { requestInit: { headers: { authorization: `Bearer ${token}` } } }));
  const { tools } = await client.listTools();
  await client.close();
  return tools.map(({ name }) => name);
}

describe("serve --http", () => {
  test("serves whom token new gave a token, and ends with 0 on SIGTERM", async () => {
    await using service = await serve(["--http", "0"]);
    expect(await names(service.address, value)).toContain("proxmox_guest_list");
    const narrow = (await run("token", "new", "bob", "--toolsets", "backup")).out.trim();
    expect(await names(service.address, narrow)).not.toContain("proxmox_guest_list");
    await run("token", "revoke", "bob");
    expect(names(service.address, narrow)).rejects.toThrow();
    service.kill("SIGTERM");
    expect(await service.exited).toBe(0);
    for (const secret of [value, narrow]) expect(service.stderr()).not.toContain(secret);
  }, 60_000);

  test("refuses to begin where others could reach it unprotected, and says why in one line", async () => {
    for (const words of [
      ["--http", "0.0.0.0:0"],
      ["--http", "0.0.0.0:0", "--no-auth"],
      ["--http", "nowhere"],
      ["--no-auth"],
    ]) {
      const { code, out, err } = await run("serve", "--demo", ...words);
      expect([words, code, out]).toEqual([words, 2, ""]);
      expect(err.trimEnd().split("\n").length).toBe(1);
    }
  }, 60_000);

  test("names a port that is taken, and ends with 1", async () => {
    await using service = await serve(["--http", "0"]);
    const { code, err } = await run("serve", "--demo", "--http", new URL(service.address).host);
    expect([code, err]).toEqual([1, expect.stringMatching(/EADDRINUSE|in use/i)]);
  }, 60_000);

  test("turns away what is no request of ours, on every runtime alike", async () => {
    await using service = await serve(["--http", "0"]);
    const { port, host } = new URL(service.address);
    const send = (bytes: string) =>
      new Promise<string>((resolve) => {
        let said = "";
        const socket = dial(Number(port), "127.0.0.1", () => socket.write(bytes));
        socket.on("data", (part) => {
          said += String(part);
        });
        socket.on("error", () => {});
        socket.on("close", () => resolve(said.slice(0, "HTTP/1.1 000".length)));
      });
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: {} });
    const types = "Content-Type: application/json\r\nAccept: application/json, text/event-stream";
    const post = (head: string, text = body, path = "/mcp") =>
      `POST ${path} HTTP/1.1\r\n${head}\r\n${types}\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
    const good = `Host: ${host}\r\nAuthorization: Bearer ${value}`;
    const answers = await Promise.all([
      send(`GET /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
      send(post(`Host: ${host}`)),
      send(post(`Host: evil.example\r\nAuthorization: Bearer ${value}`)),
      send(post(`${good}\r\nOrigin: https://evil.example`)),
      send(post(`${good}\r\nHost: evil.example`)),
      send(post(good, body, "//mcp")),
      send(post(`${good}\r\nX: ${"y".repeat(20_000)}`)),
      send(post(good).replace(/Length: \d+/, "Length: 99999999")),
      send("not HTTP\r\n\r\n"),
    ]);
    const statuses = answers.map((text) => Number(text.slice(9)));
    expect(statuses).toEqual([200, 401, 403, 403, 400, 404, 431, 413, 400]);
    const client = new NewClient({ name: "e2e", version: "1.0.0" });
    const headers = { authorization: `Bearer ${value}` };
    await client.connect(new NewHttp(new URL(service.address), { requestInit: { headers } }));
    const calls = Array.from({ length: 100 }, () => client.callTool({ name: "proxmox_guest_list", arguments: {} }));
    expect((await Promise.all(calls)).filter(({ isError }) => isError)).toEqual([]);
    await client.close();
  }, 60_000);

  test("gives new connections a new certificate after SIGHUP, and keeps the old one where the new is spoiled", async () => {
    const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    const put = (subject: string) => {
      const made = createCertificate({ subject, names: ["localhost", "127.0.0.1"] });
      writeFileSync(cert, made.certificate);
      writeFileSync(key, made.key);
    };
    const shown = (port: number) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
          resolve(String(socket.getPeerCertificate().subject.CN));
          socket.destroy();
        });
        socket.on("error", reject);
      });
    put("first");
    await using service = await serve(["--http", "0", "--tls-cert", cert, "--tls-key", key]);
    const { port, protocol } = new URL(service.address);
    expect([protocol, await shown(Number(port))]).toEqual(["https:", "first"]);
    put("second");
    service.kill("SIGHUP");
    await until(async () => (await shown(Number(port))) === "second");
    writeFileSync(cert, "spoiled");
    service.kill("SIGHUP");
    await until(async () => service.stderr().includes("nothing was changed"));
    expect(await shown(Number(port))).toBe("second");
  }, 60_000);

  test("tells systemd when it is ready and when it ends", async () => {
    Bun.spawnSync(["mkdir", "-p", programs]);
    const standIn = join(programs, "systemd-notify");
    writeFileSync(standIn, `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> ${notices}\n`);
    chmodSync(standIn, 0o755);
    const env = { NOTIFY_SOCKET: "/run/notify", PATH: `${programs}:${environment.PATH}` };
    const told = () => (existsSync(notices) ? readFileSync(notices, "utf8") : "");
    await using service = await serve(["--http", "0"], env);
    await until(async () => told().includes("READY=1"));
    expect(told()).toStartWith("/run/notify READY=1 STATUS=Serving MCP on 127.0.0.1:");
    service.kill("SIGTERM");
    await service.exited;
    expect(told()).toContain("/run/notify STOPPING=1");
  }, 60_000);
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let left = 100; left > 0; left--) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it never came to that");
}
