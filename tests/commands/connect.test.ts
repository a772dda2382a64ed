import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connected } from "../../src/commands/connect.ts";
import { readConfig } from "../../src/config/config.ts";
import { PveError } from "../../src/pve/errors.ts";
import { type Served, serveHttps } from "../../src/simulator/https/server.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";

const folder = mkdtempSync(join(tmpdir(), "connect-"));
const asked: string[] = [];
const simulator = createSimulator({ seed: 1 });
const servers: Served[] = [];
const serve = async (port = 0): Promise<Served> => {
  const served = await serveHttps(
    (request) => {
      asked.push(`${request.method} ${new URL(request.url).pathname}`);
      return simulator.fetch(request);
    },
    { port },
  );
  servers.push(served);
  return served;
};

let one: Served;
let two: Served;
beforeAll(async () => {
  one = await serve();
  two = await serve();
});
afterAll(async () => {
  for (const server of servers) await server.close();
  rmSync(folder, { recursive: true });
});

const at = ({ port }: { port: number }) => `127.0.0.1:${port}`;
const dead = { port: 1 };

/** The cluster of these settings, with a state folder of its own. */
async function cluster(env: Readonly<Record<string, string>>, files: Readonly<Record<string, string>> = {}) {
  const reading = readConfig({ PROXMOX_TOKEN_VALUE: simulator.tokens.root, ...env }, (path) => files[path] ?? "");
  if ("mistakes" in reading) throw new Error(reading.mistakes.join("\n"));
  return connected(reading.config);
}

/** Asks for the version: its number, or the error's kind and text. */
async function version(env: Readonly<Record<string, string>>, files: Readonly<Record<string, string>> = {}) {
  const { client } = await cluster(env, files);
  return client.request({ endpoint: "GET /version", values: {} }).then(
    () => "answered",
    (error: unknown) => (error instanceof PveError ? `${error.kind}: ${error.message}` : String(error)),
  );
}

describe("the settings reach the connection", () => {
  test("strict refuses a stock certificate, names the setting that accepts it, and sends nothing", async () => {
    asked.length = 0;
    const said = await version({ PROXMOX_HOST: at(one) });
    expect(said).toStartWith("tls: ");
    expect(said).toContain(`PROXMOX_SSL_MODE=verify and PROXMOX_SSL_FINGERPRINT=${one.fingerprint}`);
    expect(asked).toEqual([]);
  });

  test("a CA file, a pin, or insecure accept it", async () => {
    const ca = { PROXMOX_SSL_CA_CERT: "/root.pem" };
    expect(await version({ PROXMOX_HOST: at(one), ...ca }, { "/root.pem": one.root })).toBe("answered");
    const pin = { PROXMOX_SSL_MODE: "verify", PROXMOX_SSL_FINGERPRINT: one.fingerprint };
    expect(await version({ PROXMOX_HOST: at(one), ...pin })).toBe("answered");
    expect(await version({ PROXMOX_HOST: at(one), PROXMOX_SSL_MODE: "insecure" })).toBe("answered");
  });

  test("verify takes it at first sight, remembers it in the state folder, and refuses another key", async () => {
    const state = join(folder, "sight");
    const served = await serve();
    const env = { PROXMOX_HOST: at(served), PROXMOX_SSL_MODE: "verify", STATE_DIRECTORY: state };
    expect(await version(env)).toBe("answered");
    const file = join(state, "certificates.json");
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ [at(served)]: { fingerprint: served.fingerprint } });
    expect([statSync(file).mode & 0o777, statSync(state).mode & 0o777]).toEqual([0o600, 0o700]);
    expect(await version(env)).toBe("answered");
    await served.close();
    const other = await serve(served.port);
    const said = await version(env);
    expect(said).toContain("another key than the one that was seen before");
    expect(said).toContain(`PROXMOX_SSL_FINGERPRINT=${other.fingerprint}`);
  });

  test("verify without a state folder takes nothing at first sight", async () => {
    expect(await version({ PROXMOX_HOST: at(one), PROXMOX_SSL_MODE: "verify" })).toStartWith("tls: ");
  });
});

describe("several hosts", () => {
  const verify = { PROXMOX_SSL_MODE: "verify" };

  test("are asked in turn when one doesn't answer, a write too", async () => {
    const { client } = await cluster({ PROXMOX_HOST: `${at(dead)},${at(two)}`, PROXMOX_SSL_MODE: "insecure" });
    await client.request({ endpoint: "POST /pools", values: { poolid: "by-the-second-door" } });
    expect("by-the-second-door" in simulator.state.pools).toBe(true);
  });

  test("have a pin each", async () => {
    const pins = `${one.fingerprint},${two.fingerprint}`;
    expect(await version({ PROXMOX_HOST: `${at(one)},${at(two)}`, ...verify, PROXMOX_SSL_FINGERPRINT: pins })).toBe(
      "answered",
    );
    const turned = `${two.fingerprint},${one.fingerprint}`;
    const said = await version({ PROXMOX_HOST: `${at(one)},${at(two)}`, ...verify, PROXMOX_SSL_FINGERPRINT: turned });
    expect(said).toStartWith("tls: ");
    const setting = /PROXMOX_SSL_FINGERPRINT=([^ ]*=[^ ]*,[^ ]*) accepts it/.exec(said)?.[1] ?? "";
    expect(setting).toBe(`${at(one)}=${one.fingerprint},${at(two)}=${one.fingerprint}`);
  });
});

test("the limits reach the cluster", async () => {
  const pinned = { PROXMOX_SSL_MODE: "verify", PROXMOX_SSL_FINGERPRINT: one.fingerprint };
  const { rate } = await cluster({ PROXMOX_HOST: at(one), ...pinned, PROXMOX_RATE_LIMIT: "2" });
  rate?.();
  rate?.();
  expect(() => rate?.()).toThrow("PROXMOX_RATE_LIMIT");
});
