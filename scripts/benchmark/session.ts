// Owns the measuring of one start: from the spawn of a program to its tools/list, and its memory when idle.

import { readFileSync } from "node:fs";

export interface Measure {
  /** Milliseconds from the spawn to the last byte of the answer to tools/list. */
  readonly start: number;
  /** Resident memory 300 ms after that answer, in bytes. */
  readonly memory: number;
  /** The tools of the answer. */
  readonly tools: Tool[];
}

/** What a model is shown of a tool, and the rest. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: { type: "object" };
}

const settle = 300;

const initialize = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "bench", version: "0" } },
};
const initialized = { jsonrpc: "2.0", method: "notifications/initialized" };
const list = { jsonrpc: "2.0", id: 1, method: "tools/list" };

/** Starts `command`, asks it for its tools as a client does, and ends it by closing its stdin. */
export async function measure(command: readonly string[]): Promise<Measure> {
  const began = performance.now();
  const child = Bun.spawn([...command], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "ignore",
    cwd: "/",
    env: { PATH: "/usr/bin:/bin" },
  });
  const send = (message: object): void => {
    child.stdin.write(`${JSON.stringify(message)}\n`);
    child.stdin.flush();
  };
  const lines = readLines(child.stdout);
  send(initialize);
  await lines.next();
  send(initialized);
  send(list);
  const answer = await lines.next();
  const start = performance.now() - began;
  await Bun.sleep(settle);
  const memory = resident(child.pid);
  await child.stdin.end();
  await child.exited;
  return { start, memory, tools: JSON.parse(answer.value ?? "").result.tools };
}

async function* readLines(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string, undefined> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
}

function resident(pid: number): number {
  if (process.platform === "linux") {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(kilobytes) * 1024;
  }
  return Number(Bun.spawnSync(["ps", "-o", "rss=", "-p", String(pid)]).stdout.toString()) * 1024;
}
