import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../src/commands/doctor.ts";
import { clientNames, isClient, snippetFor } from "../../src/doctor/client-settings.ts";
import { collected } from "../commands/collected.ts";

const secret = "5e0ad0b3-3a5c-4b7e-9f6d-000000000001";
const env = {
  PROXMOX_HOST: "pve.example.com",
  PROXMOX_TOKEN_NAME: "mcp",
  PROXMOX_TOKEN_VALUE: secret,
  PROXMOX_READ_ONLY: "true",
};

async function printed(client: string, given: Record<string, string> = env): Promise<{ text: string; code: number }> {
  const out = collected();
  const code = await run({ options: { client }, env: given, stdout: out.stdout, stderr: out.stdout });
  return { text: out.text(), code };
}

const snippetIn = (text: string): string => text.slice(text.indexOf("\n\n") + 2);

describe("doctor --client", () => {
  test.each(clientNames.map((name) => [name] as const))(
    "%s gets the settings that are set, and no secret",
    async (name) => {
      const { text, code } = await printed(name);
      expect(code).toBe(0);
      for (const word of ["PROXMOX_HOST", "pve.example.com", "PROXMOX_READ_ONLY", "serve"])
        expect(text).toContain(word);
      expect(text).not.toContain(secret);
    },
  );

  test.each(["claude-desktop", "cursor", "gemini"])("%s gets JSON under mcpServers", async (name) => {
    const { mcpServers } = JSON.parse(snippetIn((await printed(name)).text));
    expect(mcpServers.proxmox.env).toEqual({ ...env, PROXMOX_TOKEN_VALUE: "<put the value here>" });
    expect(mcpServers.proxmox.args.at(-1)).toBe("serve");
  });

  test("vscode is told to ask for the secret", async () => {
    const { servers, inputs } = JSON.parse(snippetIn((await printed("vscode")).text));
    expect(servers.proxmox).toMatchObject({
      type: "stdio",
      env: { PROXMOX_TOKEN_VALUE: expect.stringMatching(/^\$\{input:proxmox-token-value\}$/) },
    });
    expect(inputs).toMatchObject([{ id: "proxmox-token-value", password: true }]);
  });

  test("codex gets TOML", async () => {
    const { mcp_servers } = Object(Bun.TOML.parse(snippetIn((await printed("codex")).text)));
    expect(mcp_servers.proxmox.env.PROXMOX_HOST).toBe("pve.example.com");
  });

  test("claude-code gets a line that a shell reads as it is meant", () => {
    if (!isClient("claude-code")) throw new Error("no client");
    const start = { command: "/opt/my tools/proxmox-mcp", args: ["serve"], env: { A: "it's" }, secrets: [] };
    const { snippet } = snippetFor("claude-code", start);
    const said = Bun.spawnSync(["sh", "-c", `claude() { printf '%s\\n' "$@"; }; ${snippet}`]).stdout.toString();
    expect(said.trim().split("\n")).toEqual([
      "mcp",
      "add",
      "proxmox",
      "-e",
      "A=it's",
      "--",
      "/opt/my tools/proxmox-mcp",
      "serve",
    ]);
  });

  test("names the file that has the secret in the secret's place", async () => {
    const { text } = await printed("cursor", { ...env, PROXMOX_TOKEN_VALUE_FILE: "/etc/proxmox-mcp/token" });
    expect(text).toContain('"PROXMOX_TOKEN_VALUE_FILE": "/etc/proxmox-mcp/token"');
    expect(text).not.toContain('"PROXMOX_TOKEN_VALUE"');
  });

  test("says what is still to be set, where nothing is", async () => {
    const { text } = await printed("cursor", {});
    for (const name of ["PROXMOX_HOST", "PROXMOX_TOKEN_NAME", "PROXMOX_TOKEN_VALUE"])
      expect(text).toContain(`"${name}": "<`);
  });

  test("names the node itself on a Proxmox VE host", async () => {
    const folder = mkdtempSync(join(tmpdir(), "etc-pve-"));
    symlinkSync("nodes/pve1", join(folder, "local"));
    const out = collected();
    const streams = { stdout: out.stdout, stderr: out.stdout };
    await run({ options: { client: "cursor" }, env: {}, ...streams }, { pveFolder: folder });
    rmSync(folder, { recursive: true });
    expect(out.text()).toContain('"PROXMOX_HOST": "localhost"');
  });

  test("refuses a client that isn't known with the names of those that are", async () => {
    const { text, code } = await printed("emacs");
    expect(code).toBe(2);
    expect(text).toContain(clientNames.join(", "));
  });
});
