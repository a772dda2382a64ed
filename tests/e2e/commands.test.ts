import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { Client as NewClient } from "@modelcontextprotocol/client";
import { StdioClientTransport as NewStdio } from "@modelcontextprotocol/client/stdio";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OldStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { Peer } from "./peer.ts";
import { denoPermissions, environment, program, root } from "./program.ts";

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  await using peer = new Peer(args);
  await peer.end();
  const code = await peer.exited;
  return { code, out: peer.foreign.join("\n"), err: peer.stderr };
}

describe("the command line", () => {
  test("demo plays its three stories to their ends and ends with 0", async () => {
    const { code, out } = await run("demo");
    expect(out.match(/^Done: .*$/gm)).toHaveLength(3);
    expect(code).toBe(0);
  }, 30_000);

  test("tools lists the tools, one a line at least", async () => {
    const { code, out } = await run("tools");
    expect(out).toContain("proxmox_guest_list");
    expect(code).toBe(0);
  });

  test("tools --json prints the listing as JSON", async () => {
    const { code, out } = await run("tools", "--json");
    expect(JSON.stringify(JSON.parse(out))).toContain("proxmox_guest_list");
    expect(code).toBe(0);
  });

  test("call without settings says what is missing and ends with 1", async () => {
    const { code, out, err } = await run("call", "proxmox_get_next_vmid");
    expect(out + err).toContain("PROXMOX_HOST");
    expect(code).toBe(1);
  });

  test.each([
    [["--help"]],
    [["-h"]],
    [["serve", "--help"]],
    [["call", "--help"]],
    [["tools", "--help"]],
    [["demo", "--help"]],
  ])("%p is answered on stdout with 0", async (args) => {
    const { code, out } = await run(...args);
    expect(out).toContain("proxmox-mcp");
    expect(code).toBe(0);
  });

  test.each([[["tools"]], [["demo"]], [["--help"]], [["call", "--demo", "proxmox_node", "action=list"]]])(
    "%p colours nothing that isn't a terminal",
    async (args) => {
      const { out, err } = await run(...args);
      expect(out + err).not.toContain("\u001b");
    },
  );

  test.each([["sevre"], ["--hepl"], ["tools --jsno"]])("a mistake (%s) is one line on stderr, and 2", async (line) => {
    const { code, out, err } = await run(...line.split(" "));
    expect(out).toBe("");
    expect(err.trimEnd().split("\n").length).toBe(1);
    expect(code).toBe(2);
  });
});

describe("each SDK's own stdio transport", () => {
  const [command = "", ...args] = [...program.command, "serve", "--demo"];
  const server = { command, args, env: environment, stderr: "ignore" as const };

  test("of 1.x connects, lists and calls", async () => {
    const client = new OldClient({ name: "old", version: "1.0.0" });
    await client.connect(new OldStdio(server));
    await client.listTools();
    const result = await client.callTool({ name: "proxmox_guest_list", arguments: {} });
    await client.close();
    expect(result.isError ?? false).toBe(false);
  });

  test("of 2.x finds the newest revision by itself, lists and calls", async () => {
    const client = new NewClient({ name: "new", version: "1.0.0" }, { versionNegotiation: { mode: "auto" } });
    await client.connect(new NewStdio(server));
    const revision = client.getNegotiatedProtocolVersion();
    await client.listTools();
    const result = await client.callTool({ name: "proxmox_guest_list", arguments: {} });
    await client.close();
    expect(result.isError ?? false).toBe(false);
    expect(revision).toBe("2026-07-28");
  });
});

test("README shows the least permissions of Deno, the same that these tests grant", () => {
  const quoted = denoPermissions.map((flag) => flag.replace(/=(.*)/, "='$1'")); // a shell would look for files
  const command = `deno run ${quoted.join(" ")} src/main.ts serve --demo`;
  expect(readFileSync(`${root}/README.md`, "utf8")).toContain(command);
});
