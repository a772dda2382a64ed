// docs/systemd.md as it is written, line by line, in a clean folder that looks like a machine's root, up to the first answer
// of the embedded cluster; and the unit file before systemd's own judge.
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

const root = resolve(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/systemd.md"), "utf8");
const place = mkdtempSync(join(tmpdir(), "systemd-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** The commands of a part of the walk, on a port that is free here. */
function commands(part: string, port: number): string {
  const block = new RegExp(`<!-- walk: ${part} -->\n\`\`\`sh\n(.*?)\`\`\``, "s").exec(page)?.[1];
  if (block === undefined) throw new Error(`docs/systemd.md has no commands for ${part}`);
  return block
    .replaceAll("127.0.0.1:8080", `127.0.0.1:${port}`)
    .replace("simulator --json", "simulator --json --port 0");
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** The folder with a shell in it, which carries out what is written to it. */
function shell() {
  const own = process.getuid?.() === 0 ? "-mpf" : "-rmpf";
  const program = join(root, "tests/release/systemd/root-like");
  const child = Bun.spawn(["unshare", own, "--kill-child", program, root, place], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
  });
  const errors = new Response(child.stderr).text();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  return {
    /** Carries lines out; what they said. @throws Error with all of it where one of them failed */
    async run(lines: string): Promise<string> {
      child.stdin.write(`${lines}\necho '== done'\n`);
      await child.stdin.flush();
      said = "";
      while (!said.includes("== done\n")) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`${lines}\n${said}${await errors}`);
        said += value;
      }
      return said.replace("== done\n", "");
    },
    async [Symbol.asyncDispose]() {
      // unshare lets SIGTERM pass it by
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

test("docs/systemd.md leads to the first answer, with curl and with a client", async () => {
  const port = await freePort();
  await using walker = shell();
  const said = new Map<string, string>();
  for (const part of ["install", "simulator", "settings", "start", "token", "curl"]) {
    said.set(part, await walker.run(commands(part, port)));
  }
  expect(said.get("install")).toStartWith("proxmox-mcp ");
  expect(said.get("start")).toStartWith("active\nready");
  expect(said.get("token")).toContain("alice");
  expect(said.get("curl")).toContain("3 nodes");
  const looked = await walker.run("stat -c '%a %n' /etc/proxmox-mcp /etc/proxmox-mcp/token /var/lib/proxmox-mcp");
  expect(
    looked
      .trim()
      .split("\n")
      .map((line) => line.split(" ")[0]),
  ).toEqual(["700", "600", "700"]);

  const token = (await walker.run("cat /root/alice.token")).trim();
  const client = new Client({ name: "walk", version: "1" });
  const requestInit = { headers: { Authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`), { requestInit }));
  const answer = await client.callTool({ name: "proxmox_node", arguments: { action: "list" } });
  expect(JSON.stringify(answer.content)).toContain("3 nodes");
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).not.toContain("proxmox_guest_delete");
  await client.close();
  expect(await walker.run("systemctl stop proxmox-mcp && cat /run/stand-in/told")).toContain("STOPPING=1");
}, 90_000);

describe("the unit file", () => {
  const unit = "dist/systemd/proxmox-mcp.service";
  // systemd looks for the programs that a unit names
  const standing = () => {
    const path = join(place, "proxmox-mcp.service");
    writeFileSync(path, readFileSync(join(root, unit), "utf8").replaceAll("/usr/local/bin/proxmox-mcp", "/bin/true"));
    return path;
  };

  test("is one that systemd takes without a word", () => {
    const { exitCode, stdout, stderr } = Bun.spawnSync(["systemd-analyze", "verify", standing()]);
    expect([exitCode, stdout.toString(), stderr.toString()]).toEqual([0, "", ""]);
  });

  test("is a closed sandbox: 2.0 at most", () => {
    const { stdout } = Bun.spawnSync(["systemd-analyze", "security", "--offline=true", "--no-pager", standing()]);
    const level = Number(/exposure level for .*: ([\d.]+)/.exec(stdout.toString())?.[1]);
    expect(level).toBeLessThanOrEqual(2);
  });
});
