// Owns the HTTP service from its start to its end: the parts put together, signals, and what the service manager is told.
import { createMcpHandler } from "@modelcontextprotocol/server";
import manifest from "../../../package.json" with { type: "json" };
import type { Policy } from "../../toolkit/gate.ts";
import { createLog, type LogLevel } from "../log.ts";
import { createServer, type Served } from "../mcp-server.ts";
import { createRecent } from "../recent.ts";
import { type Address, shownAddress } from "./address.ts";
import { createKeyring, Kept, keyOf, type Sender, senderOf } from "./callers.ts";
import { headerOf } from "./exchange.ts";
import { openFront, type TlsFiles } from "./front.ts";
import { allowedHosts } from "./guard.ts";
import { type Limits, limits as usual } from "./limits.ts";
import type { Notify } from "./notify.ts";
import { createDesk, type Mcp } from "./request.ts";
import { createRunning } from "./running.ts";
import { changedAt } from "./tokens.ts";

/** The tools as they are for one sender, or why there are none. */
export type Opened =
  | (Pick<Served, "listing" | "call"> & { readonly policy: Policy; readonly narrowed: boolean })
  | { readonly problem: string };

export interface HttpServing {
  readonly address: Address;
  /** Reads certificate and key, now and on SIGHUP; absent without TLS. @throws Error */
  readonly readTls?: (() => Promise<TlsFiles>) | undefined;
  /** Names of this service in Host and Origin, beside loopback's and its own address. */
  readonly hosts: readonly string[];
  /** The folder with the tokens; absent where the service runs without authentication. */
  readonly state?: string | undefined;
  readonly demo: boolean;
  readonly logLevel: LogLevel;
  readonly secrets: readonly string[];
  /** The tools for a sender; asked once for all of its requests. */
  open(sender: Sender): Opened;
  /** `user@realm!name=value` as PVE's Authorization header, or nothing when it isn't one. */
  readPveToken(text: string): string | undefined;
  /** Why it isn't ready; `deep`: whether PVE answers, too. */
  notReady(
    sender: readonly Pick<NonNullable<Sender["token"]>, "ownPveToken">[],
    deep: boolean,
  ): Promise<string | undefined>;
  readonly notify: Notify;
  readonly limits?: Partial<Limits>;
  /** Told once it listens. */
  readonly listening: (address: Address) => void;
  /** Its end and its reload, for those who have no process of their own. */
  readonly signals?: Signals;
}

/** What process.on is for signals. */
export interface Signals {
  on(signal: "SIGTERM" | "SIGINT" | "SIGHUP", act: () => void): unknown;
}

/** Different senders that are kept ready at once, and for how long after their last request. */
const mostSenders = 256;
const keptFor = 10 * 60_000;

/** Resolves when the service has ended. @throws Error when it can't begin: address taken, TLS files unreadable */
export async function serveHttp(serving: HttpServing): Promise<void> {
  const { address, state, signals = process, notify } = serving;
  const limits = { ...usual, ...serving.limits };
  const secrets = [...serving.secrets];
  const log = createLog({ level: serving.logLevel, secrets });
  const problem = (text: string, token?: string) => log.problem(new Error(text), token);
  const told = (text: string | undefined) => text !== undefined && problem(text);
  const keyring = state === undefined ? undefined : createKeyring(state, changedAt);
  const running = createRunning();

  const hide = (own: string) => {
    if (!secrets.includes(own)) secrets.push(own);
    // those of the longest ago go, and come back with their next call
    if (secrets.length > serving.secrets.length + 4 * mostSenders) secrets.splice(serving.secrets.length, 1);
  };
  const made = (sender: Sender): Mcp => {
    const opened = serving.open(sender);
    if ("problem" in opened) return opened;
    const own = sender.authorization?.slice(sender.authorization.lastIndexOf("=") + 1);
    const name = sender.token?.name;
    const { listing, call, policy, narrowed } = opened;
    const { readOnly, elevated } = policy;
    const served: Served = {
      name: serving.demo ? "proxmox-mcp-demo" : "proxmox-mcp",
      title: serving.demo ? "Proxmox VE (demo cluster)" : "Proxmox VE",
      version: manifest.version,
      mode: { demo: serving.demo, narrowed, readOnly, elevated },
      listing,
      async call(tool, given, caller) {
        const entry = log.begin(tool, given, name);
        const answer = await running.run({ ...caller, onRequest: entry.request, onCommand: entry.command }, (under) =>
          call(tool, given, under),
        );
        if (answer) entry.end(answer);
        return answer;
      },
    };
    if (own !== undefined) hide(own);
    const onerror = (error: Error) => problem(error.message, name);
    const recent = createRecent(); // a sender's, since each request has a server of its own
    return createMcpHandler(() => createServer(served, recent), { onerror, maxSubscriptions: 16 });
  };

  const senders = new Kept<Mcp>(mostSenders, keptFor);
  let ending = false;
  const desk = createDesk({
    limits,
    hosts: allowedHosts([...serving.hosts, ...("host" in address ? [address.host] : [])]),
    isEnding: () => ending,
    async senderOf(request) {
      const pveToken = headerOf(request, "x-pve-api-token");
      const claims = { authorization: headerOf(request, "authorization"), pveToken };
      if (!keyring) {
        return pveToken === undefined
          ? {}
          : { status: 400, text: "X-PVE-API-Token needs a bearer token made with --own-pve-token" };
      }
      for (const line of await keyring.refresh()) problem(line);
      return senderOf(claims, keyring.tokens, Date.now(), serving.readPveToken);
    },
    mcpFor: (sender) => senders.get(keyOf(sender), Date.now(), () => made(sender)),
    notReady: (deep) => serving.notReady(keyring?.tokens ?? [], deep),
    refused(status, text, { method, url = "", socket }, token) {
      const from = socket.remoteAddress ?? "a local socket";
      problem(`${status} ${method} ${url.slice(0, 80)} from ${from}: ${text}`, token);
    },
    failed: (error) => log.problem(error instanceof Error ? error : new Error(String(error))),
  });

  for (const line of (await keyring?.reload()) ?? []) problem(line);
  const front = await openFront({ address, limits, tls: await serving.readTls?.(), answer: desk.answer });
  const reload = async () => {
    const lines = (await keyring?.reload()) ?? [];
    const files = await serving.readTls?.();
    if (files) front.renew(files);
    for (const line of lines) problem(line);
  };
  const onReload = () => void reload().catch((error) => problem(`nothing was changed: ${String(error)}`));
  const end = async () => {
    const said = notify("STOPPING=1");
    front.stop();
    await until(() => desk.unanswered === 0, limits.grace);
    running.hurry();
    await until(() => desk.unanswered === 0, limits.flush);
    for (const mcp of senders.values()) if ("close" in mcp) await mcp.close();
    await until(() => desk.count === 0, limits.grace / 10);
    await front.end();
    told(await said);
  };
  const ended = new Promise<void>((resolve, reject) => {
    const stop = () => {
      if (ending) return;
      ending = true;
      end().then(resolve, reject);
    };
    for (const signal of ["SIGTERM", "SIGINT"] as const) signals.on(signal, stop);
    signals.on("SIGHUP", onReload);
  });
  serving.listening(front.address);
  told(await notify("READY=1", `STATUS=Serving MCP on ${shownAddress(front.address)}`));
  await ended;
  await log.written();
}

/** Waits for what is looked at again and again, but no longer than so many milliseconds. */
async function until(isSo: () => boolean, milliseconds: number): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!isSo() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
}
