// What the service costs: memory before the first call and after ten thousand, and lists a second beside a bare Bun.serve.
import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const binary = resolve(import.meta.dirname, "../../dist/bin/proxmox-mcp");
const megabyte = 1024 * 1024;

const message = (method: string, params: object) => ({
  method: "POST",
  headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
  body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
});
const list = message("tools/list", {});
const call = message("tools/call", { name: "proxmox_guest_list", arguments: {} });

async function ask(
  url: string,
  request: RequestInit,
  times: number,
  headers: Record<string, string> = {},
): Promise<void> {
  let left = times;
  const one = async () => {
    while (left-- > 0) {
      const answer = await fetch(url, { ...request, headers: { ...headers, ...Object(request.headers) } });
      const text = await answer.text();
      if (answer.status !== 200) throw new Error(`${answer.status} ${text}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, one));
}

async function perSecond(url: string, headers: Record<string, string> = {}): Promise<number> {
  const begun = performance.now();
  await ask(url, list, 400, headers);
  return 400 / ((performance.now() - begun) / 1000);
}

/** The address that a server tells on stderr once it listens. */
async function urlFrom(stderr: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let said = "";
  for await (const part of stderr.pipeThrough(new TextDecoderStream())) {
    said += part;
    const [url] = /http:\S+/.exec(said) ?? [];
    if (url !== undefined && said.endsWith("\n")) return url;
  }
  throw new Error(`it did not begin: ${said}`);
}

const median = (values: readonly number[]) => values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;

test("the service keeps to its memory and its pace", async () => {
  const state = mkdtempSync(join(tmpdir(), "http-numbers-"));
  const env = { ...process.env, STATE_DIRECTORY: state, PROXMOX_RATE_LIMIT: "0", PROXMOX_LOG_LEVEL: "error" };
  const made = Bun.spawnSync([binary, "token", "new", "load"], { env });
  const headers = { authorization: `Bearer ${made.stdout.toString().trim()}` };
  const service = Bun.spawn([binary, "serve", "--demo", "--http", "0"], { env, stdin: "ignore", stderr: "pipe" });
  const url = await urlFrom(service.stderr);
  const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${service.pid}/status`, "utf8"))?.[1]) * 1024;

  await Bun.sleep(1000);
  const idle = memory();

  const listing = await (await fetch(url, { ...list, headers: { ...headers, ...list.headers } })).text();
  const { result } = JSON.parse(/^data: (.*)$/m.exec(listing)?.[1] ?? listing);
  writeFileSync(join(state, "listing.json"), JSON.stringify(result));
  const words = [process.execPath, join(import.meta.dirname, "bare-server.ts"), join(state, "listing.json")];
  const bare = Bun.spawn(words, { stdin: "ignore", stderr: "pipe" });
  const bareUrl = await urlFrom(bare.stderr);
  const ratios: number[] = [];
  for (let round = 0; round < 7; round++) {
    const [own, other] = [await perSecond(url, headers), await perSecond(bareUrl)];
    if (round > 0) ratios.push(own / other);
  }
  bare.kill();
  await bare.exited;

  await ask(url, call, 10_000, headers);
  await Bun.sleep(30_000);
  const after = memory();
  service.kill("SIGTERM");
  await service.exited;
  rmSync(state, { recursive: true, force: true });

  const said = `idle ${(idle / megabyte).toFixed(0)} MB, after 10,000 calls ${(after / megabyte).toFixed(0)} MB, ${median(ratios).toFixed(2)} of a bare server`;
  process.stdout.write(`${said}\n`);
  expect(idle).toBeLessThan(75 * megabyte);
  expect(after).toBeLessThan(140 * megabyte);
  expect(median(ratios)).toBeGreaterThan(0.5);
}, 300_000);
