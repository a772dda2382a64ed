import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configuration } from "../../src/commands/configuration.ts";

const folder = mkdtempSync(join(tmpdir(), "proxmox-mcp-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("a command's configuration", () => {
  test("takes files from the disk and the environment as it was given", async () => {
    writeFileSync(join(folder, "token"), "ops@pve!mcp=3f1d2c4b-0000-4000-8000-00000000abcd\n");
    const env = { PROXMOX_HOST: "pve", PROXMOX_TOKEN_VALUE_FILE: join(folder, "token") };
    expect(await configuration(env)).toMatchObject({ config: { base: "https://pve:8006", user: "ops@pve" } });
  });

  test("tells a file that isn't there, and a folder", async () => {
    for (const [path, cure] of [
      [join(folder, "nowhere"), "there is no such file"],
      [folder, "that is a folder"],
    ]) {
      const reading = await configuration({ PROXMOX_HOST: "pve", PROXMOX_TOKEN_VALUE_FILE: path });
      expect("mistakes" in reading ? reading.mistakes.join() : "").toContain(cure ?? "");
    }
  });
});
