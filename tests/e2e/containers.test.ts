// Commands in containers through the program itself: from a real client over the wire, to an SSH server on loopback.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import { corpus } from "../ssh/corpus.ts";
import { ed25519Pair } from "../ssh/key-pair.ts";
import { pin, processesWith, stubborn, until } from "../ssh/runs.ts";
import { clientKey, type Served, serve } from "../ssh/server.ts";
import { startAgent } from "../sshd/agent.ts";
import { clients } from "./clients.ts";
import { type Cluster, networkCommand, startCluster } from "./cluster.ts";
import { program } from "./program.ts";

const folder = mkdtempSync(join(tmpdir(), "containers-"));
const key = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
};
const pairs = {
  plain: clientKey,
  encrypted: ed25519Pair("open sesame"),
  rsa: ssh2.utils.generateKeyPairSync("rsa", { bits: 2048 }),
  ecdsa: ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 }),
};

let cluster: Cluster;
let served: Served;
beforeAll(async () => {
  cluster = await startCluster();
  served = await serve({ keys: Object.values(pairs).map((pair) => pair.public) });
});
afterAll(async () => {
  await served.close();
  await cluster.stop();
  rmSync(folder, { recursive: true });
});

type Settings = Readonly<Record<string, string>>;

/** All that an operator sets for commands in containers, but for the key. */
const ssh = (): Settings => ({
  PROXMOX_SSH_ENABLED: "true",
  PROXMOX_SSH_HOSTS: ["pve1", "pve2", "pve3"].map((node) => `${node}=127.0.0.1:${served.port}`).join(","),
  PROXMOX_SSH_HOST_KEY_FINGERPRINT: pin,
  PROXMOX_ALLOW_UNSAFE_COMMANDS: "true",
});
const byFile = (): Settings => ({ ...ssh(), PROXMOX_SSH_KEY_PATH: key("plain", pairs.plain.private) });

function connect(settings: Settings, place = 2) {
  const { connect: over } = clients[place] ?? expect.unreachable();
  const env = {
    PROXMOX_HOST: new URL(cluster.url).host,
    PROXMOX_SSL_MODE: "verify",
    PROXMOX_SSL_FINGERPRINT: cluster.fingerprint,
    PROXMOX_TOKEN_VALUE: cluster.tokens.root,
    PROXMOX_ALLOW_ELEVATED: "true",
    ...settings,
  };
  return over(["serve"], { command: networkCommand, env, cwd: folder });
}

async function echo(settings: Settings): Promise<string> {
  await using session = await connect(settings);
  return (await session.call("proxmox_lxc_exec", { vmid: 103, command: "echo", args: ["it's here"] })).text;
}

describe("a command in a container", () => {
  test.each(clients.map(({ name }, place) => [name, place] as const))("is run for %s", async (_, place) => {
    await using session = await connect(byFile(), place);
    const { text, isError } = await session.call("proxmox_lxc_exec", { vmid: 103, command: "echo out; exit 3" });
    expect(text).toContain("exit code 3");
    expect(text).toContain("out");
    expect(isError).toBe(true);
  });

  test("is given 200 words that try to leave their quoting byte for byte", async () => {
    await using session = await connect(byFile());
    for (let from = 0; from < corpus.length; from += 25) {
      const words = corpus.slice(from, from + 25);
      const args = ["-c", 'file=$1; shift; printf "%s\\0" "$@" >"$file"', "sh", join(folder, "given"), ...words];
      const { text, isError } = await session.call("proxmox_lxc_exec", { vmid: 103, command: "/bin/sh", args });
      expect({ text, isError }).toMatchObject({ isError: false });
      expect(readFileSync(join(folder, "given"), "utf8").split("\0").slice(0, -1)).toEqual(words);
    }
  });

  test("is ended when the host cancels the call, itself and its children", async () => {
    await using session = await connect(byFile());
    const mark = `mark-${crypto.randomUUID()}`;
    const [command = "", ...args] = stubborn(mark);
    const controller = new AbortController();
    const call = session.call("proxmox_lxc_exec", { vmid: 103, command, args }, { signal: controller.signal });
    const outcome = call.then(
      () => "answered",
      () => "cancelled",
    );
    await until(async () => (await processesWith(`: ${mark}`)).length > 1);
    controller.abort();
    expect(await outcome).toBe("cancelled");
    await until(async () => (await processesWith(mark)).length === 0);
  });

  test.each(["cancels the call and leaves", "stops the program"])("is ended when the host %s", async (how) => {
    await using session = await connect(byFile());
    const mark = `mark-${crypto.randomUUID()}`;
    const [command = "", ...args] = stubborn(mark);
    const controller = new AbortController();
    const call = session.call("proxmox_lxc_exec", { vmid: 103, command, args }, { signal: controller.signal });
    call.catch(() => {});
    await until(async () => (await processesWith(`: ${mark}`)).length > 1);
    if (how === "stops the program") process.kill(session.peer.pid, "SIGTERM");
    else {
      controller.abort();
      await session.peer.end();
    }
    expect(await session.peer.exited).toBe(0);
    expect(await processesWith(mark)).toEqual([]);
  });

  test("may write 20 MB: both ends are shown, and progress comes a few times a second", async () => {
    await using session = await connect(byFile());
    const lines: (string | undefined)[] = [];
    const started = Date.now();
    const { text } = await session.call(
      "proxmox_lxc_exec",
      { vmid: 103, command: "echo first; yes | head -c 20000000; echo last" },
      { onprogress: ({ message }) => lines.push(message) },
    );
    expect(text).toContain("first");
    expect(text).toContain("last");
    expect(text).toMatch(/\d+ of 20000011 bytes are left out/);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThanOrEqual(2 + (Date.now() - started) / 250);
  });
});

describe("the key", () => {
  test("may be encrypted, its passphrase in a file", async () => {
    const settings = {
      ...ssh(),
      PROXMOX_SSH_KEY_PATH: key("encrypted", pairs.encrypted.private),
      PROXMOX_SSH_KEY_PASSPHRASE_FILE: key("passphrase", "open sesame\n"),
    };
    expect(await echo(settings)).toContain("it's here");
  });

  test("may be an RSA or ECDSA key of an agent", async () => {
    for (const name of ["rsa", "ecdsa"] as const) {
      using agent = startAgent();
      agent.add(key(`agent-${name}`, pairs[name].private));
      expect(await echo({ ...ssh(), PROXMOX_SSH_AGENT: agent.socket })).toContain("it's here");
    }
  });

  test("may be an RSA key in a file, and an ECDSA key, which Deno can't use and says so", async () => {
    expect(await echo({ ...ssh(), PROXMOX_SSH_KEY_PATH: key("rsa", pairs.rsa.private) })).toContain("it's here");
    const answer = await echo({ ...ssh(), PROXMOX_SSH_KEY_PATH: key("ecdsa", pairs.ecdsa.private) });
    expect(answer).toContain(program.name.endsWith("deno") ? "Deno can't use the ECDSA key" : "it's here");
  });
});

test("without SSH the answer names what to set", async () => {
  expect(await echo({})).toContain("PROXMOX_SSH_ENABLED=true");
});

test("what lies in the folder where the program is started isn't run", async () => {
  for (const name of ["ssh2", "cpu-features", "nan"]) {
    mkdirSync(join(folder, "node_modules", name), { recursive: true });
    const planted = `require("node:fs").writeFileSync(${JSON.stringify(join(folder, "planted"))}, "x");`;
    writeFileSync(join(folder, "node_modules", name, "index.js"), planted);
  }
  expect(await echo(byFile())).toContain("it's here");
  expect(await Bun.file(join(folder, "planted")).exists()).toBe(false);
});
