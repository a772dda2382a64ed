// Keys and host keys as OpenSSH makes them: key files, encrypted ones, those of an agent, lines of known_hosts.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SshSettings } from "../../src/ssh/settings.ts";
import { createShell } from "../../src/ssh/shell.ts";
import { failureOf, runIn } from "../ssh/runs.ts";
import { startAgent } from "./agent.ts";
import { fingerprint, publicKey, type Sshd, startSshd } from "./sshd.ts";

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.close());

const runWith = (settings: SshSettings) => runIn(createShell(settings), ["true"]);
const run = (more: Partial<SshSettings>) => runWith(sshd.settings("root", more));
const success = { ended: "code", code: 0 } as const;
const secret = (value: string) => ({ reveal: () => value });

describe("a key", () => {
  test.each(["ed25519", "rsa", "ecdsa"])("of the kind %s is taken from its file, encrypted or not", async (type) => {
    const [plain, encrypted] = [
      sshd.keyPair(`plain-${type}`, type),
      sshd.keyPair(`encrypted-${type}`, type, "open sesame"),
    ];
    sshd.allow("root", plain);
    sshd.allow("root", encrypted);
    expect((await run({ keyPath: plain })).end).toEqual(success);
    expect((await run({ keyPath: encrypted, passphrase: secret("open sesame") })).end).toEqual(success);
    const { message } = await failureOf(run({ keyPath: encrypted, passphrase: secret("close-sesame") }));
    expect(message).toContain("the passphrase is wrong");
    expect(message).not.toContain("close-sesame");
    expect((await failureOf(run({ keyPath: encrypted }))).message).toContain("PROXMOX_SSH_KEY_PASSPHRASE");
  });

  test("in PEM's form is taken as well", async () => {
    const pem = sshd.keyPair("pem", "rsa");
    sshd.allow("root", pem);
    Bun.spawnSync(["ssh-keygen", "-p", "-q", "-m", "PEM", "-N", "open sesame", "-f", pem]);
    expect(readFileSync(pem, "utf8")).toContain("BEGIN RSA PRIVATE KEY");
    expect((await run({ keyPath: pem, passphrase: secret("open sesame") })).end).toEqual(success);
  });

  test("that the server doesn't know is told", async () => {
    const { kind, message } = await failureOf(run({ keyPath: sshd.keyPair("stranger") }));
    expect([kind, message].join(" ")).toMatch(/^unauthorised .*doesn't take the key .*stranger for user root/);
  });
});

describe("an agent", () => {
  test.each(["ed25519", "rsa", "ecdsa"])(
    "signs with a key of the kind %s, after others that aren't taken",
    async (type) => {
      using agent = startAgent();
      const key = sshd.keyPair(`agent-${type}`, type);
      sshd.allow("root", key);
      agent.add(sshd.keyPair(`unknown-${type}`, type));
      agent.add(key);
      expect((await runWith(agentAlone(agent.socket))).end).toEqual(success);
    },
  );

  test("without the right key is told", async () => {
    using agent = startAgent();
    const { kind, message, next } = await failureOf(runWith(agentAlone(agent.socket)));
    expect([kind, message, next].join(" ")).toMatch(/^unauthorised .*PROXMOX_SSH_AGENT/);
  });

  test("that isn't there is told by its socket", async () => {
    const { kind, message, next } = await failureOf(runWith(agentAlone("/nowhere/agent.sock")));
    expect([kind, message, next].join(" ")).toMatch(/^unauthorised .*\/nowhere\/agent\.sock.*PROXMOX_SSH_AGENT/);
  });

  /** Settings with no key file. */
  function agentAlone(agent: string): SshSettings {
    const { keyPath: _, ...others } = sshd.settings("root", { agent });
    return others;
  }
});

describe("a host key", () => {
  test("of each kind is known by its fingerprint", async () => {
    for (const path of [sshd.hostKeys.ed25519, sshd.hostKeys.rsa])
      expect((await run({ fingerprints: [fingerprint(path)] })).end).toEqual(success);
  });

  test("is known by a hashed line of known_hosts, as ssh-keygen writes it, and a changed one isn't", async () => {
    const lineOf = (path: string) => hashed(`[127.0.0.1]:${sshd.port} ${publicKey(path)}\n`);
    for (const path of [sshd.hostKeys.ed25519, sshd.hostKeys.rsa]) {
      const knownHosts = lineOf(path);
      expect(knownHosts).toStartWith("|1|");
      expect((await run({ fingerprints: [], knownHosts })).end).toEqual(success);
    }
    const before = sshd.log().match(/Postponed publickey|Accepted publickey|Failed publickey/g)?.length;
    const changed = await failureOf(run({ fingerprints: [], knownHosts: lineOf(sshd.keyPair("another-host")) }));
    expect(changed.message).toContain("another one than the one that is known");
    expect(changed.message).toContain(fingerprint(sshd.hostKeys.ed25519));
    expect((await failureOf(run({ fingerprints: [], knownHosts: "" }))).message).toContain("isn't known");
    expect(sshd.log().match(/Postponed publickey|Accepted publickey|Failed publickey/g)?.length).toBe(before ?? 0);
  });

  function hashed(text: string): string {
    const path = join(sshd.container, "known_hosts");
    writeFileSync(path, text);
    const { exitCode } = Bun.spawnSync(["ssh-keygen", "-q", "-H", "-f", path], { stderr: "ignore" });
    expect(exitCode).toBe(0);
    return readFileSync(path, "utf8");
  }
});
