// Owns the transport's run under a runtime that has no bun:test: asks what it is told to, prints what came of it.
import process from "node:process";
import { PveError } from "../../src/pve/errors.ts";
import { createSightingsFile } from "../../src/pve/sightings-file.ts";
import { createTransport, type TransportOptions } from "../../src/pve/transport.ts";

/** `abortAfter`: milliseconds. */
export interface Question {
  url: string;
  options: TransportOptions;
  method?: string;
  body?: string;
  times?: number;
  abortAfter?: number;
  /** Asked before over the same connection. */
  before?: string;
  /** The body of the answer as a stream, or one of so many bytes to send. */
  streamed?: "down" | number;
  /** The file that remembers servers. */
  memory?: string;
}

/** `status reason body`, or `kind sent`. */
async function ask(question: Question): Promise<string> {
  const { url, options, method = "GET", body, times = 1, abortAfter, before, streamed, memory } = question;
  const fetch = createTransport(memory ? { ...options, sightings: createSightingsFile(memory) } : options);
  if (before !== undefined) await (await fetch(new Request(before))).text();
  let last = "";
  for (let count = 0; count < times; count++) {
    const controller = new AbortController();
    const timer = abortAfter === undefined ? undefined : setTimeout(() => controller.abort(), abortAfter);
    try {
      const sent = typeof streamed === "number" ? streamOf(streamed) : body;
      const headers: Record<string, string> = streamed === "down" ? { accept: "*/*" } : {};
      if (typeof streamed === "number") headers["content-length"] = String(streamed);
      const init: RequestInit & { duplex: "half" } = { method, signal: controller.signal, headers, duplex: "half" };
      if (sent !== undefined) init.body = sent;
      const response = await fetch(new Request(url, init));
      last = `${response.status} ${response.statusText} ${(await response.text()).length}`;
    } catch (error) {
      last = error instanceof PveError ? `${error.kind} ${error.sent}` : `not a PveError: ${String(error)}`;
    }
    clearTimeout(timer);
  }
  return last;
}

function streamOf(bytes: number): ReadableStream<Uint8Array> {
  let left = bytes;
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      const size = Math.min(left, 10_000);
      left -= size;
      if (size > 0) controller.enqueue(new Uint8Array(size).fill(120));
      else controller.close();
    },
  });
}

const questions: Question[] = JSON.parse(process.argv.at(-1) ?? "[]");
const answers: string[] = [];
for (const question of questions) answers.push(await ask(question));
// No exit: connections that are left idle must not keep the process alive.
process.stdout.write(JSON.stringify(answers));
