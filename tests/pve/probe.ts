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
  /** The file that remembers servers. */
  memory?: string;
}

/** `status reason body`, or `kind sent`. */
async function ask({ url, options, method = "GET", body, times = 1, abortAfter, memory }: Question): Promise<string> {
  const fetch = createTransport(memory ? { ...options, sightings: createSightingsFile(memory) } : options);
  let last = "";
  for (let count = 0; count < times; count++) {
    const controller = new AbortController();
    const timer = abortAfter === undefined ? undefined : setTimeout(() => controller.abort(), abortAfter);
    try {
      const init = { method, signal: controller.signal, ...(body !== undefined && { body }) };
      const response = await fetch(new Request(url, init));
      last = `${response.status} ${response.statusText} ${(await response.text()).length}`;
    } catch (error) {
      last = error instanceof PveError ? `${error.kind} ${error.sent}` : `not a PveError: ${String(error)}`;
    }
    clearTimeout(timer);
  }
  return last;
}

const questions: Question[] = JSON.parse(process.argv.at(-1) ?? "[]");
const answers: string[] = [];
for (const question of questions) answers.push(await ask(question));
// No exit: connections that are left idle must not keep the process alive.
process.stdout.write(JSON.stringify(answers));
