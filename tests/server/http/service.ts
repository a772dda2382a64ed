// Owns a running HTTP service for tests: the real command's parts in this process, over an embedded cluster or the demo's.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client as NewClient, StreamableHTTPClientTransport as NewHttp } from "@modelcontextprotocol/client";
import { type HttpOptions, readHttpOptions } from "../../../src/commands/http-options.ts";
import { servingOf } from "../../../src/commands/serve-http.ts";
import { type Address, shownAddress } from "../../../src/server/http/address.ts";
import type { Limits } from "../../../src/server/http/limits.ts";
import { serveHttp } from "../../../src/server/http/serve.ts";
import { makeToken, type NewToken } from "../../../src/server/http/tokens.ts";
import { type Served, serveHttps } from "../../../src/simulator/https/server.ts";
import { createSimulator, type Simulator } from "../../../src/simulator/simulator.ts";
import { collected } from "../../commands/collected.ts";

export interface Service extends AsyncDisposable {
  readonly address: Address;
  readonly url: URL;
  readonly state: string;
  /** Makes a token and gives its value. */
  token(name: string, token?: Partial<NewToken>): Promise<string>;
  /** As the signal of that name would. */
  signal(name: "SIGTERM" | "SIGINT" | "SIGHUP"): void;
  readonly ended: Promise<void>;
  /** What the service manager was told. */
  readonly told: readonly string[];
  /** A message as JSON-RPC over POST. */
  post(message: object, headers?: Readonly<Record<string, string>>): Promise<Response>;
}

export interface Start {
  readonly env?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, string | true>>;
  readonly limits?: Partial<Limits>;
}

/** With no address in `env` it is the demo cluster. */
export async function startService({ env = {}, options = {}, limits = {} }: Start = {}): Promise<Service> {
  const state = mkdtempSync(join(tmpdir(), "http-"));
  const demo = env.PROXMOX_HOST === undefined;
  const { stdout } = collected();
  const given = { http: "0", ...(demo && { demo: true as const }), ...options };
  const context = { arguments: [], options: given, env: { PROXMOX_LOG_LEVEL: "silent", ...env }, stdout };
  const read: HttpOptions | { problem: string } = readHttpOptions(given);
  if ("problem" in read) throw new Error(read.problem);
  const serving = await servingOf({ ...context, stdin: process.stdin, stderr: stdout }, read, state);
  const acts = new Map<string, () => void>();
  const told: string[] = [];
  const notify = async (...states: readonly string[]) => {
    told.push(...states);
    return undefined;
  };
  let ended: Promise<void> = Promise.resolve();
  const address = await new Promise<Address>((resolve, reject) => {
    const signals = { on: (name: string, act: () => void) => acts.set(name, act) };
    ended = serveHttp({ ...serving, limits, notify, signals, listening: resolve });
    ended.catch(reject);
  });
  const url = new URL("path" in address ? "http://localhost/mcp" : `http://${shownAddress(address)}/mcp`);
  return {
    address,
    url,
    state,
    ended,
    told,
    token: (name, token = {}) => makeToken(state, { name, ownPveToken: false, settings: {}, ...token }, Date.now()),
    signal: (name) => acts.get(name)?.(),
    post: (message, headers = {}) =>
      fetch(url, { method: "POST", headers: { ...usualHeaders, ...headers }, body: JSON.stringify(message) }),
    async [Symbol.asyncDispose]() {
      acts.get("SIGTERM")?.();
      await ended;
      rmSync(state, { recursive: true, force: true });
    },
  };
}

export const usualHeaders = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
} as const;

export const bearer = (value: string) => ({ authorization: `Bearer ${value}` });

/** A call of a tool, as a message. */
export const callOf = (name: string, args: object = {}, id = 1) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name, arguments: args },
});

/** The message in an answer, which is one event or JSON. */
export async function messageIn(response: Response): Promise<{
  id?: unknown;
  result?: { content?: { text: string }[]; tools?: { name: string }[] };
  error?: { code: number };
}> {
  const text = await response.text();
  return JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text);
}

/** The text of a call's answer. */
export async function answerIn(response: Response): Promise<string> {
  const { result } = await messageIn(response);
  return String(result?.content?.[0]?.text);
}

/** A client of SDK 2.x over HTTP. */
export async function connectNew(
  url: URL,
  headers: Readonly<Record<string, string>>,
  mode: "legacy" | { pin: string } = { pin: "2026-07-28" },
): Promise<NewClient> {
  const client = new NewClient({ name: "new", version: "1.0.0" }, { versionNegotiation: { mode } });
  await client.connect(new NewHttp(url, { requestInit: { headers: { ...headers } } }));
  return client;
}

/** An embedded cluster over HTTPS, and the settings that reach it. */
export interface Cluster extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly server: Served;
  readonly env: Readonly<Record<string, string>>;
  /** Every request that came, with the token that it came with. */
  readonly asked: { readonly token: string; readonly path: string }[];
}

export async function startCluster(speed = 50): Promise<Cluster> {
  const simulator = createSimulator({ seed: 1, speed });
  const asked: { token: string; path: string }[] = [];
  const server = await serveHttps((request) => {
    const token = (request.headers.get("authorization") ?? "").replace(/^PVEAPIToken=/, "").replace(/=.*$/, "");
    asked.push({ token, path: new URL(request.url).pathname });
    return simulator.fetch(request);
  });
  const env = {
    PROXMOX_HOST: `127.0.0.1:${server.port}`,
    PROXMOX_SSL_MODE: "verify",
    PROXMOX_SSL_FINGERPRINT: server.fingerprint,
    PROXMOX_ALLOW_ELEVATED: "true",
    PROXMOX_RATE_LIMIT: "0",
  };
  return { simulator, server, env, asked, [Symbol.asyncDispose]: () => server.close() };
}
