import { describe, expect, test } from "bun:test";
import { resolve } from "node:path";
import { commands, everywhere } from "../../src/commands/commands.ts";
import { ended } from "./command.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = `${root}/dist/completions`;
const env = { PATH: `${root}/dist/bin:${process.env.PATH}`, HOME: "/nonexistent", TERM: "dumb" };

/** What is on the line so far, and what each shell offers for it, whatever the order. */
const lines: readonly (readonly [string, readonly string[]])[] = [
  ["", commands.map(({ name }) => name)],
  ["se", ["serve"]],
  ["serve --", [...commands[0].options, ...everywhere].map(({ name }) => `--${name}`)],
  ["doctor --client cl", ["claude-code", "claude-desktop"]],
  ["--re", ["--read-only"]],
  ["tools --j", ["--json"]],
  ["call proxmox_guest_st", ["proxmox_guest_status", "proxmox_guest_start", "proxmox_guest_stop"]],
  ["call --demo proxmox_guest_l", ["proxmox_guest_list"]],
  ["help ver", ["version"]],
];

const sorted = (words: readonly string[]): string[] => [...words].sort();

describe.each(lines)("after `proxmox-mcp %s`", (line, offered) => {
  test("bash offers what comes next", async () => {
    const words = ["proxmox-mcp", ...line.split(" ")];
    const ask = `source ${folder}/proxmox-mcp.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _proxmox_mcp; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { out, err } = await ended(["bash", "--norc", "-c", ask, "bash", ...words], { env });
    expect(sorted(out.trim().split("\n"))).toEqual(sorted(offered));
    expect(err).toBe("");
  });

  test("fish offers what comes next", async () => {
    const ask = `source ${folder}/proxmox-mcp.fish; complete -C "proxmox-mcp ${line}"`;
    const { out } = await ended(["fish", "--no-config", "-c", ask], { env });
    const words = out
      .trim()
      .split("\n")
      .map((row) => row.split("\t")[0] ?? "");
    expect(sorted(words)).toEqual(sorted(offered));
  });
});

/** What a zsh on a terminal shows after the tab key. */
async function zsh(line: string): Promise<string> {
  const script = `
    zmodload zsh/zpty
    read_all() { local piece; repeat 40; do sleep 0.05; while zpty -r -t shell piece; do print -rn -- "$piece"; done; done }
    zpty shell zsh -f -i
    zpty -w shell "PS1='> '; COLUMNS=200; fpath=(${folder} \\$fpath); autoload -Uz compinit; compinit -u -D; bindkey -e"
    read_all >/dev/null
    zpty -n -w shell $'proxmox-mcp '"$1"$'\\t'
    read_all
    zpty -d shell`;
  const { out } = await ended(["zsh", "-f", "-c", script, "zsh", line], { env });
  return out.replaceAll(/\u001b\[[\d;]*[A-Za-z]/g, "");
}

describe("zsh", () => {
  test.each([
    ["", ["serve", "tools", "version"]],
    ["serve --re", ["--read-only"]],
    ["help ver", ["help version"]],
    ["call proxmox_get", ["call proxmox_get_next_vmid"]],
  ])("offers after `proxmox-mcp %s` what comes next", async (line, offered) => {
    const shown = await zsh(line);
    for (const word of offered) expect(shown).toContain(word);
  });
});

test("the manual page has no fault that mandoc finds", async () => {
  const { out } = await ended(["mandoc", "-T", "lint", `${root}/dist/man/proxmox-mcp.1`], { env });
  const faults = out.split("\n").filter((line) => line !== "" && !/longer than 80 bytes|missing date/.test(line));
  expect(faults).toEqual([]);
});

test("shellcheck has nothing to say of any script", async () => {
  const { out } = await ended(["git", "ls-files", "scripts", "dist/install.sh", ".ci/run"], { env, cwd: root });
  const scripts = [];
  for (const path of out.trim().split("\n")) {
    if ((await Bun.file(`${root}/${path}`).text()).startsWith("#!/")) scripts.push(path);
  }
  expect(scripts.length).toBeGreaterThan(6);
  const bash = ["--shell=bash", "dist/completions/proxmox-mcp.bash"];
  for (const words of [scripts, bash]) {
    expect(await ended(["shellcheck", ...words], { env, cwd: root })).toEqual({ code: 0, out: "", err: "" });
  }
});
