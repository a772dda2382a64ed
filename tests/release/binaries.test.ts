import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { version } from "../../package.json";
import { archiveName, stem } from "../../scripts/binaries/archive.ts";
import { compile } from "../../scripts/binaries/compile.ts";
import { type Target, targets } from "../../scripts/binaries/targets.ts";
import { ended } from "./command.ts";
import { signature } from "./mach-o.ts";

const root = resolve(import.meta.dirname, "../..");
const built = join(root, "dist/bin");
const env = { PATH: process.env.PATH ?? "" };
let place = "";

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), "binaries-"));
});

afterAll(() => rmSync(place, { recursive: true, force: true }));

const program = (target: Target): string => join(built, target.name, target.file);

/** What `file` would say: ELF or Mach-O or PE, and the processor. */
function kind(bytes: Buffer): string {
  if (bytes.readUInt32BE(0) === 0x7f454c46) return `ELF ${bytes.readUInt16LE(18)}`;
  if (bytes.readUInt32LE(0) === 0xfeedfacf) return `Mach-O ${bytes.readUInt32LE(4)}`;
  return `${bytes.toString("latin1", 0, 2)} ${bytes.readUInt16LE(bytes.readUInt32LE(0x3c) + 4)}`;
}

const kinds: Readonly<Record<string, string>> = {
  "linux-x64": "ELF 62",
  "linux-x64-musl": "ELF 62",
  "linux-arm64": "ELF 183",
  "linux-arm64-musl": "ELF 183",
  "darwin-x64": `Mach-O ${0x01000007}`,
  "darwin-arm64": `Mach-O ${0x0100000c}`,
  "windows-x64": `MZ ${0x8664}`,
};

describe.each(targets)("the program for $name", (target) => {
  test("is of that system and processor", () => {
    const bytes = readFileSync(program(target));
    expect(kind(bytes)).toBe(kinds[target.name] ?? "");
    const musl = bytes.subarray(0, 4096).includes("ld-musl");
    if (target.name.startsWith("linux")) expect(musl).toBe(target.name.endsWith("musl"));
  });

  test("holds no path of the machine that built it, and no native add-on", () => {
    const bytes = readFileSync(program(target));
    for (const path of [root, "/proxmox-mcp-runtime-", "/.build-"]) expect(bytes.indexOf(path)).toBe(-1);
    // where Bun would keep one; ssh2's look-ups for its own find nothing
    expect(bytes.toString("latin1").match(/\$bunfs\/root\/[^"]{1,80}\.node/)).toBeNull();
  });

  test("is packed alone with its documents into one folder, whole and executable", async () => {
    const folder = join(place, target.name);
    const archive = join(built, archiveName(target));
    const unpack = archive.endsWith(".zip")
      ? ["unzip", "-q", archive, "-d", folder]
      : ["tar", "-xzf", archive, "-C", folder];
    await ended(["mkdir", "-p", folder], { env });
    expect(await ended(unpack, { env })).toEqual({ code: 0, out: "", err: "" });
    expect(readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()).toEqual(
      [
        "",
        "/LICENSE",
        "/README.md",
        "/THIRD-PARTY.txt",
        "/completions",
        "/completions/_proxmox-mcp",
        "/completions/proxmox-mcp.bash",
        "/completions/proxmox-mcp.fish",
        "/man",
        "/man/proxmox-mcp.1",
        `/${target.file}`,
        "/ssh",
        "/ssh/proxmox-mcp-pct",
      ].map((path) => stem(target) + path),
    );
    const unpacked = join(folder, stem(target), target.file);
    expect(statSync(unpacked).mode & 0o777).toBe(0o755);
    expect(readFileSync(unpacked).equals(readFileSync(program(target)))).toBe(true);
    rmSync(folder, { recursive: true });
  });
});

describe("the sums", () => {
  test("name every archive and nothing else, and are right", () => {
    const lines = readFileSync(join(built, "SHA256SUMS"), "utf8").trimEnd().split("\n");
    const right = targets.map((target) => {
      const bytes = readFileSync(join(built, archiveName(target)));
      return `${createHash("sha256").update(bytes).digest("hex")}  ${archiveName(target)}`;
    });
    expect(lines).toEqual(right);
  });
});

describe.each(["darwin-arm64", "darwin-x64"])("the signature of %s", (name) => {
  const found = signature(readFileSync(join(built, name, "proxmox-mcp")));

  test("has the right hash for every page", () => {
    expect(found.pages).toBe(Math.ceil(found.limit / 4096));
    expect(found.wrong).toEqual([]);
  });

  test("covers the file up to itself, and ends with it", () => {
    expect(found.limit).toBe(found.begin);
    expect(found.end).toBe(found.fileEnd);
    expect(found.linkEditFits).toBe(true);
  });

  test("is ad hoc, of version 0x20400, and marks the program's code as such", () => {
    expect(found.flags & 0x2).toBe(0x2); // CS_ADHOC
    expect(found.flags & 0x10000).toBe(0); // CS_RUNTIME would need entitlements
    expect(found.version).toBe(0x20400);
    expect(found.execSegment).toEqual([...found.text, 1n]); // CS_EXECSEG_MAIN_BINARY
  });
});

test("a changed page is found by the check of signatures", () => {
  const bytes = readFileSync(join(built, "darwin-x64/proxmox-mcp"));
  bytes.writeUInt8(bytes.readUInt8(0x5005) ^ 1, 0x5005);
  expect(signature(bytes).wrong).toEqual([5]);
});

// the SDK bundles the same JSON Schema validator into its server and its client, which the demo plays with: 1 % of it
test("a program is at most 1.12 times an empty one compiled with the same flags", async () => {
  writeFileSync(join(place, "empty.ts"), "");
  await compile(join(place, "empty.ts"), join(place, "proxmox-mcp"));
  const ratio = statSync(join(built, "proxmox-mcp")).size / statSync(join(place, "proxmox-mcp")).size;
  expect(ratio).toBeLessThanOrEqual(1.12);
});

test("the licences of others name every package that the program holds", () => {
  const text = readFileSync(join(built, "THIRD-PARTY.txt"), "utf8");
  for (const name of ["@modelcontextprotocol/server", "zod", "arktype", "pino", "ssh2", "asn1", "bcrypt-pbkdf", "Bun"])
    expect(text).toContain(name);
});

test("the program for this machine and the one for its system are the same", () => {
  const own = targets.find(({ name }) => name === `${process.platform}-${process.arch}`);
  expect(own && readFileSync(program(own)).equals(readFileSync(join(built, "proxmox-mcp")))).toBe(true);
});

test("the program says which version it is", async () => {
  const { out } = await ended([join(built, "proxmox-mcp"), "version"], { env });
  expect(out).toContain(`proxmox-mcp ${version} (bun`);
});
