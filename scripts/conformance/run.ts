// Runs the official MCP conformance suite over HTTP against the built binary, for each revision with its own list of
// expected failures. The suite is installed here, from a lock file of its own: nothing else of the project needs it.

import { existsSync } from "node:fs";
import { resolve } from "node:path";

const here = import.meta.dirname;
const root = resolve(here, "../..");
const suite = `${here}/node_modules/@modelcontextprotocol/conformance/dist/index.js`;
const revisions = ["2025-11-25", "2026-07-28"];

if (!existsSync(suite)) {
  const npm = Bun.spawn(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: here, stdout: "ignore" });
  if ((await npm.exited) !== 0) process.exit(1);
}

const env = { ...process.env, PROXMOX_LOG_LEVEL: "error", PROXMOX_RATE_LIMIT: "0" };
const words = ["serve", "--demo", "--http", "0", "--no-auth"];
const service = Bun.spawn([`${root}/dist/bin/proxmox-mcp`, ...words], { env, stdin: "ignore", stderr: "pipe" });

async function addressOf(stderr: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let said = "";
  for await (const part of stderr.pipeThrough(new TextDecoderStream())) {
    said += part;
    const [, address] = /serves MCP on (http:\S+\/mcp)/.exec(said) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error(`the service did not begin: ${said}`);
}

const url = await addressOf(service.stderr);
let failed = false;
for (const revision of revisions) {
  const given = ["--url", url, "--requirements", revision, "--expected-failures", `${here}/${revision}.yaml`];
  const run = Bun.spawn([process.execPath, suite, "server", ...given], { stdout: "pipe", stderr: "inherit" });
  const text = await new Response(run.stdout).text();
  const good = (await run.exited) === 0;
  failed ||= !good;
  const [total = ""] = /^Total: .*$/m.exec(text) ?? [];
  process.stdout.write(`${revision}: ${good ? "as expected" : "NOT as expected"}, ${total.toLowerCase()}\n`);
  if (!good) process.stdout.write(text.slice(text.indexOf("=== SUMMARY")));
}
service.kill("SIGTERM");
process.exit(failed || (await service.exited) !== 0 ? 1 : 0);
