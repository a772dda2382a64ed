import { describe, expect, test } from "bun:test";
import { commands, program } from "../../src/commands/commands.ts";
import { commandHelp, overview, run, usage } from "../../src/commands/help.ts";
import { allSettings } from "../../src/config/settings.ts";
import { collected } from "./collected.ts";

describe("the overview", () => {
  test("names every command, the options of all, the exit codes", () => {
    for (const { name, summary } of commands)
      expect(overview()).toMatch(new RegExp(`^ {2}${name} +${escaped(summary)}$`, "m"));
    expect(overview()).toContain("-h, --help");
    expect(overview()).toContain("-V, --version");
    expect(overview()).toContain("Exit codes: 0 ok, 1 the call, the demo or a check failed, 2 wrong usage.");
  });
});

describe("the help of each command", () => {
  test.each(commands)("$name", async (command) => {
    const { stdout, text } = collected();
    expect(await run({ arguments: [command.name], stdout })).toBe(0);
    expect(text()).toBe(commandHelp(command));
    expect(text()).toStartWith(`${program} ${command.name}: ${command.summary}\n\nUsage: ${usage(command)}\n`);
    for (const { name, summary } of command.arguments)
      expect(text()).toMatch(new RegExp(`^ {2}${name} +${escaped(summary)}$`, "m"));
    for (const { name, value, summary } of command.options) {
      const shown = value === undefined ? name : `${name} ${escaped(value)}`;
      expect(text()).toMatch(new RegExp(`^ {2}--${shown} +${escaped(summary)}$`, "m"));
    }
    for (const { line, meaning } of command.examples)
      expect(text()).toMatch(new RegExp(`^ {2}${escaped(`${program} ${line}`)} +${escaped(meaning)}$`, "m"));
  });

  test("shows usage lines", () => {
    expect(commands.map(usage)).toEqual([
      "proxmox-mcp serve [--demo] [--read-only] [--toolsets LIST] [--tools LIST] [--exclude-tools LIST] [--http ADDRESS] [--tls-cert FILE] [--tls-key FILE] [--behind-proxy] [--allow-host NAME] [--no-auth]",
      "proxmox-mcp demo [STORY]",
      "proxmox-mcp tools [--json] [--read-only] [--toolsets LIST] [--tools LIST] [--exclude-tools LIST]",
      "proxmox-mcp call [--demo] TOOL [ARGUMENT…]",
      "proxmox-mcp token [--read-only] [--toolsets LIST] [--tools LIST] [--exclude-tools LIST] [--deny LIST] [--expires WHEN] [--own-pve-token] [--state FOLDER] ACTION [NAME]",
      "proxmox-mcp doctor [--json] [--client claude-desktop|claude-code|cursor|vscode|codex|gemini]",
      "proxmox-mcp simulator [--port N] [--pve 8.4|9.1|9.2] [--nodes N] [--guests N] [--start demo|recorded] [--speed N] [--seed N] [--listen ADDRESS] [--offline NODE] [--no-quorum] [--ceph] [--fault RULE] [--json] [--coverage]",
      "proxmox-mcp version",
      "proxmox-mcp help [COMMAND]",
    ]);
  });

  test("lists all environment variables where the command reads them", () => {
    for (const command of commands) {
      const shown = allSettings.filter(({ name }) => commandHelp(command).includes(`  ${name} `));
      expect(shown.length).toBe(command.settings ? allSettings.length : 0);
    }
  });
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
