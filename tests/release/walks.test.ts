import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { oldestNode } from "../../scripts/packages/node.ts";
import { clients } from "../e2e/clients.ts";
import { ended } from "./command.ts";

const root = resolve(import.meta.dirname, "../..");
const path = process.env.PATH ?? "";
let place = "";
let clone = "";

// A copy of what git has, or would have once it is committed, in a folder of its own.
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), "walk-"));
  clone = join(place, "a clone");
  mkdirSync(clone);
  chmodSync(place, 0o755);
  const copy = 'git ls-files -coz --exclude-standard | tar -cf - --null -T - | tar -xf - -C "$0"';
  expect(await ended(["sh", "-c", copy, clone], { env: { PATH: path }, cwd: root })).toMatchObject({ code: 0 });
});

afterAll(() => rmSync(place, { recursive: true, force: true }));

/** The commands of README for a way: the fenced block below its mark. */
function commands(way: string): string {
  const readme = readFileSync(join(clone, "README.md"), "utf8");
  const block = new RegExp(`<!-- walk: ${way} -->\n\`\`\`sh\n(.*?)\`\`\``, "s").exec(readme)?.[1];
  if (block === undefined) throw new Error(`README has no commands for ${way}`);
  return block;
}

/** An empty home folder. */
function home(way: string): string {
  const folder = join(place, `home of ${way}`);
  mkdirSync(folder);
  return folder;
}

/** Types the commands of a way into a shell in the clone. */
async function walk(way: string, env: Record<string, string>, before: readonly string[] = []): Promise<string> {
  const { code, out, err } = await ended([...before, "sh", "-euc", commands(way)], {
    cwd: clone,
    env: { PATH: path, ...env },
  });
  if (code !== 0) throw new Error(`the way ${way} ended with ${code}:\n${out}${err}`);
  return out + err;
}

/** A client starts the program that was installed, and asks for its tools. */
async function toolsOf(program: string, env: Record<string, string> = {}): Promise<readonly string[]> {
  const [, , newest] = clients;
  if (!newest) throw new Error("no client");
  await using session = await newest.connect(["serve"], { command: [program], env });
  return (await session.list()).map(({ name }) => name);
}

describe("README's way to the archives", () => {
  test("builds them in a clean clone with an empty home, the same ones as here", async () => {
    await walk("build", { HOME: home("build") });
    const sums = (folder: string): string => readFileSync(join(folder, "dist/bin/SHA256SUMS"), "utf8");
    expect(sums(clone)).toBe(sums(root));
  }, 300_000);
});

describe("README's way ends in a program that lists its tools", () => {
  test("by download, as an ordinary user", async () => {
    const folder = home("download");
    chmodSync(folder, 0o777);
    const ordinary = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    const said = await walk("download", { HOME: folder }, process.getuid?.() === 0 ? ordinary : []);
    expect(said).toContain("Installed proxmox-mcp");
    expect(await toolsOf(join(folder, ".local/bin/proxmox-mcp"))).toContain("proxmox_guest_list");
  }, 60_000);

  test("by Homebrew", async () => {
    const prefix = join(home("homebrew"), "brew");
    const standIn = resolve(import.meta.dirname, "homebrew");
    await walk("homebrew", { HOME: resolve(prefix, ".."), HOMEBREW_PREFIX: prefix, PATH: `${standIn}:${path}` });
    expect(await toolsOf(join(prefix, "bin/proxmox-mcp"))).toContain("proxmox_guest_list");
  }, 60_000);

  test("by npm, with the oldest Node that it is for, and installs nothing beside one file", async () => {
    const folder = home("npm");
    const env = { HOME: folder, PATH: `${oldestNode}:${path}` };
    await walk("npm", env);
    const program = join(folder, ".local/bin/proxmox-mcp");
    expect(await toolsOf(program, { PATH: env.PATH })).toContain("proxmox_guest_list");
    const installed = await ended(
      ["npm", "ls", "--global", "--prefix", join(folder, ".local"), "--all", "--parseable"],
      { env },
    );
    expect(installed.out.trim().split("\n").slice(1)).toEqual([join(folder, ".local/lib/node_modules/proxmox-mcp")]);
    const list = 'find "$0" -type f | sed "s|^$0/||" | sort';
    const files = await ended(["sh", "-c", list, join(folder, ".local/lib/node_modules/proxmox-mcp")], { env });
    expect(files.out.trim().split("\n")).toEqual([
      "LICENSE",
      "README.md",
      "dist/bin/THIRD-PARTY.txt",
      "dist/bin/proxmox-mcp.js",
      "dist/man/proxmox-mcp.1",
      "dist/ssh/proxmox-mcp-pct",
      "package.json",
    ]);
    expect(statSync(program).mode & 0o111).toBe(0o111);
  }, 120_000);
});

test("README tells nobody to run npx with a name that isn't ours yet", () => {
  expect(readFileSync(join(root, "README.md"), "utf8")).not.toMatch(
    /\bnpx (?!skills add )|npm (i|install|add) (-g |--global )?proxmox-mcp\b/,
  );
});
