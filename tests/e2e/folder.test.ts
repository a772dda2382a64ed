import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clients } from "./clients.ts";
import { Peer } from "./peer.ts";

let folder = "";

// A folder that someone else prepared: settings of theirs, and code to be run by whoever starts Bun in it.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hostile-"));
  const touched = JSON.stringify(join(folder, "ran"));
  writeFileSync(join(folder, ".env"), "PROXMOX_HOST=evil.example\nPROXMOX_READ_ONLY=true\nPROXMOX_PORT=notaport\n");
  writeFileSync(join(folder, "bunfig.toml"), 'preload = ["./preload.ts"]\n');
  const preload = `require("node:fs").writeFileSync(${touched}, "");\nconsole.log("hello from preload");\n`;
  writeFileSync(join(folder, "preload.ts"), preload);
  writeFileSync(join(folder, "tsconfig.json"), "{ broken");
  writeFileSync(join(folder, "package.json"), '{ "type": "commonjs", "imports": { "#x": "./preload.ts" } }');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(clients)("started in a folder with a hostile .env and bunfig.toml, through $name", ({ connect }) => {
  test("the server reads neither", async () => {
    await using session = await connect(["serve"], { cwd: folder });
    const { text, isError } = await session.call("proxmox_get_next_vmid", {});
    expect(isError).toBe(true);
    expect(text).toContain("PROXMOX_HOST"); // still missing
    expect(text).not.toContain("evil.example");
    expect(text).not.toContain("notaport");
    expect(session.peer.foreign).toEqual([]);
    expect(existsSync(join(folder, "ran"))).toBe(false);
  });

  test("the demo server isn't made read-only by it", async () => {
    await using session = await connect(["serve", "--demo"], { cwd: folder });
    const { isError } = await session.call("proxmox_create_vm", { node: "pve1", vmid: 903 });
    expect(isError).toBe(false);
    expect(existsSync(join(folder, "ran"))).toBe(false);
  });
});

test("version in that folder prints its one line and nothing else", async () => {
  await using peer = new Peer(["version"], { cwd: folder });
  await peer.end();
  expect(await peer.exited).toBe(0);
  expect(peer.foreign).toEqual([expect.stringMatching(/^proxmox-mcp \d+\.\d+\.\d+ /)]);
  expect(existsSync(join(folder, "ran"))).toBe(false);
});
