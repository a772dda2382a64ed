// The MCP Inspector's command line, as its users have it from npm, with the compiled program as its server.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../scripts/packages/run.ts";
import { environment, program } from "../e2e/program.ts";

const version = "0.15.0";
const folder = mkdtempSync(join(tmpdir(), "inspector-"));
const inspector = join(folder, "node_modules/.bin/mcp-inspector");

/** Where a server is, in the Inspector's words. */
interface Server extends AsyncDisposable {
  readonly words: readonly string[];
}

const servers: Readonly<Record<string, () => Promise<Server>>> = {
  stdio: async () => ({
    words: [...program.command, "serve", "--demo"],
    async [Symbol.asyncDispose]() {},
  }),
  async HTTP() {
    const child = Bun.spawn([...program.command, "serve", "--demo", "--http", "0", "--no-auth"], {
      env: { ...environment, STATE_DIRECTORY: folder },
      stdin: "ignore",
      stdout: "ignore",
      stderr: "pipe",
    });
    return {
      words: [await addressIn(child.stderr), "--transport", "http"],
      async [Symbol.asyncDispose]() {
        child.kill("SIGKILL");
        await child.exited;
      },
    };
  },
};

async function addressIn(stderr: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let told = "";
  for await (const part of stderr.pipeThrough(new TextDecoderStream())) {
    told += part;
    const [, address] = /serves MCP on (\S+?),?\s/.exec(told) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error(`the service ended: ${told}`);
}

beforeAll(async () => {
  const quiet = ["--no-audit", "--no-fund", "--no-save", "--ignore-scripts", "--silent"];
  await run(["npm", "install", ...quiet, "--prefix", folder, `@modelcontextprotocol/inspector@${version}`]);
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What one call of the Inspector prints, as text: it is JSON. */
const asked = ({ words }: Server, method: string, ...more: readonly string[]): Promise<string> =>
  run([inspector, "--cli", ...words, "--method", method, ...more], { cwd: folder });

/** The values under `key` in the list that is printed under `name`. */
async function listed(server: Server, method: string, name: string, key: string): Promise<unknown[]> {
  const printed: Readonly<Record<string, Record<string, unknown>[]>> = JSON.parse(await asked(server, method));
  return (printed[name] ?? []).map((one) => one[key]);
}

describe.each(Object.entries(servers))("over %s the Inspector", (_, start) => {
  test("lists the 92 tools and calls one", async () => {
    await using server = await start();
    expect(await listed(server, "tools/list", "tools", "name")).toHaveLength(92);
    const told = await asked(server, "tools/call", "--tool-name", "proxmox_guest_status", "--tool-arg", "vmid=web-01");
    expect(JSON.parse(told).structuredContent.record).toMatchObject({ vmid: 100, status: "running" });
  }, 60_000);

  test("lists the prompts and gets one with its arguments in place", async () => {
    await using server = await start();
    expect(await listed(server, "prompts/list", "prompts", "name")).toContain("drain-node");
    const given = ["--prompt-name", "drain-node", "--prompt-args", "node=pve2", "target=pve1"];
    expect(await asked(server, "prompts/get", ...given)).toContain("Move all guests of node pve2 to pve1.");
  }, 60_000);

  test("lists resources and templates, and reads a guest and a skill", async () => {
    await using server = await start();
    expect(await listed(server, "resources/list", "resources", "uri")).toContain("pve://cluster");
    const templates = await listed(server, "resources/templates/list", "resourceTemplates", "uriTemplate");
    expect(templates).toContain("pve://guests/{vmid}");
    expect(await asked(server, "resources/read", "--uri", "pve://guests/100")).toContain("web-01");
    const skill = "skill://proxmox-admin/SKILL.md";
    expect(await asked(server, "resources/read", "--uri", skill)).toContain("# Running Proxmox VE");
  }, 60_000);

  test("is told of an address where nothing is", async () => {
    await using server = await start();
    await expect(asked(server, "resources/read", "--uri", "pve://guests/777")).rejects.toThrow("There is no guest 777");
  }, 60_000);
});
