import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { type Served, serveHttps } from "../../src/simulator/https/server.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { environment, program } from "./program.ts";

const simulator = createSimulator({ seed: 1 });
let server: Served;
beforeAll(async () => {
  server = await serveHttps((request) => simulator.fetch(request));
});
afterAll(() => server.close());

/** What Deno has to be allowed for a look at the network and at this machine. */
const permissions = ["--allow-env", "--allow-net", "--allow-read", "--allow-write"];
const command = program.command.flatMap((word) => (word.startsWith("--allow-env=") ? permissions : [word]));

async function doctor(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const settings = {
    PROXMOX_HOST: `127.0.0.1:${server.port}`,
    PROXMOX_TOKEN_VALUE: simulator.tokens.root,
    PROXMOX_SSL_MODE: "verify",
    PROXMOX_SSL_FINGERPRINT: server.fingerprint,
  };
  const child = Bun.spawn([...command, "doctor", ...words], {
    cwd: tmpdir(),
    env: { ...environment, ...settings, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [text, errors] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { text, errors, code: await child.exited };
}

describe("doctor", () => {
  test("finds a cluster that is well, and ends with 0", async () => {
    const { text, code } = await doctor([]);
    expect(text).toMatch(/^ok {7}version {2,}Proxmox VE 9\.2/m);
    expect(text).toMatch(/, 0 failed\n$/);
    expect(code).toBe(0);
  });

  test("ends with 1 where something has failed, and says what as one line of JSON", async () => {
    const { text, code } = await doctor(["--json"], { PROXMOX_SSL_FINGERPRINT: "AB".repeat(32) });
    const { findings } = JSON.parse(text);
    expect(findings.filter((one: { state: string }) => one.state === "failed")).toMatchObject([{ check: "TLS" }]);
    expect([code, text.trim().split("\n").length]).toEqual([1, 1]);
  });

  test("prints a client's settings, with which the client starts this same program", async () => {
    const { text, code } = await doctor(["--client", "cursor"]);
    const { mcpServers } = JSON.parse(text.slice(text.indexOf("{")));
    const { command: start, args, env } = mcpServers.proxmox;
    expect(code).toBe(0);
    expect(env.PROXMOX_TOKEN_VALUE).not.toContain("root@pam");
    const words = [start, ...args.slice(0, -1), "version"];
    const said = Bun.spawnSync(words, { env: environment }).stdout.toString();
    expect(said).toStartWith("proxmox-mcp ");
  });
});
