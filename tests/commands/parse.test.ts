import { describe, expect, test } from "bun:test";
import { commands } from "../../src/commands/commands.ts";
import { parseCommandLine } from "../../src/commands/parse.ts";
import { usageLine } from "../../src/commands/usage.ts";

/** A command line as it reads: command, arguments, options; or the line that tells what is wrong. */
function read(...words: readonly string[]): unknown {
  const line = parseCommandLine(words);
  if ("problem" in line) return usageLine(line);
  return [line.command.name, line.arguments, line.options];
}

describe("a command line", () => {
  test.each([
    [[], ["serve", [], {}]],
    [["serve"], ["serve", [], {}]],
    [["--demo"], ["serve", [], { demo: true }]],
    [
      ["--read-only", "--demo"],
      ["serve", [], { "read-only": true, demo: true }],
    ],
    [
      ["serve", "--demo", "--demo"],
      ["serve", [], { demo: true }],
    ],
    [["demo"], ["demo", [], {}]],
    [["tools"], ["tools", [], {}]],
    [
      ["tools", "--json"],
      ["tools", [], { json: true }],
    ],
    [
      ["call", "proxmox_guest_list"],
      ["call", ["proxmox_guest_list"], {}],
    ],
    [
      ["call", "t", "vmid=100", "name=-x"],
      ["call", ["t", "vmid=100", "name=-x"], {}],
    ],
    [
      ["call", "t", '{"vmid": 100}'],
      ["call", ["t", '{"vmid": 100}'], {}],
    ],
    [
      ["call", "t", "--", "--json", "-x"],
      ["call", ["t", "--json", "-x"], {}],
    ],
    [
      ["call", "t", "-"],
      ["call", ["t", "-"], {}],
    ],
    [["version"], ["version", [], {}]],
    [["--version"], ["version", [], {}]],
    [["-V"], ["version", [], {}]],
    [
      ["tools", "-V"],
      ["version", [], {}],
    ],
    [["--help"], ["help", [], {}]],
    [["-h"], ["help", [], {}]],
    [["help"], ["help", [], {}]],
    [
      ["help", "call"],
      ["help", ["call"], {}],
    ],
    [
      ["call", "--help"],
      ["help", ["call"], {}],
    ],
    [
      ["call", "x", "-h"],
      ["help", ["call"], {}],
    ],
    [
      ["--demo", "--help"],
      ["help", [], {}],
    ],
  ])("%p is understood", (words, expected) => {
    expect(read(...words)).toEqual(expected);
  });

  test.each(commands.map(({ name }) => name))("%s --help shows its help", (name) => {
    expect(read(name, "--help")).toEqual(["help", [name], {}]);
  });

  test("of serve --read-only sets PROXMOX_READ_ONLY, and no other sets anything", () => {
    expect(parseCommandLine(["serve", "--read-only"])).toMatchObject({ sets: { PROXMOX_READ_ONLY: "true" } });
    expect(parseCommandLine(["serve", "--demo"])).toMatchObject({ sets: {} });
  });
});

describe("a wrong command line is told in one line, with the nearest right word", () => {
  test.each([
    [["srve"], 'unknown command "srve"; did you mean serve? (see proxmox-mcp --help)'],
    [["tool"], 'unknown command "tool"; did you mean tools?'],
    [["Version"], 'unknown command "Version"; did you mean version?'],
    [
      ["frobnicate"],
      'unknown command "frobnicate"; there are serve, demo, tools, call, token, doctor, simulator, version, help',
    ],
    [[""], 'unknown command ""; there are'],
    [["help", "tols"], 'unknown command "tols"; did you mean tools?'],
    [["--dmeo"], 'unknown option "--dmeo"; did you mean --demo? (see proxmox-mcp serve --help)'],
    [["--readonly"], 'unknown option "--readonly"; did you mean --read-only?'],
    [["tools", "--jsno"], 'unknown option "--jsno"; did you mean --json? (see proxmox-mcp tools --help)'],
    [["tools", "-j"], 'unknown option "-j"; there are --json, --read-only'],
    [["tools", "---"], 'unknown option "---"; there are --json'],
    [["demo", "--demo"], 'unknown option "--demo"; there are --help, --version'],
    [["serve", "--demo=yes"], "--demo takes no value; see proxmox-mcp serve --help"],
    [["serve", "x"], "serve takes no arguments; see proxmox-mcp serve --help"],
    [["help", "call", "tools"], "help takes 1 argument at most"],
    [["call"], "call needs TOOL: "],
  ])("%p", (words, expected) => {
    const line = read(...words);
    expect(line).toStartWith(`proxmox-mcp: ${expected}`);
    expect(line).not.toContain("\n");
  });

  test("without the value that somebody gave an unknown option, without control characters, and cut", () => {
    expect(read("call", "t", "--pasword=hunter22")).not.toContain("hunter22");
    expect(read("a\nb\u001b[31m")).toMatch(/^[ -~]*$/);
    expect(String(read("x".repeat(9000))).length).toBeLessThan(200);
  });
});

describe("the table of commands", () => {
  const words = commands.flatMap((command) => [command, ...command.options, ...command.arguments]);

  test("has a summary for everything in it, an example a command, and each name once", () => {
    expect(words.filter(({ summary }) => !/^[a-zA-Z].*[^.]$/.test(summary))).toEqual([]);
    expect(commands.filter(({ examples }) => examples.length === 0)).toEqual([]);
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
  });

  test("has examples that are command lines of their command", () => {
    for (const { name, examples } of commands) {
      for (const { line } of examples)
        expect(read(...line.split(" ").map((word) => word.replaceAll("'", "")))).toContain(name);
    }
  });

  test("finds a file with a run of its own for each", async () => {
    const runs = await Promise.all(commands.map(async (command) => (await command.load()).run));
    expect(new Set(runs).size).toBe(commands.length);
  });
});
