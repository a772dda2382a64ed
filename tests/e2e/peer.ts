// Owns the other end of the pipe: a program started over stdio, and every line it writes.

import { environment, program } from "./program.ts";

/** A JSON-RPC message as it was read; what is inside is looked at by the test. */
export interface Message {
  readonly jsonrpc: "2.0";
  readonly id?: string | number | null;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { code: number; message: string; data?: unknown };
}

export interface Start {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Another command than the program under test. */
  readonly command?: readonly string[];
}

function isMessage(value: unknown): value is Message {
  return typeof value === "object" && value !== null && "jsonrpc" in value && value.jsonrpc === "2.0";
}

/** The message on a line, or undefined when the line is anything but one JSON-RPC message. */
export function parse(line: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isMessage(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function nothing(): void {}

/** A running program. Dispose of it (`await using`), and it is stopped. */
export class Peer implements AsyncDisposable {
  /** Messages in the order of their arrival. */
  readonly messages: Message[] = [];
  /** What stood on stdout and was no JSON-RPC message. */
  readonly foreign: string[] = [];
  /** All of stderr so far. */
  stderr = "";
  /** The exit code, once both outputs are read to their ends. */
  readonly exited: Promise<number>;
  readonly pid: number;
  readonly #child: Bun.Subprocess<"pipe", "pipe", "pipe">;
  readonly #listeners = new Set<() => void>();
  #ended = false;
  #written: Promise<unknown> = Promise.resolve();

  constructor(args: readonly string[], start: Start = {}) {
    this.#child = Bun.spawn([...(start.command ?? program.command), ...args], {
      ...(start.cwd === undefined ? {} : { cwd: start.cwd }),
      env: { ...environment, ...start.env },
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
    });
    this.pid = this.#child.pid;
    this.exited = this.#read();
  }

  /** Calls back on every message from now on, and at the end. */
  listen(listener: () => void): void {
    this.#listeners.add(listener);
  }

  send(message: object): void {
    this.write(`${JSON.stringify(message)}\n`);
  }

  /** Writes to the program's stdin. One that has ended already is no error here: `exited` tells. */
  write(bytes: string | Uint8Array): void {
    const { stdin } = this.#child;
    stdin.write(bytes);
    this.#written = this.#written.then(() => stdin.flush()).then(nothing, nothing);
  }

  /** Closes the program's stdin once all is written. */
  async end(): Promise<void> {
    await this.#written;
    await this.#child.stdin.end();
  }

  request(id: number, method: string, params: object = {}): Promise<Message> {
    this.send({ jsonrpc: "2.0", id, method, params });
    return this.answer(id);
  }

  answer(id: string | number | null): Promise<Message> {
    return this.until((message) => message.id === id && message.method === undefined);
  }

  /** The first message, read already or yet to come, that the test looks for. */
  until(wanted: (message: Message) => boolean): Promise<Message> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.messages.find(wanted);
        if (found) resolve(found);
        else if (this.#ended) reject(new Error(`the program ended without it; stderr: ${this.stderr}`));
        else return;
        this.#listeners.delete(look);
      };
      this.#listeners.add(look);
      look();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.exited;
  }

  async #read(): Promise<number> {
    const [, , code] = await Promise.all([this.#readLines(), this.#readErrors(), this.#child.exited]);
    this.#ended = true;
    this.#tell();
    return code;
  }

  async #readLines(): Promise<void> {
    let rest = "";
    for await (const chunk of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#take(line);
      this.#tell();
    }
    if (rest !== "") this.foreign.push(rest); // a line that was never ended
  }

  #take(line: string): void {
    const message = parse(line);
    if (message) this.messages.push(message);
    else this.foreign.push(line);
  }

  async #readErrors(): Promise<void> {
    for await (const chunk of this.#child.stderr.pipeThrough(new TextDecoderStream())) this.stderr += chunk;
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** The opening of a session in the 2025 era and before. */
export async function initialize(peer: Peer, protocolVersion: string): Promise<Message> {
  const clientInfo = { name: "test", version: "1" };
  const answer = await peer.request(0, "initialize", { protocolVersion, capabilities: {}, clientInfo });
  peer.send({ jsonrpc: "2.0", method: "notifications/initialized" });
  return answer;
}
