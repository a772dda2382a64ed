import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PveError } from "../../src/pve/errors.ts";
import { atSight } from "../../src/pve/sight.ts";
import { createSightingsFile } from "../../src/pve/sightings-file.ts";
import { createTransport, type TransportOptions } from "../../src/pve/transport.ts";
import { distrust, type Presented } from "../../src/pve/trust.ts";
import { type Certificate, createCertificate } from "../../src/simulator/https/certificate.ts";
import { json, serveTls } from "./tls-server.ts";

const folder = mkdtempSync(join(tmpdir(), "pve-sight-"));
afterAll(() => rmSync(folder, { recursive: true }));

const ca = createCertificate({ subject: "PVE Cluster CA", ca: true });
const stock = createCertificate({ subject: "pve1.example.test", names: ["pve1.example.test"], issuer: ca });
const renewed = createCertificate({
  subject: "pve1.example.test",
  names: ["pve1.example.test"],
  issuer: ca,
  keyPair: stock.keyPair,
});
const changed = createCertificate({ subject: "pve1.example.test", names: ["pve1.example.test"], issuer: ca });
const selfSigned = createCertificate({ subject: "localhost", names: ["localhost"] });
const rightName = createCertificate({ subject: "pve1", names: ["localhost"], issuer: ca });

/** A server whose certificate can be changed, as seen by this program through its memory. */
let count = 0;
function operator(more: Partial<TransportOptions> = {}) {
  count++;
  const path = join(folder, String(count), "state", "certificates.json");
  const options = { mode: "verify", sightings: createSightingsFile(path), ...more } as const;
  let port = 0;
  const meet = async (certificate: Certificate, other: Partial<TransportOptions> = {}) => {
    const server = await serveTls(certificate, () => json("pong"), port);
    port = server.port;
    const fetch = createTransport({ ...options, ...other });
    const outcome = await fetch(new Request(server.base)).then(
      ({ status }) => status,
      (error: unknown) => error,
    );
    fetch.close();
    await server.stop();
    if (outcome instanceof PveError) {
      expect([outcome.kind, outcome.sent, server.arrived.length]).toEqual(["tls", false, 0]);
      return outcome;
    }
    expect([outcome, server.arrived.length]).toEqual([200, 1]);
    return "accepted";
  };
  return { meet, path };
}

describe("at first sight", () => {
  test.each([
    ["a stock PVE certificate", stock],
    ["one that is signed by itself", selfSigned],
  ])("%s is taken in mode verify, and again", async (_, certificate) => {
    const { meet } = operator();
    expect(await meet(certificate)).toBe("accepted");
    expect(await meet(certificate)).toBe("accepted");
  });

  test("a host's own issuers, which nobody set, don't stand in the way", async () => {
    const hostCa = createCertificate({ subject: "This host's CA", ca: true }).certificate;
    expect(await operator().meet(stock, { hostCa })).toBe("accepted");
  });

  test("a server is remembered in a file that is its owner's alone", async () => {
    const { meet, path } = operator();
    await meet(stock);
    expect(readFileSync(path, "utf8")).toContain(stock.fingerprint);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test.each([
    ["signed by itself", {}],
    ["of an unknown issuer", { issuer: ca }],
  ])("a certificate that isn't valid today is refused: %s", async (_, issuer) => {
    const past = { from: new Date("2020-01-01"), to: new Date("2021-01-01") };
    expect(
      await operator().meet(createCertificate({ subject: "pve1", names: ["localhost"], ...past, ...issuer })),
    ).toBeInstanceOf(PveError);
  });

  test.each([
    ["in mode strict", { mode: "strict" }],
    ["beside issuers of its own", { ca: createCertificate({ subject: "Another CA", ca: true }).certificate }],
    ["beside a fingerprint", { fingerprint: renewed.fingerprint }],
  ] as const)("nothing is taken %s", async (_, options) => {
    expect(await operator().meet(stock, options)).toBeInstanceOf(PveError);
  });
});

test("a date is refused at first sight even where the issuer's fault is the one that is named", async () => {
  const presented: Presented = {
    fingerprint: stock.fingerprint,
    subject: "CN=pve1",
    issuer: "CN=PVE Cluster CA",
    validFrom: "2020-01-01",
    validTo: "2021-01-01",
    chainError: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    outOfDate: true,
    publicKey: () => "00",
  };
  const options = { mode: "verify", sightings: createSightingsFile(join(folder, "dates.json")) } as const;
  const verdict = await atSight(options, presented, "pve1:8006", distrust(options, presented, "pve1:8006"));
  expect(verdict?.sentence).toContain("it isn't valid today");
});

describe("a server that is remembered", () => {
  test("may renew its certificate with the same key", async () => {
    const { meet, path } = operator();
    await meet(stock);
    expect(await meet(renewed)).toBe("accepted");
    expect(readFileSync(path, "utf8")).toContain(renewed.fingerprint);
  });

  test("is refused with another key, and the error shows both fingerprints and the setting", async () => {
    const { meet } = operator();
    await meet(stock);
    const error = await meet(changed);
    if (!(error instanceof PveError)) throw new Error("was accepted");
    expect(error.sentence).toContain(stock.fingerprint);
    expect(error.sentence).toContain(changed.fingerprint);
    expect(error.next).toContain(`PROXMOX_SSL_FINGERPRINT=${changed.fingerprint}`);
    expect(await meet(stock)).toBe("accepted");
  });

  test("is refused with another key even when it was remembered for its good chain", async () => {
    const { meet, path } = operator();
    await meet(stock);
    const place = Object.keys(JSON.parse(readFileSync(path, "utf8")))[0] ?? "";
    writeFileSync(path, JSON.stringify({ [place]: { fingerprint: rightName.fingerprint, publicKey: "00" } }));
    expect(await meet(selfSigned)).toBeInstanceOf(PveError);
  });
});

describe("a memory that can't be used", () => {
  test("refuses an unknown issuer, and names the file and the settings that do without", async () => {
    const { meet, path } = operator();
    await meet(stock);
    writeFileSync(path, "{ broken");
    const error = await meet(stock);
    if (!(error instanceof PveError)) throw new Error("was accepted");
    expect(error.sentence).toContain(path);
    expect(error.next).toContain("PROXMOX_SSL_FINGERPRINT");
  });

  test("refuses when it can't be written", async () => {
    const sightings = createSightingsFile(join("/dev/null", "certificates.json"));
    expect(await operator({ sightings }).meet(stock)).toBeInstanceOf(PveError);
  });
});
