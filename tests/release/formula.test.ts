import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { homepage, version } from "../../package.json";
import { formula, readSums, releaseAddress } from "../../scripts/binaries/formula.ts";
import { type Ended, ended } from "./command.ts";

const root = resolve(import.meta.dirname, "../..");
const built = join(root, "dist/bin");
const generated = join(root, "dist/homebrew/proxmox-mcp.rb");
const tap = "proxmox-mcp/local";
const name = `${tap}/proxmox-mcp`;
let place = "";

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "formula-"));
});

afterAll(() => rmSync(place, { recursive: true, force: true }));

/** The stand-in for brew, with a prefix of its own. */
function brew(prefix: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const settings = { PATH: process.env.PATH ?? "", HOME: place, HOMEBREW_PREFIX: join(place, prefix), ...env };
  return ended([resolve(import.meta.dirname, "homebrew/brew"), ...args], { env: settings, cwd: place });
}

async function described(path: string, system: string, processor: string): Promise<Record<string, unknown>> {
  const env = { STAND_IN_SYSTEM: system, STAND_IN_PROCESSOR: processor };
  return JSON.parse((await brew("described", ["describe", path], env)).out);
}

describe("dist/homebrew/proxmox-mcp.rb", () => {
  test.each([
    ["macos", "arm", "darwin-arm64"],
    ["macos", "intel", "darwin-x64"],
    ["linux", "arm", "linux-arm64"],
    ["linux", "intel", "linux-x64"],
  ])("gives %s on %s the archive for %s, with its sum", async (system, processor, target) => {
    const archive = `proxmox-mcp-${version}-${target}.tar.gz`;
    const { url, sha256 } = await described(generated, system, processor);
    expect(url).toBe(`${releaseAddress}/${archive}`);
    expect(sha256).toBe(readSums(readFileSync(join(built, "SHA256SUMS"), "utf8")).get(archive));
  });

  test("has the version, the licence, and a description as Homebrew wants it", async () => {
    const said = await described(generated, "macos", "arm");
    expect(said).toMatchObject({ version, license: "MIT", homepage: homepage.replace(/#.*/, "") });
    expect(said.desc).toMatch(/^(?!(An?|The|Proxmox-mcp) )[A-Z].{0,78}[^.]$/);
  });

  test("has a service that starts the server from where Homebrew links it", async () => {
    const { service } = await described(generated, "macos", "arm");
    const bin = join(place, "described/opt/proxmox-mcp/bin/proxmox-mcp");
    expect(service).toMatchObject({ run: [bin, "serve"], keep_alive: false });
  });

  test("is Ruby without a warning", async () => {
    const { out, err } = await ended(["ruby", "-wc", generated], { env: { PATH: process.env.PATH ?? "" } });
    expect(out + err).toBe("Syntax OK\n");
  });
});

/** Installs a formula for the archives of this machine; gives what brew said last. */
async function install(prefix: string, source: string): Promise<Ended> {
  await brew(prefix, ["tap-new", "--no-git", tap]);
  const repository = (await brew(prefix, ["--repository", tap])).out.trim();
  writeFileSync(join(repository, "Formula/proxmox-mcp.rb"), source);
  return brew(prefix, ["install", name]);
}

describe("a formula for local archives", () => {
  const sums = (): Map<string, string> => readSums(readFileSync(join(built, "SHA256SUMS"), "utf8"));

  test("installs program, completions and manual page, and passes its own test", async () => {
    const { out, code } = await install("whole", formula(`file://${built}`, sums()));
    expect(out).toContain(join(place, "whole/opt/proxmox-mcp/bin/proxmox-mcp"));
    expect(code).toBe(0);
    for (const path of [
      "bin/proxmox-mcp",
      "etc/bash_completion.d/proxmox-mcp",
      "share/zsh/site-functions/_proxmox-mcp",
      "share/fish/vendor_completions.d/proxmox-mcp.fish",
      "share/man/man1/proxmox-mcp.1",
    ]) {
      expect({ path, there: existsSync(join(place, "whole", path)) }).toEqual({ path, there: true });
    }
    expect(await brew("whole", ["test", name])).toEqual({ code: 0, out: "", err: "" });
  });

  test("is refused when an archive isn't what it was", async () => {
    const changed = new Map(
      [...sums()].map(([archive, sum]) => [archive, sum.replace(/^./, (one) => (one === "0" ? "1" : "0"))]),
    );
    const { code, err } = await install("changed", formula(`file://${built}`, changed));
    expect(err).toContain("SHA-256 mismatch");
    expect(code).not.toBe(0);
  });

  test("isn't made without every sum", () => {
    expect(() => formula("file:///", new Map())).toThrow("no sum for darwin-arm64");
  });
});
