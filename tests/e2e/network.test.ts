import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Served, serveHttps } from "../../src/simulator/https/server.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { environment, program } from "./program.ts";

const folder = mkdtempSync(join(tmpdir(), "network-"));
const simulator = createSimulator({ seed: 1, speed: 20 });
const asked: string[] = [];
let server: Served;

beforeAll(async () => {
  server = await serveHttps((request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname.replace("/api2/json", "")}`);
    return simulator.fetch(request);
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  asked.length = 0;
  simulator.faults.length = 0;
});

/** What Deno has to be allowed for a cluster on the network, in the place of what it is for the demo. */
const permissions = ["--allow-env", "--allow-net", "--allow-read", "--allow-write"];
const command = program.command.flatMap((word) => (word.startsWith("--allow-env=") ? permissions : [word]));

/** Calls a tool once over the network, as a person would from a shell. */
async function call(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const settings = {
    PROXMOX_HOST: `127.0.0.1:${server.port}`,
    PROXMOX_TOKEN_VALUE: simulator.tokens.root,
    PROXMOX_SSL_MODE: "verify",
    PROXMOX_SSL_FINGERPRINT: server.fingerprint,
    PROXMOX_ALLOW_ELEVATED: "true",
  };
  const child = Bun.spawn([...command, "call", ...words], {
    cwd: folder,
    env: { ...environment, ...settings, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [text, errors] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { text, errors, code: await child.exited };
}

describe("over the network", () => {
  test("a guest is started: one request for where it is, one that starts it, and the task's end", async () => {
    const { text, code } = await call(["proxmox_guest_start", "vmid=build-01"]);
    expect(text).toStartWith("✅ ");
    expect(code).toBe(0);
    const before = asked.slice(
      0,
      asked.findIndex((one) => one.startsWith("POST")),
    );
    expect(before).toEqual(["GET /cluster/resources"]);
  });

  test("a certificate that isn't known is refused, with the setting that accepts it, and nothing is sent", async () => {
    const { text, code } = await call(["proxmox_node", "action=list"], {
      PROXMOX_SSL_MODE: "strict",
      PROXMOX_SSL_FINGERPRINT: "",
    });
    expect(text).toContain(`PROXMOX_SSL_MODE=verify and PROXMOX_SSL_FINGERPRINT=${server.fingerprint}`);
    expect([code, asked]).toEqual([1, []]);
  });

  test("a certificate is taken at first sight and remembered, whatever NODE_TLS_REJECT_UNAUTHORIZED says", async () => {
    const env = { PROXMOX_SSL_FINGERPRINT: "", XDG_STATE_HOME: folder, NODE_TLS_REJECT_UNAUTHORIZED: "1" };
    const first = await call(["proxmox_node", "action=list"], env);
    expect([first.code, first.text]).toEqual([0, expect.stringContaining("3 nodes")]);
    const file = readFileSync(join(folder, "proxmox-mcp/certificates.json"), "utf8");
    expect(file).toContain(server.fingerprint);
    expect((await call(["proxmox_node", "action=list"], env)).code).toBe(0);
  });

  test("NODE_TLS_REJECT_UNAUTHORIZED=0 opens nothing", async () => {
    const env = { PROXMOX_SSL_MODE: "strict", PROXMOX_SSL_FINGERPRINT: "", NODE_TLS_REJECT_UNAUTHORIZED: "0" };
    expect((await call(["proxmox_node", "action=list"], env)).code).toBe(1);
    expect(asked).toEqual([]);
  });

  test("the second of two hosts is asked when the first doesn't answer", async () => {
    const env = { PROXMOX_HOST: `127.0.0.1:1,127.0.0.1:${server.port}` };
    const { text, code } = await call(["proxmox_node", "action=list"], env);
    expect([text.slice(0, 2), code]).toEqual(["✅ ", 0]);
  });

  test("a write whose answer is lost is told as that, and sent once", async () => {
    simulator.faults.push({ kind: "reset-after", method: "POST" });
    const { text, code } = await call(["proxmox_create_vm", "node=pve1", "name=lost"]);
    expect(text).toContain("it is not known whether it took effect");
    expect([code, asked.filter((one) => one.startsWith("POST")).length]).toEqual([1, 1]);
  });

  test("the secret of the token is in no output", async () => {
    simulator.faults.push({ kind: "401" });
    const { text, errors } = await call(["proxmox_node", "action=list"]);
    const [, secret = ""] = simulator.tokens.root.split("=");
    expect(text).toContain("doesn't accept the token root@pam!mcp");
    expect(`${text}${errors}`).not.toContain(secret);
  });
});
