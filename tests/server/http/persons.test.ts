import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { answerIn, bearer, type Cluster, callOf, type Service, startCluster, startService } from "./service.ts";

// The service has no PVE token: what runs is what a person brings.
let cluster: Cluster;
let service: Service;
let value: string;
beforeAll(async () => {
  cluster = await startCluster();
  service = await startService({ env: cluster.env });
  value = await service.token("team", { ownPveToken: true });
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});
beforeEach(() => {
  cluster.asked.length = 0;
});

const call = async (pve: string, name: string, args: object = {}) =>
  answerIn(await service.post(callOf(name, args), { ...bearer(value), "x-pve-api-token": pve }));
const nameOf = (token: string) => token.replace(/=.*$/, "");

describe("a person's own PVE token", () => {
  test("runs the call, and no other token is sent", async () => {
    const { operator } = cluster.simulator.tokens;
    expect(await call(operator, "proxmox_guest_list")).toStartWith("✅");
    expect(new Set(cluster.asked.map(({ token }) => token))).toEqual(new Set([nameOf(operator)]));
  });

  test("may have PVEAPIToken= before it, as in a shell", async () => {
    expect(await call(`PVEAPIToken=${cluster.simulator.tokens.auditor}`, "proxmox_guest_list")).toStartWith("✅");
  });

  test("that PVE doesn't accept is answered with that, and its value is nowhere", async () => {
    const secret = "12345678-1234-4234-8234-123456789abc";
    const text = await call(`root@pam!mcp=${secret}`, "proxmox_guest_list");
    expect(text).toStartWith("❌");
    expect(text).not.toContain(secret);
  });

  test("has the service's settings over it, and none of its keys and folders", async () => {
    const { root } = cluster.simulator.tokens;
    const denied = await call(root, "proxmox_lxc_exec", { vmid: 103, command: "id" });
    expect(denied).toMatch(/^(?:❌|🚫)/);
    expect(denied).toContain("SSH");
  });

  test("interleaved with others under load never gets another's rights or what another was told", async () => {
    const { root, auditor, operator, powerless } = cluster.simulator.tokens;
    // what each sees alone, from a fresh service
    const alone = new Map<string, string>();
    const counts = (text: string) => /^✅ (\d+) guests?/.exec(text)?.[1] ?? text.slice(0, 1);
    for (const token of [root, auditor, operator, powerless]) {
      await using fresh = await startService({ env: cluster.env });
      const own = await fresh.token("x", { ownPveToken: true });
      const answer = await fresh.post(callOf("proxmox_guest_list"), { ...bearer(own), "x-pve-api-token": token });
      alone.set(token, counts(await answerIn(answer)));
    }
    expect(new Set(alone.values()).size).toBeGreaterThan(1);
    const tokens = [...alone.keys()];
    const seen = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const token = tokens[(index * 7) % tokens.length] ?? "";
        return { token, sees: counts(await call(token, "proxmox_guest_list")) };
      }),
    );
    expect(seen.filter(({ token, sees }) => sees !== alone.get(token))).toEqual([]);
  });

  test("decides on changes: the auditor's are refused by PVE while the administrator's go through", async () => {
    const { root, auditor, powerless } = cluster.simulator.tokens;
    const config = (pve: string, description: string) =>
      call(pve, "proxmox_guest_config_update", { vmid: 100, description });
    for (let round = 0; round < 20; round++) {
      const [may, looks, none] = await Promise.all([
        config(root, `round ${round}`),
        config(auditor, "auditor"),
        config(powerless, "powerless"),
      ]);
      expect([may, looks, none].map((text) => text.split(" ")[0])).toEqual(["✅", "🚫", "❌"]);
    }
    const writes = cluster.asked.filter(({ path }) => path.endsWith("/config"));
    expect(writes.length).toBeGreaterThan(20);
  });
});

describe("a service without a PVE token of its own", () => {
  test("answers a bearer token without --own-pve-token with what is missing, and sends nothing", async () => {
    const plain = await service.token("plain");
    const text = await answerIn(await service.post(callOf("proxmox_guest_list"), bearer(plain)));
    expect(text).toContain("--own-pve-token");
    expect(cluster.asked).toEqual([]);
  });

  test("is ready once a token with --own-pve-token is there, and asks PVE where it is asked to", async () => {
    const { origin } = service.url;
    expect((await fetch(`${origin}/readyz`)).status).toBe(200);
    expect((await fetch(`${origin}/readyz?pve`)).status).toBe(200);
    expect(cluster.asked).toEqual([{ token: "", path: "/api2/json/access/domains" }]);
    await using empty = await startService({ env: cluster.env });
    await empty.token("plain");
    expect((await fetch(`${empty.url.origin}/readyz`)).status).toBe(503);
  });

  test("is not ready while the settings are wrong or PVE is away", async () => {
    await using wrong = await startService({ env: { ...cluster.env, PROXMOX_SSL_MODE: "loose" } });
    expect((await fetch(`${wrong.url.origin}/readyz`)).status).toBe(503);
    await using away = await startService({
      env: { ...cluster.env, PROXMOX_HOST: "127.0.0.1:1", PROXMOX_TOKEN_VALUE: cluster.simulator.tokens.root },
    });
    expect((await fetch(`${away.url.origin}/readyz`)).status).toBe(200);
    expect((await fetch(`${away.url.origin}/readyz?pve`)).status).toBe(503);
  });
});
