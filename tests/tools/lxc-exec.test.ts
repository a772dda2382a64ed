// Commands in containers, from the tool's side: what the node is told, and what each end is answered with.
import { describe, expect, test } from "bun:test";
import { createProgress } from "../../src/handlers/command-progress.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { callTool } from "../../src/toolkit/call.ts";
import type { CommandEnd, ContainerCommand } from "../../src/toolkit/shell.ts";
import { lxcExecTools } from "../../src/tools/lxc-exec.ts";
import { clusterOver } from "../toolkit/stand-in.ts";

const tool = lxcExecTools[0] ?? expect.unreachable();

async function run(
  given: Record<string, unknown>,
  end: CommandEnd = { ended: "code", code: 0 },
  output = "",
  unsafeCommands = false,
) {
  const simulator = createSimulator({ speed: Number.POSITIVE_INFINITY, seed: 1 });
  const cluster = clusterOver((request) => simulator.fetch(request), undefined, simulator.tokens.root);
  const commands: ContainerCommand[] = [];
  const shell = {
    run: async (
      command: ContainerCommand,
      told: { onOutput(stream: "stdout" | "stderr", piece: Uint8Array): void },
    ) => {
      commands.push(command);
      told.onOutput("stdout", new TextEncoder().encode(output));
      return end;
    },
  };
  const progress: string[] = [];
  const answer = await callTool(
    tool,
    given,
    { ...cluster, shell, unsafeCommands },
    { onProgress: (line) => progress.push(line) },
  );
  return { answer, command: commands[0], progress };
}

const container = 103;

describe("the node is told", () => {
  test("the container, the words for a shell, the time, and its own address", async () => {
    const { command } = await run({ vmid: container, command: "ls -l /tmp", timeout: 5 });
    expect(command).toMatchObject({
      vmid: container,
      words: ["/bin/sh", "-c", "ls -l /tmp"],
      seconds: 5,
      node: expect.stringMatching(/^pve/),
    });
    expect(command?.address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
  });

  test("arguments as words, the folder, the environment and the user around them", async () => {
    const { command } = await run({
      vmid: container,
      command: "printf",
      args: ["%s", "it's"],
      cwd: "/a b",
      env: { A: "1 2" },
      user: "www",
      input: "x",
    });
    expect(command?.words.slice(0, 5)).toEqual(["su", "-s", "/bin/sh", "www", "-c"]);
    expect(command?.words[5]).toBe(
      `'/bin/sh' '-c' 'cd "$1" && shift && exec "$@"' 'sh' '/a b' 'env' 'A=1 2' 'printf' '%s' 'it'\\''s'`,
    );
    expect(command?.input).toBe("x");
  });

  test.each([
    [{ command: "ls\nid" }, "U+000A at place 3"],
    [{ command: "ls; id" }, "; at place 3"],
    [{ command: "ls", args: ["$(id)"] }, "args[0] holds $"],
    [{ command: "ls", env: { "A B": "1" } }, "no variable's name"],
    [{ command: "ls", user: "root -c id" }, "user"],
    [{ command: "ls", timeout: 601 }, "timeout"],
  ])("nothing of %j, and the answer says why", async (given, said) => {
    const { answer, command } = await run({ vmid: container, ...given });
    expect(command).toBeUndefined();
    expect(answer.reason?.join(" ")).toContain(said);
  });

  test("the whole string where the operator lifts the check", async () => {
    const { command } = await run({ vmid: container, command: "ls; id" }, undefined, "", true);
    expect(command?.words).toEqual(["/bin/sh", "-c", "ls; id"]);
  });

  test("nothing for a VM", async () => {
    const { answer, command } = await run({ vmid: 100, command: "ls" });
    expect(command).toBeUndefined();
    expect(answer.outcome).toBe("error");
  });
});

describe("a command that", () => {
  test.each<[string, CommandEnd, object]>([
    ["ends with 0 is a success", { ended: "code", code: 0 }, { outcome: "ok", record: { exitcode: 0 } }],
    ["ends with another code isn't", { ended: "code", code: 2 }, { outcome: "failed", kind: "command" }],
    ["dies of a signal isn't", { ended: "signal", signal: "KILL" }, { outcome: "failed", record: { signal: "KILL" } }],
    [
      "leaves a process behind is a success, and says so",
      { ended: "code", code: 0, lingers: true },
      { outcome: "ok", notes: [expect.stringContaining("goes on in the container")] },
    ],
    [
      "was ended at its timeout isn't",
      { ended: "timeout", reached: true },
      { outcome: "failed", notes: [expect.stringContaining("itself and its children")] },
    ],
    [
      "can't be ended for certain says so",
      { ended: "cancelled", reached: false },
      { notes: [expect.stringContaining("could not be confirmed")] },
    ],
    [
      "loses its connection is of unknown fate",
      { ended: "broken", why: "cut" },
      { outcome: "failed", kind: "unknown-fate" },
    ],
  ])("%s", async (_, end, expected) => {
    expect((await run({ vmid: container, command: "ls" }, end, "out\n")).answer).toMatchObject({
      ...expected,
      lines: ["out"],
    });
  });

  test("writes tells its lines as they come", async () => {
    expect((await run({ vmid: container, command: "ls" }, undefined, "one\ntwo\n")).progress).toContain("two");
  });
});

describe("progress of a command that floods its output", () => {
  test("is told a few times a second: the newest line, and nothing once it has ended", async () => {
    const lines: string[] = [];
    const progress = createProgress((line) => lines.push(line));
    const line = (n: number) => new TextEncoder().encode(`${"x".repeat(70_000)}\nline ${n}\n`);
    const started = Date.now();
    for (let n = 1; Date.now() - started < 800; n++) {
      progress.push(line(n));
      if (n % 50 === 0) await Bun.sleep(1);
    }
    progress.push(line(0));
    await Bun.sleep(400);
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.length).toBeLessThan(7);
    expect([lines[0], lines.at(-1)]).toEqual(["line 1", "line 0"]);
    progress.push(line(7));
    progress.end();
    const told = lines.length;
    await Bun.sleep(400);
    expect(lines.length).toBe(told);
  });

  test("shows no half character, and of a line that is drawn over the newest state", () => {
    const lines: string[] = [];
    const progress = createProgress((line) => lines.push(line));
    progress.push(Uint8Array.of(0x82, 0xac, 0x20, ...new TextEncoder().encode("10 %\r20 %\r"), 0xe2));
    progress.end();
    expect(lines).toEqual(["20 %"]);
  });
});

test("without SSH the answer names the settings", async () => {
  const simulator = createSimulator({ speed: Number.POSITIVE_INFINITY, seed: 1 });
  const cluster = clusterOver((request) => simulator.fetch(request), undefined, simulator.tokens.root);
  const { reason } = await callTool(tool, { vmid: container, command: "ls" }, cluster);
  expect(reason?.[0]).toContain("PROXMOX_SSH_ENABLED=true");
});
