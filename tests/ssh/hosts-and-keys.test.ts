// Whom a connection trusts and by which key it comes, against a server of our own: nothing is told to a host that isn't known.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import ssh2 from "ssh2";
import { fingerprintOf } from "../../src/ssh/host-key.ts";
import type { SshSettings } from "../../src/ssh/settings.ts";
import { ed25519Pair } from "./key-pair.ts";
import { blob, failureOf, pin, runIn, shellFor } from "./runs.ts";
import { file, hostKey, otherHostKey, type Served, serve } from "./server.ts";

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());

const run = (words: readonly string[], { port = served.port, ...settings }: Partial<SshSettings> = {}) =>
  runIn(shellFor(port, settings), words);

describe("a host", () => {
  const line = (host: string, key = hostKey.public) => `${host} ${key.split(" ").slice(0, 2).join(" ")}`;
  const hashed = (host: string) => {
    const salt = Buffer.alloc(20, 7);
    return `|1|${salt.toString("base64")}|${createHmac("sha1", salt).update(host).digest("base64")}`;
  };
  const known = (text: string) => run(["true"], { fingerprints: [], knownHosts: text });

  test("is known by its fingerprint, by one of several, by known_hosts, and by its hashed name there", async () => {
    const here = `[127.0.0.1]:${served.port}`;
    const ways = [
      run(["true"]),
      run(["true"], { fingerprints: [fingerprintOf(blob(otherHostKey.public)), pin] }),
      known(line(here)),
      known(`# a comment\n\n${line(`other,${here}`)} root@pve1`),
      known(line(hashed(here))),
      known(line("[127.0.0.*]:*")),
    ];
    for (const { end } of await Promise.all(ways)) expect(end).toEqual({ ended: "code", code: 0 });
  });

  test.each([
    ["that nothing is known of", "", "isn't known"],
    ["with another key", line("*", otherHostKey.public), "another one"],
    ["whose key is revoked", `@revoked ${line("*")}\n${line("*")}`, "revoked"],
    ["that is known at another port alone", line("127.0.0.1"), "isn't known"],
    ["that is excluded", line("*,!*127.0.0.1*"), "isn't known"],
  ])("%s is told nothing, and the error shows its fingerprint and the setting", async (_, text, said) => {
    const before = served.counts.logins;
    const { kind, message, next } = await failureOf(known(text));
    expect(kind).toBe("tls");
    expect(message).toContain(said);
    if (said !== "another one") expect(message).toContain(pin);
    expect(next).toContain("PROXMOX_SSH_HOST_KEY_FINGERPRINT");
    expect(served.counts.logins).toBe(before);
  });

  test("with another key than the pinned one is told nothing", async () => {
    const other = fingerprintOf(blob(otherHostKey.public));
    const before = served.counts.logins;
    expect((await failureOf(run(["true"], { fingerprints: [other] }))).message).toContain("another one");
    expect(served.counts.logins).toBe(before);
  });

  test("is asked for the kind of key that is pinned, whichever it prefers", async () => {
    const rsa = ssh2.utils.generateKeyPairSync("rsa", { bits: 2048 });
    const both = await serve({ hostKeys: [hostKey.private, rsa.private] });
    const { end } = await run(["true"], { port: both.port, fingerprints: [fingerprintOf(blob(rsa.public))] });
    expect(end).toEqual({ ended: "code", code: 0 });
    await both.close();
  });

  test("that can't be reached is told with the setting that names another address", async () => {
    const { kind, next } = await failureOf(run(["true"], { port: 1 }));
    expect(kind).toBe("unreachable");
    expect(next).toContain("PROXMOX_SSH_HOSTS=pve1=");
  });
});

describe("a key", () => {
  const encrypted = ed25519Pair("open sesame");
  const secret = (value: string) => ({ reveal: () => value });

  test("that the host doesn't take is told", async () => {
    const stranger = ed25519Pair();
    const { kind, next } = await failureOf(run(["true"], { keyPath: file("stranger", stranger.private) }));
    expect(kind).toBe("unauthorised");
    expect(next).toContain("authorized_keys");
  });

  test.each([
    ["without its passphrase", undefined, "neither PROXMOX_SSH_KEY_PASSPHRASE"],
    ["with a wrong passphrase", secret("wrong-phrase"), "the passphrase is wrong"],
  ])("that is encrypted, %s, is told without a byte of it", async (_, passphrase, said) => {
    const keyPath = file("encrypted", encrypted.private);
    const { message } = await failureOf(run(["true"], { keyPath, ...(passphrase ? { passphrase } : {}) }));
    expect(message).toContain(said);
    expect(message).not.toContain("BEGIN");
    expect(message).not.toContain("wrong-");
  });

  test("that is encrypted opens with its passphrase", async () => {
    const pair = await serve({ keys: [encrypted.public] });
    const settings = {
      keyPath: file("encrypted", encrypted.private),
      passphrase: secret("open sesame"),
      port: pair.port,
    };
    expect((await run(["true"], settings)).end).toEqual({ ended: "code", code: 0 });
    await pair.close();
  });

  test("that isn't there, or isn't one, is told by its path", async () => {
    expect((await failureOf(run(["true"], { keyPath: "/nowhere/id" }))).message).toContain("/nowhere/id");
    const { message } = await failureOf(run(["true"], { keyPath: file("no-key", "hello") }));
    expect(message).toContain("no private key");
  });
});
