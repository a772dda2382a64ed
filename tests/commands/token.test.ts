import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseCommandLine } from "../../src/commands/parse.ts";
import { collected } from "./collected.ts";

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "token-"));
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

/** Runs the command line as main does. */
async function token(...words: readonly string[]) {
  const line = parseCommandLine(["token", ...words]);
  if ("problem" in line) return { code: 2, out: "", err: line.problem };
  const [out, err] = [collected(), collected()];
  const env = { STATE_DIRECTORY: state, ...line.sets };
  const { run } = await line.command.load();
  const { arguments: given, options } = line;
  const code = await run({
    arguments: given,
    options,
    env,
    stdin: process.stdin,
    stdout: out.stdout,
    stderr: err.stdout,
  });
  return { code, out: out.text(), err: err.text() };
}

describe("token new", () => {
  test("prints the value alone on stdout, once", async () => {
    const { code, out, err } = await token("new", "alice");
    expect([code, out]).toEqual([0, expect.stringMatching(/^pmcp_[\w-]{43}\n$/)]);
    expect(err).toContain("shown once");
    expect((await token("list")).out).not.toContain(out.trim());
  });

  test("keeps what narrows it, and list shows that", async () => {
    await token(
      "new",
      "ci",
      "--read-only",
      "--toolsets",
      "guests,backup",
      "--deny=exec",
      "--expires",
      "30d",
      "--own-pve-token",
    );
    const { out } = await token("list");
    expect(out).toContain("own PVE token; read-only; toolsets guests,backup; deny exec");
    const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    expect(out).toContain(`until ${day}`);
  });

  test.each([
    [["new"], "NAME"],
    [["new", "Alice"], "small letters"],
    [["new", "../x"], "small letters"],
    [["new", "a", "--toolsets", "gests"], "PROXMOX_TOOLSETS"],
    [["new", "a", "--tools", "proxmox_gest_list"], "proxmox_guest_list"],
    [["new", "a", "--deny", "all"], "PROXMOX_DENY"],
    [["new", "a", "--expires", "2020-01-01"], "--expires"],
    [["new", "a", "--expires", "soon"], "--expires"],
    [["new", "a", "b"], "2 arguments at most"],
    [["list", "a"], "takes no NAME"],
    [["list", "--read-only"], "token new"],
    [["revoke", "a", "--deny", "exec"], "token new"],
    [["nwe"], "did you mean new?"],
    [[], "ACTION"],
  ])("%j is wrong usage", async (words, said) => {
    const { code, out, err } = await token(...words);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(said);
  });

  test("says that a name is taken, and keeps the token that has it", async () => {
    await token("new", "alice");
    const before = readFileSync(`${state}/http-tokens/alice.json`, "utf8");
    const { code, err } = await token("new", "alice", "--read-only");
    expect([code, err]).toEqual([1, expect.stringContaining("revoke it first")]);
    expect(readFileSync(`${state}/http-tokens/alice.json`, "utf8")).toBe(before);
  });
});

test("token revoke takes one away, and says when there is none", async () => {
  await token("new", "alice");
  expect((await token("revoke", "alice")).code).toBe(0);
  expect((await token("revoke", "alice")).code).toBe(1);
  expect((await token("list")).err).toContain("There is no token yet");
});

test("--state names another folder", async () => {
  const other = join(state, "other");
  expect((await token("new", "alice", "--state", other)).code).toBe(0);
  expect((await token("list")).out).toBe("");
  expect((await token("list", "--state", other)).out).toContain("alice");
});
