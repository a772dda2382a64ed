// Commands over SSH against a server of our own: who is trusted, what reaches the other side, and that nothing is left behind.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import ssh2 from "ssh2";
import { fingerprintOf } from "../../src/ssh/host-key.ts";
import type { SshSettings } from "../../src/ssh/settings.ts";
import { createShell } from "../../src/ssh/shell.ts";
import type { CommandEnd } from "../../src/toolkit/shell.ts";
import { file, hostKey, otherHostKey, type Served, serve, settingsFor } from "./server.ts";

const blob = (key: string) => Buffer.from(key.split(" ")[1] ?? "", "base64");
const pin = fingerprintOf(blob(hostKey.public));

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());

interface Ran {
  readonly end: CommandEnd;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

async function run(
  words: readonly string[],
  more: Partial<SshSettings> & { input?: string; seconds?: number; signal?: AbortSignal; port?: number } = {},
): Promise<Ran> {
  const { input, seconds = 20, signal, port = served.port, ...settings } = more;
  const shell = createShell(settingsFor(port, { fingerprints: [pin], ...settings }));
  return runIn(shell, words, { seconds, ...(input === undefined ? {} : { input }), ...(signal ? { signal } : {}) });
}

async function runIn(
  shell: ReturnType<typeof createShell>,
  words: readonly string[],
  { input, seconds = 20, signal }: { input?: string; seconds?: number; signal?: AbortSignal } = {},
): Promise<Ran> {
  const pieces: { stdout: Uint8Array[]; stderr: Uint8Array[] } = { stdout: [], stderr: [] };
  const end = await shell.run(
    { node: "pve1", vmid: 200, words, seconds, ...(input === undefined ? {} : { input }) },
    { ...(signal ? { signal } : {}), onOutput: (stream, piece) => pieces[stream].push(piece) },
  );
  return { end, stdout: Buffer.concat(pieces.stdout), stderr: Buffer.concat(pieces.stderr) };
}

const failureOf = (promise: Promise<unknown>): Promise<{ kind: string; message: string; next: string }> =>
  promise.then(
    () => {
      throw new Error("it did not fail");
    },
    (error) => ({ kind: error.kind, message: error.sentence, next: error.next }),
  );

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
    both.close();
  });

  test("that can't be reached is told with the setting that names another address", async () => {
    const { kind, next } = await failureOf(run(["true"], { port: 1 }));
    expect(kind).toBe("unreachable");
    expect(next).toContain("PROXMOX_SSH_HOSTS=pve1=");
  });
});

describe("a key", () => {
  const encrypted = ssh2.utils.generateKeyPairSync("ed25519", {
    passphrase: "open sesame",
    cipher: "aes256-ctr",
    rounds: 16,
  });
  const secret = (value: string) => ({ reveal: () => value });

  test("that the host doesn't take is told", async () => {
    const stranger = ssh2.utils.generateKeyPairSync("ed25519");
    const { kind, next } = await failureOf(run(["true"], { keyPath: file("stranger", stranger.private) }));
    expect(kind).toBe("unauthorised");
    expect(next).toContain("authorized_keys");
  });

  test.each([
    ["without its passphrase", undefined, "neither PROXMOX_SSH_KEY_PASSPHRASE"],
    ["with a wrong passphrase", secret("wrong"), "the passphrase is wrong"],
  ])("that is encrypted, %s, is told without a byte of it", async (_, passphrase, said) => {
    const keyPath = file("encrypted", encrypted.private);
    const { message } = await failureOf(run(["true"], { keyPath, ...(passphrase ? { passphrase } : {}) }));
    expect(message).toContain(said);
    expect(message).not.toContain("BEGIN");
  });

  test("that is encrypted opens with its passphrase", async () => {
    const text = ssh2.utils.parseKey(encrypted.private, "open sesame");
    expect(text).not.toBeInstanceOf(Error);
    const failure = await failureOf(
      run(["true"], { keyPath: file("encrypted", encrypted.private), passphrase: secret("open sesame") }),
    );
    expect(failure.kind).toBe("unauthorised");
  });

  test("that isn't there, or isn't one, is told by its path", async () => {
    expect((await failureOf(run(["true"], { keyPath: "/nowhere/id" }))).message).toContain("/nowhere/id");
    const { message } = await failureOf(run(["true"], { keyPath: file("no-key", "hello") }));
    expect(message).toContain("no private key");
  });
});

describe("a command", () => {
  test("ends with its code, its output apart", async () => {
    const { end, stdout, stderr } = await run(["/bin/sh", "-c", "echo out; echo err >&2; exit 3"]);
    expect(end).toEqual({ ended: "code", code: 3 });
    expect([stdout.toString(), stderr.toString()]).toEqual(["out\n", "err\n"]);
  });

  test("that dies of a signal has no exit code of success", async () => {
    const { end } = await run(["/bin/sh", "-c", "kill -9 $$"]);
    expect(end).not.toEqual({ ended: "code", code: 0 });
  });

  test("gets its input, and what it writes comes byte for byte", async () => {
    expect((await run(["cat"], { input: "one\ntwo\n" })).stdout.toString()).toBe("one\ntwo\n");
    const { stdout } = await run(["printf", "\\377\\000\\200x"]);
    expect([...stdout]).toEqual([255, 0, 128, 120]);
  });

  test("may write 20 MB", async () => {
    const { end, stdout } = await run(["head", "-c", "20000000", "/dev/zero"]);
    expect(end).toEqual({ ended: "code", code: 0 });
    expect(stdout.length).toBe(20_000_000);
  });

  test("that isn't there fails as the shell says", async () => {
    expect((await run(["no-such-program"])).end).toEqual({ ended: "code", code: 127 });
  });

  test("shares one connection with the others, eight at once and more in turn", async () => {
    const before = served.counts.connections;
    const shell = createShell(settingsFor(served.port, { fingerprints: [pin] }));
    const all = await Promise.all(Array.from({ length: 20 }, (_, n) => runIn(shell, ["echo", String(n)])));
    expect(all.map(({ stdout }) => stdout.toString().trim())).toEqual(Array.from({ length: 20 }, (_, n) => String(n)));
    expect(served.counts.connections).toBe(before + 1);
  });

  test("waits for a server that is full, and is told where it stays so", async () => {
    const busy = await serve({ refused: 2 });
    expect((await run(["true"], { port: busy.port })).end).toEqual({ ended: "code", code: 0 });
    busy.close();
    const full = await serve({ most: 0 });
    expect((await failureOf(run(["true"], { port: full.port }))).next).toContain("MaxSessions");
    full.close();
  }, 20_000);

  test("whose connection breaks is neither a success nor a failure", async () => {
    const brittle = await serve();
    const running = run(["sleep", "20"], { port: brittle.port });
    await Bun.sleep(500);
    brittle.cut();
    expect((await running).end.ended).toBe("broken");
    brittle.close();
  });
});

describe("a command is really ended, itself and its children", () => {
  const stubborn = (mark: string) => [
    "/bin/sh",
    "-c",
    `trap '' TERM; (trap '' TERM; exec -a ${mark} sleep 60) & sh -c "trap '' TERM; sleep 61; : ${mark}" & sleep 62; : ${mark}`,
  ];
  const alive = async (mark: string) =>
    (await new Response(Bun.spawn(["ps", "-eo", "args"]).stdout).text())
      .split("\n")
      .filter((line) => line.includes(mark) && !line.includes("ps -eo"));

  test("at its timeout", async () => {
    const mark = `mark-${crypto.randomUUID()}`;
    const { end } = await run(stubborn(mark), { seconds: 1 });
    expect(end).toEqual({ ended: "timeout", reached: true });
    expect(await alive(mark)).toEqual([]);
  }, 15_000);

  test("when the call is cancelled", async () => {
    const mark = `mark-${crypto.randomUUID()}`;
    const controller = new AbortController();
    const running = run(stubborn(mark), { signal: controller.signal });
    await Bun.sleep(700);
    expect((await alive(mark)).length).toBeGreaterThan(0);
    controller.abort();
    expect((await running).end).toEqual({ ended: "cancelled", reached: true });
    expect(await alive(mark)).toEqual([]);
  }, 15_000);

  test("and nothing else can be ended that way: another process group is refused", async () => {
    const { spawnSync } = await import("node:child_process");
    const other = Bun.spawn(["sleep", "30"]);
    const wrapper = `${import.meta.dir}/../../dist/ssh/proxmox-mcp-pct`;
    const { status, stderr } = spawnSync(wrapper, ["end", String(other.pid)], { encoding: "utf8" });
    expect(status).toBe(126);
    expect(stderr).toContain("nothing that run began");
    expect(other.exitCode).toBeNull();
    other.kill();
  });
});

describe("no word of a command is read by a shell on its way", () => {
  const pieces = [
    "a",
    "",
    " ",
    "'",
    '"',
    "`id`",
    "$(id)",
    "$HOME",
    "\\",
    "\n",
    "\t",
    ";",
    "|",
    "&",
    ">",
    "<",
    "*",
    "?",
    "~",
    "!",
    "#",
    "-",
    "--",
    "=",
    "é",
    "漢",
    "\u0001",
    "%s",
    "{a,b}",
    "@@1",
  ];
  const corpus = Array.from({ length: 200 }, (_, n) =>
    [n % 30, (n * 7) % 30, (n * 13) % 30, (n * 17 + 3) % 30]
      .map((place) => pieces[place] ?? "")
      .slice(0, 1 + (n % 4))
      .join(n % 3 === 0 ? "" : "x"),
  );

  test("200 words that try to leave their quoting arrive byte for byte", async () => {
    const shell = createShell(settingsFor(served.port, { fingerprints: [pin] }));
    for (let from = 0; from < corpus.length; from += 25) {
      const words = corpus.slice(from, from + 25);
      const { end, stdout } = await runIn(shell, ["printf", "%s\\0", ...words]);
      expect(end).toEqual({ ended: "code", code: 0 });
      expect(stdout.toString("utf8").split("\0").slice(0, -1)).toEqual(words);
    }
  });

  test("and so they do with the wrapper installed, as a program and as a forced command", async () => {
    const { spawnSync } = await import("node:child_process");
    const { folder } = await import("./server.ts");
    const { runWords } = await import("../../src/ssh/remote-line.ts");
    const wrapper = file(
      "wrapper",
      (await Bun.file(`${import.meta.dir}/../../dist/ssh/proxmox-mcp-pct`).text()).replace(
        "PATH=/usr/sbin",
        `PATH=${folder}:/usr/sbin`,
      ),
    );
    spawnSync("chmod", ["755", wrapper]);
    const words = runWords(10, 200, ["printf", "%s\\0", ...corpus]);
    const plain = spawnSync(wrapper, words, { encoding: "utf8" });
    const forced = spawnSync(wrapper, [], {
      encoding: "utf8",
      env: { SSH_ORIGINAL_COMMAND: `sudo -n /usr/local/sbin/proxmox-mcp-pct ${words.join(" ")}` },
    });
    for (const { stdout } of [plain, forced]) {
      const output = stdout.replace(/^@@\d+\n/, "");
      expect(output.split("\0").slice(0, -1)).toEqual(corpus);
    }
  });

  test.each([["rm -rf /"], ["run 5 200"], ["run 5 x aWQ="], ["run 5 200 $(id)"], ["end 1"], ["end -1"], ["sh -c id"]])(
    "the forced command refuses %s",
    async (line) => {
      const { spawnSync } = await import("node:child_process");
      const wrapper = `${import.meta.dir}/../../dist/ssh/proxmox-mcp-pct`;
      const { status, stdout } = spawnSync(wrapper, [], { encoding: "utf8", env: { SSH_ORIGINAL_COMMAND: line } });
      expect({ status, stdout }).toEqual({ status: 126, stdout: "" });
    },
  );
});
