import { describe, expect, test } from "bun:test";
import manifest from "../../package.json";
import { run, versionLine } from "../../src/commands/version.ts";
import { collected } from "./collected.ts";

describe("version", () => {
  test("prints package.json's version, the runtime and the platform in one line", async () => {
    const { stdout, text } = collected();
    expect(await run({ stdout })).toBe(0);
    expect(text()).toBe(`proxmox-mcp ${manifest.version} (bun ${Bun.version}, ${process.platform}-${process.arch})\n`);
  });

  test.each([
    ["bun 1.4.5", { bun: "1.4.5", node: "26.3.0" }],
    ["deno 2.9.6", { deno: "2.9.6", node: "26.3.0" }],
    ["node 22.15.0", { node: "22.15.0" }],
  ])("says %s", (runtime, versions) => {
    expect(versionLine({ versions, platform: "linux", arch: "arm64" })).toBe(
      `proxmox-mcp ${manifest.version} (${runtime}, linux-arm64)`,
    );
  });
});
