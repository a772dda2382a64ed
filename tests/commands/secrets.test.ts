import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Served, serveHttps } from "../../src/simulator/https/server.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "secrets-"));

let planted = 0;
const all: string[] = [];
/** A secret that is nowhere else. */
function plant(): string {
  const secret = `planted${++planted}x${crypto.randomUUID().slice(0, 8)}`;
  all.push(secret);
  return secret;
}

const token = plant();
const upid = "UPID:pve1:000ABCDE:0003C6F4:6B0594B9:qmcreate:101:root@pam!mcp:";

/** What the server was last sent, in every form; it repeats it wherever it can. */
let heard = "";
/** How POST is answered, one after the other. */
const posts: ((said: string) => Response)[] = [
  (said) => Response.json({ data: null, message: said, errors: { cipassword: said } }, { status: 400 }),
  (said) => Response.json({ data: null, message: said }, { status: 500 }),
  (said) => Response.json({ data: null, message: said }, { status: 403 }),
  (said) => new Response(`<html>${said}</html>`, { status: 200 }),
  (said) => new Response(null, { status: 596, statusText: said.replaceAll(/[^\x20-\x7e]/g, " ") }),
  () => Response.json({ data: upid }),
  () => Response.json({ data: upid }),
];

let server: Served;
beforeAll(async () => {
  let posted = 0;
  server = await serveHttps(async (request) => {
    const { pathname } = new URL(request.url);
    const path = pathname.replace("/api2/json", "");
    const body = request.method === "POST" ? await request.text() : "";
    if (body !== "") heard = `${body} ${decodeURIComponent(body)} ${request.headers.get("authorization")}`;
    if (path === "/cluster/nextid") return Response.json({ data: "101" });
    if (path.endsWith("/storage")) return Response.json({ data: [{ storage: "local-lvm" }] });
    if (request.method === "POST") return posts[posted++ % posts.length]?.(heard) ?? Response.json({ data: null });
    if (path.endsWith("/log"))
      return Response.json({
        data: [
          { n: 1, t: heard },
          { n: 2, t: `WARN: ${heard}` },
        ],
        total: 2,
      });
    if (path.endsWith("/status") && path.includes("/tasks/")) {
      return Response.json({ data: { status: "stopped", exitstatus: posted % 2 === 0 ? heard : "WARNINGS: 1" } });
    }
    return Response.json({ data: { description: heard, name: heard } });
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const names = [
  "password",
  "secret",
  "token",
  "api_key",
  "private_key",
  "credential",
  "ticket",
  "cipasswd",
  "passphrase",
  "otp",
  "client_secret",
  "auth_token",
  "smtp_password",
  "keyring",
];

/** Calls of tools with secrets in their arguments, in the right places and in wrong ones. */
function calls(): object[] {
  const create = () => ({
    name: "proxmox_create_vm",
    arguments: { node: "pve1", name: "a", cipassword: plant(), ciuser: "me" },
  });
  const wrong = names.map((name) => ({ name: "proxmox_guest_status", arguments: { vmid: 100, [name]: plant() } }));
  const typed = [
    { cipassword: { nested: plant() } },
    { cipassword: [plant(), plant()] },
    { cores: "x", cipassword: plant() },
  ];
  return [
    ...posts.map(create),
    ...wrong,
    ...typed.map((given) => ({ name: "proxmox_create_vm", arguments: { node: "pve1", ...given } })),
    { name: "proxmox_no_such_tool", arguments: { password: plant() } },
    { name: "proxmox_vm_disk", arguments: { action: "add", password: plant() } },
  ];
}

test("thirty planted secrets stand in no byte of stdout and stderr, whoever repeats them", async () => {
  const hello = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } };
  const asked = calls().map((params, index) => ({
    jsonrpc: "2.0",
    id: index + 2,
    method: "tools/call",
    params: { ...params, _meta: { progressToken: index } },
  }));
  const lines = [
    { jsonrpc: "2.0", id: 1, method: "initialize", params: hello },
    { jsonrpc: "2.0", method: "notifications/initialized" },
    ...asked,
  ].map((message) => JSON.stringify(message));
  lines.push(`{"password":"${plant()}", this is no message`, `PVEAPIToken=a@pve!b=${plant()}`);
  const child = Bun.spawn([process.execPath, join(root, "src/main.ts"), "serve"], {
    cwd: folder,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
    env: {
      PROXMOX_HOST: `127.0.0.1:${server.port}`,
      PROXMOX_TOKEN_NAME: "mcp",
      PROXMOX_TOKEN_VALUE: token,
      PROXMOX_SSL_MODE: "verify",
      PROXMOX_SSL_FINGERPRINT: server.fingerprint,
      PROXMOX_ALLOW_ELEVATED: "true",
      PROXMOX_LOG_LEVEL: "trace",
    },
  });
  const out = child.stdout.getReader();
  const decoder = new TextDecoder();
  let stdout = "";
  // one after the other: what the server repeats is then what the same call has sent
  for (const line of lines) {
    const id = /"id":(\d+)/.exec(line)?.[1];
    child.stdin.write(`${line}\n`);
    await child.stdin.flush();
    while (id !== undefined && !new RegExp(`"id":${id}\\b`).test(stdout)) {
      const { value, done } = await out.read();
      if (done) break;
      stdout += decoder.decode(value, { stream: true });
    }
  }
  await child.stdin.end();
  const stderr = await new Response(child.stderr).text();
  await child.exited;
  expect(all.length).toBeGreaterThanOrEqual(30);
  expect(all.filter((secret) => stdout.includes(secret))).toEqual([]);
  expect(all.filter((secret) => stderr.includes(secret))).toEqual([]);
  // the secrets were really sent, and really repeated
  expect(heard).toContain("planted");
  expect(stdout).toContain("**********");
  expect(stderr.split("\n").filter((line) => line.includes('"tool"')).length).toBeGreaterThan(10);
}, 60_000);
