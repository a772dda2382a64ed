// Prints what the embedded cluster costs, and the limits it is to keep. Each round is a process of its own.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createTransport } from "../../src/pve/transport.ts";
import { median } from "./statistics.ts";

const rounds = 9;
const program = resolve("dist/bin/proxmox-mcp");

/** One round inside a fresh process: prints milliseconds and bytes as JSON. */
async function inside(): Promise<void> {
  const began = performance.now();
  const { createSimulator } = await import("../../src/simulator/simulator.ts");
  const ask = async ({ fetch, tokens }: ReturnType<typeof createSimulator>, path: string) => {
    const headers = { authorization: `PVEAPIToken=${tokens.root}` };
    const response = await fetch(new Request(`https://pve/api2/json${path}`, { headers }));
    return (await response.text()).length;
  };
  await ask(createSimulator({ seed: 7 }), "/nodes");
  const first = performance.now() - began;
  const before = process.memoryUsage().rss;
  const start = performance.now();
  const large = createSimulator({ seed: 7, guests: 10_000 });
  const made = performance.now() - start;
  const memory = process.memoryUsage().rss - before;
  const lists: number[] = [];
  for (let count = 0; count < 11; count++) {
    const from = performance.now();
    await ask(large, "/cluster/resources");
    lists.push(performance.now() - from);
  }
  process.stdout.write(JSON.stringify({ first, made, memory, cold: lists[0], list: median(lists) }));
}

async function round(): Promise<Record<string, number>> {
  const child = Bun.spawn([process.execPath, import.meta.path, "--inside"], { stdout: "pipe" });
  const figures: Record<string, number> = JSON.parse(await new Response(child.stdout).text());
  return { ...figures, https: await overHttps() };
}

/** From the spawn of the program to the first answer over HTTPS; and the memory of ten thousand guests at rest. */
async function overHttps(): Promise<number> {
  const began = performance.now();
  const child = Bun.spawn([program, "simulator", "--json", "--port", "0"], { stdout: "pipe", stderr: "ignore" });
  const { url, fingerprint, tokens } = JSON.parse(await firstLine(child.stdout));
  const fetch = createTransport({ mode: "verify", fingerprint });
  const headers = { authorization: `PVEAPIToken=${tokens.root}` };
  await (await fetch(new Request(`${url}/api2/json/nodes`, { headers }))).text();
  const took = performance.now() - began;
  fetch.close();
  child.kill();
  await child.exited;
  return took;
}

async function firstLine(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.includes("\n")) break;
  }
  return text;
}

/** Resident memory of the program that serves ten thousand guests, before anyone asked. Bytes. */
async function atRest(): Promise<number> {
  const options = ["simulator", "--json", "--port", "0", "--guests", "10000"];
  const child = Bun.spawn([program, ...options], { stdout: "pipe", stderr: "ignore" });
  await firstLine(child.stdout);
  await Bun.sleep(300);
  const status = process.platform === "linux" ? readFileSync(`/proc/${child.pid}/status`, "utf8") : "";
  child.kill();
  await child.exited;
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}

function line(what: string, value: string, limit: string): void {
  process.stdout.write(`${what.padEnd(44)}${value.padStart(12)}   ${limit}\n`);
}

if (process.argv.includes("--inside")) await inside();
else {
  const figures: Record<string, number>[] = [];
  for (let count = 0; count < rounds; count++) figures.push(await round());
  const ms = (name: string) => `${median(figures.map((one) => one[name] ?? Number.NaN)).toFixed(0)} ms`;
  line("first answer as a fetch", ms("first"), "≤ 150 ms");
  line("first answer over HTTPS, from the spawn", ms("https"), "≤ 500 ms");
  line("10,000 guests made", ms("made"), "≤ 1000 ms");
  line("memory of the program with 10,000 guests", `${((await atRest()) / 1e6).toFixed(0)} MB`, "≤ 150 MB");
  line("GET /cluster/resources over them", ms("list"), "≤ 100 ms");
  line("the first time", ms("cold"), "");
}
