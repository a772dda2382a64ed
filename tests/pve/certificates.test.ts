import { afterAll, describe, expect, test } from "bun:test";
import { PveError } from "../../src/pve/errors.ts";
import { createTransport, type TransportOptions } from "../../src/pve/transport.ts";
import { type Certificate, createCertificate } from "../../src/simulator/https/certificate.ts";
import { json, serveTls, type TlsServer } from "./tls-server.ts";

const ca = createCertificate({ subject: "PVE Cluster CA", ca: true });
const otherCa = createCertificate({ subject: "Another CA", ca: true });
const good = createCertificate({ subject: "pve1", names: ["localhost", "127.0.0.1"], issuer: ca });
const past = { from: new Date("2020-01-01"), to: new Date("2021-01-01") };
const expired = createCertificate({ subject: "pve1", names: ["localhost"], issuer: ca, ...past });
const elsewhere = createCertificate({ subject: "pve2", names: ["pve2.example.test"], issuer: ca });
const selfSigned = createCertificate({ subject: "localhost", names: ["localhost"] });

const servers: TlsServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.stop())));

/** One request with these settings to a server with this certificate: its status or the error, and what the server saw. */
async function ask(certificate: Certificate, options: TransportOptions) {
  const server = await serveTls(certificate, () => json("pong"));
  servers.push(server);
  const fetch = createTransport(options);
  const headers = { authorization: "PVEAPIToken=root@pam!mcp=planted-secret" };
  const outcome = await fetch(new Request(`${server.base}/api2/json/version`, { headers })).then(
    ({ status }) => status,
    (error: unknown) => error,
  );
  fetch.close();
  return { outcome, server };
}

async function refused(certificate: Certificate, options: TransportOptions): Promise<PveError> {
  const { outcome, server } = await ask(certificate, options);
  expect(server.arrived).toEqual([]);
  if (!(outcome instanceof PveError)) throw new Error(`was not refused: ${String(outcome)}`);
  expect(outcome.kind).toBe("tls");
  expect(outcome.sent).toBe(false);
  expect(outcome.sentence).toContain(`fingerprint (SHA-256): ${certificate.fingerprint}`);
  return outcome;
}

async function accepted(certificate: Certificate, options: TransportOptions): Promise<void> {
  const { outcome, server } = await ask(certificate, options);
  expect(outcome).toBe(200);
  expect(server.arrived.length).toBe(1);
}

describe("a certificate whose issuer is known", () => {
  for (const mode of ["strict", "verify"] as const) {
    test(`is accepted in mode ${mode}`, () => accepted(good, { mode, ca: ca.certificate }));

    test(`is refused in mode ${mode} when it has expired`, async () => {
      const error = await refused(expired, { mode, ca: ca.certificate });
      expect(error.sentence).toContain("it has expired");
      expect(error.sentence).toContain("valid: 2020-01-01 to 2021-01-01");
    });

    test(`is refused in mode ${mode} when it is made out to another host`, async () => {
      const error = await refused(elsewhere, { mode, ca: ca.certificate });
      expect(error.sentence).toContain("made out to DNS:pve2.example.test and not to localhost");
    });
  }

  test("may be the host's own", () => accepted(good, { mode: "strict", hostCa: ca.certificate }));

  test("may stand among several", () => accepted(good, { mode: "strict", ca: [otherCa.certificate, ca.certificate] }));

  test("may stand among several in one text", () =>
    accepted(good, { mode: "strict", ca: otherCa.certificate + ca.certificate }));
});

describe("a certificate whose issuer is unknown", () => {
  for (const [name, certificate] of Object.entries({ "of another CA": good, "signed by itself": selfSigned })) {
    for (const options of [
      { mode: "strict" },
      { mode: "verify" },
      { mode: "verify", ca: otherCa.certificate },
    ] as const) {
      test(`is refused: ${name}, ${Object.keys(options).join(" and ")} ${options.mode}`, () =>
        refused(certificate, options));
    }
  }

  test("is refused with its subject, issuer and the setting that would accept it", async () => {
    const error = await refused(good, { mode: "verify" });
    expect(error.sentence).toContain("subject: CN=pve1");
    expect(error.sentence).toContain("issuer: CN=PVE Cluster CA");
    expect(error.next).toContain(`PROXMOX_SSL_FINGERPRINT=${good.fingerprint}`);
    expect(error.message).not.toContain("planted-secret");
  });

  test("is refused in strict mode with both settings that would accept it", async () => {
    const error = await refused(good, { mode: "strict" });
    expect(error.next).toContain(`PROXMOX_SSL_MODE=verify and PROXMOX_SSL_FINGERPRINT=${good.fingerprint}`);
  });

  test("is accepted in mode insecure", () => accepted(selfSigned, { mode: "insecure" }));

  test("is refused although NODE_TLS_REJECT_UNAUTHORIZED=0", async () => {
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    try {
      await refused(selfSigned, { mode: "strict" });
      await refused(selfSigned, { mode: "verify" });
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    }
  });
});

describe("a pinned fingerprint", () => {
  const pin = (certificate: Certificate): TransportOptions => ({
    mode: "verify",
    fingerprint: certificate.fingerprint,
  });

  test("accepts its certificate whoever issued it", () => accepted(selfSigned, pin(selfSigned)));
  test("accepts its certificate under another name", () => accepted(elsewhere, pin(elsewhere)));
  test("is understood without colons and in lower case", () =>
    accepted(selfSigned, { mode: "verify", fingerprint: selfSigned.fingerprint.replaceAll(":", "").toLowerCase() }));

  test("refuses another certificate, and names both fingerprints", async () => {
    const error = await refused(selfSigned, pin(good));
    expect(error.sentence).toContain(good.fingerprint);
    expect(error.next).toContain(`PROXMOX_SSL_FINGERPRINT=${selfSigned.fingerprint}`);
  });

  test("refuses another certificate even of a known issuer", async () => {
    await refused(good, { ...pin(selfSigned), ca: ca.certificate });
  });

  test("does not make strict mode trust an unknown issuer", async () => {
    await refused(selfSigned, { mode: "strict", fingerprint: selfSigned.fingerprint });
  });

  test("is asked of every new connection", async () => {
    const server = await serveTls(selfSigned, () => ({
      bytes: "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n",
      end: true,
    }));
    servers.push(server);
    const right = createTransport(pin(selfSigned));
    const wrong = createTransport(pin(good));
    const request = () => new Request(`${server.base}/`);
    await (await right(request())).text();
    await expect(wrong(request())).rejects.toBeInstanceOf(PveError);
    expect(server.arrived.length).toBe(1);
  });
});
