import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { repository, version } from "../../package.json";
import { type Ended, ended } from "./command.ts";
import { archiveOf, type Fault, Shelf } from "./shelf.ts";
import { type System, systems, toolbox } from "./toolbox.ts";

const script = resolve(import.meta.dirname, "../../dist/install.sh");
const linux = { uname: "case $1 in -s) echo Linux ;; -m) echo x86_64 ;; esac", id: "echo 1000", getconf: "exit 1" };
const modern = "flags\t\t: fpu cx16 popcnt sse4_1 sse4_2 ssse3 avx\n";
const everySystem: readonly System[] = ["dash, curl", "dash, wget", "busybox"];

let place = ""; // all of a test's files
let home = "";

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "install-"));
  home = join(place, "home");
  mkdirSync(home);
  writeFileSync(join(place, "cpuinfo"), modern);
});

afterEach(() => rmSync(place, { recursive: true, force: true }));

interface Options {
  readonly system?: System;
  readonly base?: string;
  readonly standIns?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Goes before the shell: `unshare …`. */
  readonly around?: readonly string[];
}

function environment({ system = "dash, curl", base, standIns = {}, env = {} }: Options): Record<string, string> {
  const tools = join(place, "tools");
  rmSync(tools, { recursive: true, force: true });
  toolbox(tools, system, { ...linux, ...standIns });
  const settings = { HOME: home, PATH: tools, PROXMOX_MCP_CPUINFO: join(place, "cpuinfo") };
  return { ...settings, ...(base === undefined ? {} : { PROXMOX_MCP_BASE: base }), ...env };
}

function install(options: Options): Promise<Ended> {
  const env = environment(options);
  const shell = systems[options.system ?? "dash, curl"].shell.map((word) =>
    word === "sh" ? word : join(env.PATH ?? "", word),
  );
  return ended([...(options.around ?? []), ...shell, script], { env, cwd: place });
}

/** Every file and folder below the home folder. */
function left(): string[] {
  return readdirSync(home, { recursive: true, encoding: "utf8" }).sort();
}

describe.each(everySystem)("install.sh under %s", (system) => {
  test("installs what was made for this system, and says what comes next", async () => {
    await using shelf = await Shelf.open("linux-x64");
    const { code, err } = await install({ system, base: shelf.base });
    expect(err).toContain(`Installed proxmox-mcp ${version} (made for linux-x64) as ${home}/.local/bin/proxmox-mcp`);
    expect(err).toContain(`${home}/.local/bin is not in your PATH`);
    expect(err).toContain("proxmox-mcp demo");
    expect(left()).toEqual([".local", ".local/bin", ".local/bin/proxmox-mcp"]);
    expect(code).toBe(0);
  });

  test.each<[Fault, RegExp]>([
    ["wrong sum", /the sum of proxmox-mcp-.*linux-x64.tar.gz is wrong: it was cut or changed on its way/],
    ["page", /the sum of .* is wrong/],
    ["cut", /linux-x64.tar.gz could not be downloaded, or not to its end|the sum of .* is wrong/],
    ["no archive", /linux-x64.tar.gz could not be downloaded/],
    ["no sums", /SHA256SUMS could not be downloaded/],
    ["no line", /SHA256SUMS has no line for proxmox-mcp-.*linux-x64.tar.gz/],
  ])("with the fault '%s' says so and leaves nothing behind", async (fault, sentence) => {
    await using shelf = await Shelf.open("linux-x64", fault);
    const { code, err } = await install({ system, base: shelf.base });
    expect(err).toMatch(sentence);
    expect(left()).toEqual([]);
    expect(code).toBe(1);
  });

  test.each([
    ["full while it is downloaded", "size=64k", /^install: .*the disk is full\.$/m],
    ["full while it is unpacked", "size=200k", /^install: .*the disk is full\.$/m],
    ["full from the start", "size=96k,nr_inodes=1", /can't be written|the disk is full/],
    ["read-only", "ro", /can't be written: it is read-only/],
  ])("on a disk that is %s says so and leaves nothing behind", async (_, options, sentence) => {
    await using shelf = await Shelf.open("linux-x64");
    const mounted = `mount -t tmpfs -o ${options} none "$HOME" && "$@"; code=$?; find "$HOME" >"${place}/left"; exit $code`;
    const space = process.getuid?.() === 0 ? ["unshare", "-m"] : ["unshare", "-rm"];
    const around = ["/usr/bin/env", `PATH=${process.env.PATH}`, ...space, "sh", "-c", mounted, "sh"];
    const inside = ["/usr/bin/env", `PATH=${join(place, "tools")}`];
    const { code, err } = await install({ system, base: shelf.base, around: [...around, ...inside] });
    expect(err).toMatch(sentence);
    expect(readFileSync(join(place, "left"), "utf8")).toBe(`${home}\n`);
    expect(code).toBe(1);
  });

  test("ended by a signal leaves nothing behind", async () => {
    await using shelf = await Shelf.open("linux-x64", "hangs");
    const env = environment({ system, base: shelf.base });
    const shell = join(env.PATH ?? "", systems[system].shell[0]);
    const child = Bun.spawn([shell, ...systems[system].shell.slice(1), script], {
      env,
      stdout: "ignore",
      stderr: "ignore",
      detached: true,
    });
    while (!shelf.asked.some((path) => path.endsWith(".tar.gz"))) await Bun.sleep(10);
    process.kill(-child.pid, "SIGTERM"); // as a terminal does: the script and what it runs
    await child.exited;
    expect(left()).toEqual([]);
  });

  test("cut anywhere in itself does nothing", async () => {
    const text = readFileSync(script, "utf8");
    const env = environment({ system, base: "http://127.0.0.1:1" });
    const shell = systems[system].shell.map((word) => (word === "sh" ? word : join(env.PATH ?? "", word)));
    const lines = text.split("\n");
    for (let count = 0; count < lines.length - 1; count += 7) {
      const { err } = await ended(shell, { env, stdin: lines.slice(0, count).join("\n") });
      expect(err).not.toContain("Fetching");
    }
    expect(left()).toEqual([]);
  });
});

describe("install.sh takes", () => {
  const machine = (system: string, name: string): string => `case $1 in -s) echo ${system} ;; -m) echo ${name} ;; esac`;

  test.each([
    ["Linux", "x86_64", {}, "linux-x64"],
    ["Linux", "aarch64", {}, "linux-arm64"],
    ["Linux", "x86_64", { ldd: "echo 'musl libc (x86_64)' >&2; exit 1" }, "linux-x64-musl"],
    ["Linux", "aarch64", { ldd: "echo 'musl libc (aarch64)' >&2; exit 1" }, "linux-arm64-musl"],
    ["Linux", "x86_64", { ldd: "echo musl", getconf: "echo glibc 2.36" }, "linux-x64-musl"],
    ["Darwin", "arm64", {}, "darwin-arm64"],
    ["Darwin", "x86_64", { sysctl: "echo 0" }, "darwin-x64"],
    ["Darwin", "x86_64", { sysctl: "echo 1" }, "darwin-arm64"],
  ])("on %s with %s and %p the archive of %s", async (system, name, tools, target) => {
    await using shelf = await Shelf.open(target);
    const { err } = await install({ base: shelf.base, standIns: { uname: machine(system, name), ...tools } });
    expect(err).toContain(`made for ${target}`);
  });

  test.each([
    ["Linux", "armv7l", /there is no build for the processor armv7l/],
    ["Linux", "i686", /there is no build for the processor i686/],
    ["FreeBSD", "amd64", /there is no build for FreeBSD/],
    ["MINGW64_NT-10.0", "x86_64", /windows-x64\.zip/],
  ])("on %s with %s nothing, and says why", async (system, name, sentence) => {
    const { code, err } = await install({ base: "/nowhere", standIns: { uname: machine(system, name) } });
    expect(err).toMatch(sentence);
    expect(left()).toEqual([]);
    expect(code).toBe(1);
  });

  test("on a 32-bit system of a 64-bit processor nothing", async () => {
    const { err } = await install({ base: "/nowhere", standIns: { getconf: "echo 32" } });
    expect(err).toContain("32-bit system");
  });

  test("on a virtual processor of the old default nothing, and names the CPU type to set", async () => {
    writeFileSync(join(place, "cpuinfo"), "model name : QEMU Virtual CPU\nflags\t\t: fpu sse sse2 pni cx16\n");
    await using shelf = await Shelf.open("linux-x64");
    const { code, err } = await install({ base: shelf.base });
    expect(err).toContain("lacks popcnt sse4_1 sse4_2 ssse3");
    expect(err).toContain("qm set VMID --cpu x86-64-v2-AES");
    expect(shelf.asked).toEqual([]);
    expect(code).toBe(1);
  });
});

describe("install.sh", () => {
  test.each([
    ["echo 'If this is a VM, enable host CPU passthrough' >&2; exit 134", /qm set VMID --cpu x86-64-v2-AES/],
    ["kill -ILL $$", /qm set VMID --cpu x86-64-v2-AES/],
    ["echo 'Error loading shared library libstdc++.so.6' >&2; exit 127", /apk add libstdc\+\+/],
    ["echo 'version GLIBC_2.17 not found' >&2; exit 1", /does not run on this system \(exit code 1\):\n.*GLIBC_2\.17/],
  ])("doesn't install a program that can't run: %s", async (body, sentence) => {
    await using shelf = await Shelf.open("linux-x64", "none", archiveOf("linux-x64", body));
    const { code, err } = await install({ base: shelf.base });
    expect(err).toMatch(sentence);
    expect(left()).toEqual([]);
    expect(code).toBe(1);
  });

  test("takes the place of an older program, and leaves it alone when it fails", async () => {
    const program = join(home, ".local/bin/proxmox-mcp");
    mkdirSync(join(home, ".local/bin"), { recursive: true });
    writeFileSync(program, "old");
    await using broken = await Shelf.open("linux-x64", "wrong sum");
    await install({ base: broken.base });
    expect(readFileSync(program, "utf8")).toBe("old");
    expect(left()).toEqual([".local", ".local/bin", ".local/bin/proxmox-mcp"]);
    await using shelf = await Shelf.open("linux-x64");
    await install({ base: shelf.base });
    expect(readFileSync(program, "utf8")).toContain("made for linux-x64");
  });

  test("run by root means /usr/local/bin, and PROXMOX_MCP_DIR another folder", async () => {
    const root = { id: "echo 0", mkdir: "exit 1", mktemp: "exit 1" };
    expect((await install({ base: "/nowhere", standIns: root })).err).toContain("/usr/local/bin can't be written");
    await using shelf = await Shelf.open("linux-x64");
    await install({ base: shelf.base, env: { PROXMOX_MCP_DIR: "tools of mine" } });
    expect(readFileSync(join(place, "tools of mine/proxmox-mcp"), "utf8")).toContain("made for linux-x64");
  });

  test("takes a folder of this machine as well, by path or file:// address", async () => {
    await using shelf = await Shelf.open("linux-x64");
    for (const name of ["SHA256SUMS", `proxmox-mcp-${version}-linux-x64.tar.gz`]) {
      writeFileSync(join(place, name), await (await fetch(`${shelf.base}/${name}`)).bytes());
    }
    for (const base of [place, `${place}/`, `file://${place}`]) {
      rmSync(join(home, ".local"), { recursive: true, force: true });
      expect((await install({ base })).code).toBe(0);
    }
    expect((await install({ base: join(place, "none") })).err).toContain("SHA256SUMS is not there");
  });

  test("says what is missing: PROXMOX_MCP_BASE, a tool to download with, one to check sums with", async () => {
    expect((await install({})).err).toContain("Set PROXMOX_MCP_BASE");
    expect((await install({ base: "ftp://example.com" })).err).toContain("it has to begin with https://");
    const without = { curl: "", sha256sum: "" };
    await using shelf = await Shelf.open("linux-x64");
    const env = environment({ base: shelf.base, standIns: without });
    chmodSync(join(env.PATH ?? "", "sha256sum"), 0o644);
    rmSync(join(env.PATH ?? "", "curl"));
    const { err } = await ended(["/bin/sh", script], { env });
    expect(err).toContain("neither curl nor wget is installed");
    expect(left()).toEqual([]);
  });

  test("shows colours on a terminal alone, and none when NO_COLOR is set", async () => {
    await using shelf = await Shelf.open("linux-x64");
    const env: Record<string, string> = { ...environment({ base: shelf.base }), TERM: "xterm" };
    const onTerminal = ["/usr/bin/script", "-qec", `/bin/sh ${script}`, "/dev/null"];
    const shown = { ...env, PATH: `${env.PATH}:/usr/bin:/bin` };
    expect((await ended(onTerminal, { env: shown })).out).toContain("\u001b[1mInstalled");
    expect((await ended(onTerminal, { env: { ...shown, NO_COLOR: "1" } })).out).not.toContain("\u001b[");
    const { out, err } = await ended(["/bin/sh", script], { env });
    expect(out + err).not.toContain("\u001b");
    expect(err).not.toMatch(/#{3,}|%/); // no progress bar
  });

  test("has the version and the repository of package.json, and says by itself whether there is a release", () => {
    const text = readFileSync(script, "utf8");
    const changelog = readFileSync(resolve(script, "../../CHANGELOG.md"), "utf8");
    const unreleased = changelog.includes(`## [${version}] - Unreleased`);
    expect(text).toContain(`\nversion=${version}\n`);
    expect(text).toContain(`\nrepository=${repository.url.replace(/^git\+|\.git$/g, "")}\n`);
    expect(text).toMatch(unreleased ? /^released=no\b/m : /^released=yes\b/m);
  });
});
