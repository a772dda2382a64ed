import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { createCertificate } from "../../src/simulator/https/certificate.ts";
import type { Question } from "./probe.ts";
import { json, type Reply, reply, serveTls, type TlsServer } from "./tls-server.ts";

const probe = resolve(import.meta.dir, "probe.ts");
const bin = resolve(import.meta.dir, "../../node_modules/.bin");
const folder = mkdtempSync(join(tmpdir(), "pve-probe-"));

const ca = createCertificate({ subject: "PVE Cluster CA", ca: true });
const good = createCertificate({ subject: "pve1", names: ["localhost"], issuer: ca });
const expired = createCertificate({ subject: "pve1", names: ["localhost"], issuer: ca, to: new Date("2021-01-01") });
const elsewhere = createCertificate({ subject: "pve2", names: ["pve2.example.test"], issuer: ca });

const machine = createCertificate({ subject: "The machine's CA", ca: true });
const local = createCertificate({ subject: "pve3", names: ["localhost"], issuer: machine });
const machineIssuers = join(folder, "machine.pem");

const answers: Readonly<Record<string, Reply>> = {
  "/plain": json("pong"),
  "/latin1": reply(596, "größe", "{}"),
  "/control": reply(500, "a\x1b[31mb", "{}"),
  "/gzip": reply(200, "OK", gzipSync("x".repeat(100_000)), ["content-encoding: gzip"]),
  "/401": { bytes: "HTTP/1.1 401 No ticket\r\nConnection: close\r\n\r\n", end: true },
  "/short": { bytes: "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{", end: true },
  "/reset": "reset",
  "/once": "reset",
  "/silent": "nothing",
};

const broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const servers = new Map<object, TlsServer>();
beforeAll(async () => {
  writeFileSync(machineIssuers, machine.certificate);
  for (const certificate of [good, expired, elsewhere, local]) {
    const server = await serveTls(certificate, ({ path, body }) =>
      path === "/length" ? reply(200, String(body.length)) : (answers[path] ?? json(null)),
    );
    servers.set(certificate, server);
  }
});
afterAll(async () => {
  for (const server of servers.values()) await server.stop();
  rmSync(folder, { recursive: true });
});

const base = (certificate: object): string => servers.get(certificate)?.base ?? "";

/** What is asked, and what every runtime has to make of it. */
function cases(): [Question, string][] {
  const memory = join(folder, randomUUID(), "certificates.json");
  const verify = { mode: "verify" } as const;
  const trusted = { mode: "strict", ca: ca.certificate } as const;
  const pinned = { mode: "verify", fingerprint: elsewhere.fingerprint } as const;
  return [
    [{ url: `${base(good)}/plain`, options: trusted, times: 3 }, "200 OK 15"],
    [{ url: `${base(good)}/plain`, options: trusted, method: "POST", body: "a=b" }, "200 OK 15"],
    [{ url: `${base(good)}/latin1`, options: trusted }, "596 größe 2"],
    [{ url: `${base(good)}/control`, options: trusted }, "500 a\x1b[31mb 2"],
    [{ url: `${base(good)}/gzip`, options: trusted }, "200 OK 100000"],
    [{ url: `${base(good)}/gzip`, options: { ...trusted, maxBody: 50_000 } }, "refused undefined"],
    [{ url: `${base(good)}/gzip`, options: { ...trusted, maxBody: 50_000 }, streamed: "down" }, "200 OK 100000"],
    [{ url: `${base(good)}/short`, options: trusted, streamed: "down" }, "unreachable true"],
    [{ url: `${base(good)}/length`, options: trusted, method: "POST", streamed: 123_456 }, "200 123456 0"],
    [{ url: `${base(good)}/401`, options: trusted }, "401 No ticket 0"],
    [{ url: `${base(good)}/short`, options: trusted }, "unreachable true"],
    [{ url: `${base(good)}/reset`, options: trusted }, "unreachable true"],
    // A runtime that sends it again by itself would have it carried out twice.
    [
      { url: `${base(good)}/once`, options: trusted, method: "POST", body: "a=b", before: `${base(good)}/plain` },
      "unreachable true",
    ],
    [{ url: `${base(good)}/silent`, options: { ...trusted, deadlines: { headers: 100 } } }, "timeout undefined"],
    [{ url: `${base(good)}/silent`, options: trusted, abortAfter: 100 }, "unreachable true"],
    [{ url: "https://localhost:1/", options: trusted }, "unreachable false"],
    [{ url: `${base(good)}/refused`, options: { mode: "strict" } }, "tls false"],
    [{ url: `${base(good)}/refused`, options: { mode: "verify" } }, "tls false"],
    [{ url: `${base(good)}/refused`, options: pinned }, "tls false"],
    [{ url: `${base(good)}/refused`, options: { mode: "strict", ca: broken } }, "tls false"],
    [{ url: `${base(expired)}/refused`, options: trusted }, "tls false"],
    [{ url: `${base(elsewhere)}/refused`, options: trusted }, "tls false"],
    [{ url: `${base(elsewhere)}/plain`, options: pinned }, "200 OK 15"],
    [{ url: `${base(good)}/plain`, options: verify, memory, times: 2 }, "200 OK 15"],
    [{ url: `${base(good)}/plain`, options: verify, memory }, "200 OK 15"],
    [{ url: `${base(expired)}/refused`, options: verify, memory }, "tls false"],
    // The machine trusts this issuer beside the one that was set, and then no memory is needed.
    [{ url: `${base(local)}/plain`, options: trusted }, "200 OK 15"],
    [{ url: `${base(local)}/plain`, options: verify, memory: "/dev/null/certificates.json" }, "200 OK 15"],
    [{ url: `${base(good)}/plain`, options: { mode: "insecure" } }, "200 OK 15"],
  ];
}

async function run(command: readonly string[], machineIsKnown = true): Promise<void> {
  const expected = cases().filter(([{ url }]) => machineIsKnown || !url.startsWith(base(local)));
  const sentOnce = () => servers.get(good)?.arrived.filter(({ path }) => path === "/once").length ?? 0;
  const before = sentOnce();
  const child = Bun.spawn([...command, JSON.stringify(expected.map(([question]) => question))], {
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: "0", NODE_EXTRA_CA_CERTS: machineIssuers },
  });
  const [said, complaint] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  expect(await child.exited, complaint).toBe(0);
  expect(JSON.parse(said)).toEqual(expected.map(([, answer]) => answer));
  expect(sentOnce() - before).toBe(1);
  const seen = [...servers.values()].flatMap(({ arrived }) => arrived.map(({ path }) => path));
  expect(seen).not.toContain("/refused");
  const names = [...servers.values()].flatMap(({ arrived }) => arrived.map(({ servername }) => servername));
  expect(new Set(names)).toEqual(new Set(["localhost"]));
}

describe("the transport works alike", () => {
  test("under Bun", () => run([join(bin, "bun"), probe]), 20_000);
  test("under Deno, without the permission to name the system's issuers", async () => {
    const allowed = ["--allow-env", "--allow-net", "--allow-read", "--allow-write"];
    await run([join(bin, "deno"), "run", "--quiet", "--no-prompt", ...allowed, probe], false);
  }, 20_000);
  test("under Deno", () => run([join(bin, "deno"), "run", "--quiet", "--allow-all", probe]), 20_000);
  test("in a compiled binary", async () => {
    const outfile = join(folder, "probe");
    const build = Bun.spawn([join(bin, "bun"), "build", "--compile", probe, "--outfile", outfile], {
      stdout: "ignore",
    });
    expect(await build.exited).toBe(0);
    await run([outfile]);
  }, 60_000);
});
