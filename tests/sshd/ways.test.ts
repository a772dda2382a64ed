// Commands through a real sshd, by each of the ways to the wrapper: root, root's forced command, a user with sudo, and that
// user's forced command.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { createShell } from "../../src/ssh/shell.ts";
import { corpus } from "../ssh/corpus.ts";
import { failureOf, processesWith, runIn, stubborn, until } from "../ssh/runs.ts";
import { type Sshd, startSshd, sudoersLine, throughOpenSsh, type Way, ways } from "./sshd.ts";

let sshd: Sshd;
beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.close());

const shellOf = (way: Way) => createShell(sshd.settings(way));

describe.each<Way>(["root", "rootForced", "sudoer", "forced"])("by the way %s", (way) => {
  test("a command runs as root in its container, its output apart, and ends with its code", async () => {
    const { end, stdout, stderr } = await runIn(shellOf(way), ["/bin/sh", "-c", "pwd; id -u; echo err >&2; exit 3"]);
    expect(end).toEqual({ ended: "code", code: 3 });
    expect(stdout.toString()).toBe(`${realpathSync(sshd.container)}\n0\n`);
    expect(stderr.toString()).toBe("err\n");
  });

  test("it gets its input", async () => {
    const input = "0123456789abcdef".repeat(300_000);
    const { stdout } = await runIn(shellOf(way), ["md5sum"], { input });
    expect(stdout.toString()).toStartWith(new Bun.CryptoHasher("md5").update(input).digest("hex"));
  });

  test("200 words that try to leave their quoting arrive byte for byte", async () => {
    const { end, stdout } = await runIn(shellOf(way), ["printf", "%s\\0", ...corpus]);
    expect(end).toEqual({ ended: "code", code: 0 });
    expect(stdout.toString("utf8").split("\0").slice(0, -1)).toEqual(corpus);
  });

  test("one that ignores TERM is ended at its timeout, itself and its children", async () => {
    const mark = `mark-${crypto.randomUUID()}`;
    const { end } = await runIn(shellOf(way), stubborn(mark), { seconds: 1 });
    expect(end).toEqual({ ended: "timeout", reached: true });
    expect(await processesWith(mark)).toEqual([]);
  });

  test("and so it is when the call is cancelled", async () => {
    const mark = `mark-${crypto.randomUUID()}`;
    const controller = new AbortController();
    const running = runIn(shellOf(way), stubborn(mark), { signal: controller.signal });
    await until(async () => (await processesWith(`: ${mark}`)).length > 1);
    controller.abort();
    expect((await running).end).toEqual({ ended: "cancelled", reached: true });
    expect(await processesWith(mark)).toEqual([]);
  });

  test("one that dies of a signal isn't a success", async () => {
    const { end } = await runIn(shellOf(way), ["/bin/sh", "-c", "kill -9 $$"]);
    expect([end.ended, "code" in end ? end.code : -1]).not.toEqual(["code", 0]);
  });
});

test.each<Way>(["rootForced", "forced"])("the key of %s is good for nothing but the wrapper", (way) => {
  for (const command of ["id", "sh -c id", "run 5 x aWQ=", "run 5 200 $(id)", "end 1"])
    expect(throughOpenSsh(sshd.settings(way), command)).toEqual({ exitCode: 126, stdout: "" });
  expect(throughOpenSsh(sshd.settings(way))).toEqual({ exitCode: 126, stdout: "" });
});

test("root's forced command that the settings don't know of is told with the setting", async () => {
  const { wrapper: _, ...settings } = sshd.settings("rootForced");
  const { kind, message, next } = await failureOf(runIn(createShell(settings), ["true"]));
  expect([kind, message, next].join(" ")).toMatch(/^refused .*proxmox-mcp-pct: run or end.*PROXMOX_SSH_WRAPPER/);
});

test("a wrapper that isn't there, or that sudo doesn't allow, is told with what to do", async () => {
  for (const wrapper of ["/usr/local/sbin/other", "/usr/sbin/pct"]) {
    const { message, next } = await failureOf(runIn(createShell(sshd.settings("sudoer", { wrapper })), ["true"]));
    expect(message).toContain("sudo: ");
    expect(next).toContain(`Install the wrapper as ${wrapper} on pve1, and let sudoer run it by sudo`);
  }
});

test("a user with sudo may run nothing else by it", () => {
  expect(throughOpenSsh(sshd.settings("sudoer"), "sudo -n id")).toEqual({ exitCode: 1, stdout: "" });
});

test("README shows the lines of sudoers and authorized_keys that these tests go by", async () => {
  const readme = await Bun.file(join(import.meta.dir, "../../README.md")).text();
  expect(readme).toContain(`'${sudoersLine("mcp")}'`);
  expect(readme).toContain(`\n${ways.forced.options}ssh-ed25519 `);
});
