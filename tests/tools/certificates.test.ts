// Certificates of nodes: listed with their age, put there with a key, taken away when there is one.
import { describe, expect, test } from "bun:test";
import { createCertificate } from "../../src/simulator/https/certificate.ts";
import { demo, told } from "./demo.ts";
import { certificates } from "./recorded/cluster.ts";

const made = createCertificate({ subject: "pve1.example.com", names: ["pve1.example.com", "192.0.2.11"] });
const upload = { action: "upload", node: "pve1", certificates: made.certificate };
const info = "/nodes/pve1/certificates/info";

describe("a node's certificates", () => {
  test("of a genuine node are listed with subject, names, end and age", async () => {
    const { answer, text } = await told("certificate", { action: "list", node: "pve1" }, { [info]: certificates });
    for (const { filename, fingerprint, notafter, san } of certificates) {
      const line = text.split("\n").find((one) => one.startsWith(filename)) ?? "";
      expect(line).toContain(fingerprint);
      expect(line).toContain(new Date(notafter * 1000).toISOString().replace(".000Z", "Z"));
      expect(line).toMatch(/\(in \d+ d/);
      for (const name of san) expect(line).toContain(name);
    }
    expect(JSON.stringify(answer)).not.toContain("BEGIN CERTIFICATE");
  });

  test("can be one of the operator's own, and the key is in no answer", async () => {
    const { call, ask } = demo();
    const answer = await call("certificate", { ...upload, key: made.key });
    expect(answer).toMatchObject({ outcome: "ok", record: { fingerprint: made.fingerprint } });
    expect(answer.notes?.[0]).toContain("pins a fingerprint");
    expect(JSON.stringify(answer)).not.toContain("PRIVATE KEY");
    expect(await ask("GET", info)).toContainEqual(
      expect.objectContaining({
        filename: "pveproxy-ssl.pem",
        fingerprint: made.fingerprint,
        san: ["pve1.example.com", "192.0.2.11"],
        subject: "/CN=pve1.example.com",
      }),
    );
  });

  test("need a key where the node has none, and force where one stands there", async () => {
    const { call, changes } = demo();
    expect((await call("certificate", upload)).reason?.[0]).toStartWith("key is missing");
    expect(changes).toEqual([]);
    await call("certificate", { ...upload, key: made.key });
    expect((await call("certificate", upload)).reason?.[0]).toContain("force flag is not set");
    expect((await call("certificate", { ...upload, force: true, restart: true })).outcome).toBe("ok");
  });

  test("go when there is one to go, and PVE's 200 on nothing is no success", async () => {
    const { call, ask, changes } = demo();
    await call("certificate", { ...upload, key: made.key });
    const answer = await call("certificate", { action: "delete", node: "pve1" });
    expect(answer).toMatchObject({ outcome: "ok", record: { fingerprint: made.fingerprint } });
    expect(JSON.stringify(await ask("GET", info))).not.toContain("pveproxy-ssl.pem");
    const sent = changes.length;
    const again = await call("certificate", { action: "delete", node: "pve1" });
    expect(again.reason?.[0]).toContain("has no custom certificate");
    expect(changes).toHaveLength(sent);
  });
});
