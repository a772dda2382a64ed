// ACME: a node's certificate ordered, renewed and revoked by real tasks; accounts, which are root@pam's; plugins without their secrets.
import { describe, expect, test } from "bun:test";
import { loggedIn } from "./as-root.ts";
import { demo, told } from "./demo.ts";
import { acmeAccount, acmePlugin } from "./recorded/cluster.ts";

const directory = "https://localhost:14000/dir";
const terms = "data:text/plain,Do%20what%20thou%20wilt";
const register = { action: "create", name: "acc1", contact: "ops@example.com", directory };

/** A node with domains and an account to order for. */
async function ready() {
  const one = demo({ simulator: await loggedIn() });
  await one.call("acme_account", { ...register, tos_url: terms });
  await one.ask("PUT", "/nodes/pve1/config", { acme: "account=acc1,domains=pve1.example.test;www.example.test" });
  return one;
}

const custom = async (one: ReturnType<typeof demo>) => {
  const rows = await one.ask("GET", "/nodes/pve1/certificates/info");
  return (Array.isArray(rows) ? rows : []).find(({ filename }) => filename === "pveproxy-ssl.pem");
};

describe("a certificate by ACME", () => {
  test("is ordered for the node's domains", async () => {
    const one = await ready();
    const answer = await one.call("acme_cert", { action: "order", node: "pve1" });
    expect(answer).toMatchObject({
      outcome: "ok",
      summary: "Node pve1 has a new certificate",
      task: { exitstatus: "OK" },
    });
    expect(answer.record).toMatchObject({ san: ["pve1.example.test", "www.example.test"] });
    expect(await custom(one)).toMatchObject({ fingerprint: answer.record?.fingerprint });
  });

  test("is renewed before its time with force alone, and is another one then", async () => {
    const one = await ready();
    const first = await one.call("acme_cert", { action: "order", node: "pve1" });
    const early = await one.call("acme_cert", { action: "renew", node: "pve1" });
    expect(early.reason?.join()).toContain("does not expire within the next 30 days");
    const answer = await one.call("acme_cert", { action: "renew", node: "pve1", force: true });
    expect(answer.outcome).toBe("ok");
    expect((await custom(one)).fingerprint).not.toBe(first.record?.fingerprint);
  });

  test("is revoked, and the node serves the cluster's own again", async () => {
    const one = await ready();
    await one.call("acme_cert", { action: "order", node: "pve1" });
    const answer = await one.call("acme_cert", { action: "revoke", node: "pve1" });
    expect(answer).toMatchObject({ outcome: "ok", notes: [expect.stringContaining("pve-ssl.pem")] });
    expect(await custom(one)).toBeUndefined();
  });

  test("is not ordered for a node without domains, nor by an account that isn't there", async () => {
    const { call, ask, changes } = demo();
    const refused = await call("acme_cert", { action: "order", node: "pve1" });
    expect(refused.reason?.[0]).toContain("node pve1 has no ACME settings");
    expect(changes).toEqual([]);
    await ask("PUT", "/nodes/pve1/config", { acme: "account=none,domains=pve1.example.test" });
    expect(await call("acme_cert", { action: "order", node: "pve1" })).toMatchObject({
      outcome: "failed",
      reason: ["ACME account config file 'none' does not exist."],
    });
  });

  test("has its settings in the node's configuration", async () => {
    const { call, ask } = demo();
    expect((await call("acme_cert", { action: "config", node: "pve1" })).summary).toBe(
      "Node pve1 has no ACME settings",
    );
    await ask("PUT", "/nodes/pve1/config", { acme: "account=acc1,domains=pve1.example.test", description: "first" });
    const { record } = await call("acme_cert", { action: "config", node: "pve1" });
    expect(record).toEqual({ acme: "account=acc1,domains=pve1.example.test" });
  });
});

describe("an ACME account", () => {
  test("is not registered before the user has accepted the terms, which are named", async () => {
    const { call, changes } = demo({ simulator: await loggedIn() });
    const answer = await call("acme_account", register);
    expect(answer.reason?.[0]).toContain(`tos_url is missing: an account accepts the terms of service at ${terms}`);
    expect(changes).toEqual([]);
  });

  test("is registered, listed with its details, changed and deactivated", async () => {
    const { call } = demo({ simulator: await loggedIn() });
    const made = await call("acme_account", { ...register, tos_url: terms });
    expect(made).toMatchObject({ outcome: "ok", record: { name: "acc1", status: "valid", tos: terms } });
    expect((await call("acme_account", { action: "list" })).rows).toEqual([
      expect.objectContaining({ name: "acc1", contact: ["mailto:ops@example.com"], directory }),
    ]);
    const changed = await call("acme_account", { action: "update", name: "acc1", contact: "new@example.com" });
    expect(changed.changes).toEqual([
      { key: "contact", old: ["mailto:ops@example.com"], new: ["mailto:new@example.com"] },
    ]);
    expect((await call("acme_account", { action: "delete", name: "acc1" })).outcome).toBe("ok");
    expect((await call("acme_account", { action: "get", name: "acc1" })).reason?.join()).toContain("does not exist");
  });

  test("whose authority can't be reached fails in its task, and is told as failed", async () => {
    const { call } = demo({ simulator: await loggedIn() });
    const answer = await call("acme_account", { ...register, directory: "https://localhost:14001/dir" });
    expect(answer.outcome).toBe("failed");
    expect(answer.reason?.[0]).toContain("Registration failed");
  });

  test("is root@pam's: a token is told so, and before anybody accepts anything", async () => {
    const { call, changes } = demo();
    const asked = await call("acme_account", { ...register, directory: undefined });
    expect(asked.reason?.[0]).toContain("tos_url is missing");
    expect(asked.reason?.join()).toContain("PVE lets root@pam alone do this");
    expect(changes).toEqual([]);
    const agreed = { ...register, tos_url: "https://letsencrypt.org/terms" };
    for (const given of [agreed, { action: "get", name: "acc1" }, { action: "delete", name: "acc1" }]) {
      const answer = await call("acme_account", given);
      expect(answer.outcome).toBe("denied");
      expect(answer.reason?.join()).toContain("root@pam");
    }
  });

  test("of a genuine cluster shows what people look for, and not its key", async () => {
    const body = { "/cluster/acme/account/acc1": acmeAccount };
    const { answer, text } = await told("acme_account", { action: "get", name: "acc1" }, body);
    const { account, directory: at, tos } = acmeAccount;
    expect(answer.record).toMatchObject({
      name: "acc1",
      status: account.status,
      contact: account.contact,
      directory: at,
      tos,
    });
    expect(text).not.toContain(account.key.n);
  });
});

describe("an ACME plugin", () => {
  const given = { action: "get_plugin", id: "dns1" };

  test("keeps what it signs in with to itself, unless more than reading is allowed", async () => {
    const basic = demo({ policy: { elevated: false, readOnly: false, deny: [] } });
    const secret = { id: "dns1", type: "dns", api: "cf", data: btoa("CF_Token=very-secret\nCF_Zone_ID=zone") };
    await basic.ask("POST", "/cluster/acme/plugins", secret);
    const masked = await basic.call("acme_info", given);
    expect(masked.record).toMatchObject({ plugin: "dns1", api: "cf", data: "(not shown) CF_Token CF_Zone_ID" });
    const elevated = demo({ simulator: basic.simulator });
    expect((await elevated.call("acme_info", given)).record?.data).toContain("very-secret");
    for (const one of [basic, elevated])
      expect(JSON.stringify(await one.call("acme_info", { action: "list_plugins" }))).not.toContain("very-secret");
  });

  test("of a genuine cluster reads as it is", async () => {
    const { answer } = await told("acme_info", given, { "/plugins/dns1": acmePlugin });
    expect(answer.record).toEqual(acmePlugin);
  });

  test("is one of the directories' challenges", async () => {
    const { rows } = await demo().call("acme_info", { action: "directories" });
    expect(rows?.map(({ name }) => name)).toEqual(["Let's Encrypt V2", "Let's Encrypt V2 Staging"]);
  });
});
