// Owns the way to PVE over the network: one function of fetch's shape over node:https, with a TLS socket of our own.
import { createHash, X509Certificate } from "node:crypto";
import { Agent, request as httpsRequest } from "node:https";
import { isIP, Socket } from "node:net";
import * as tls from "node:tls";
import type { Fetch } from "./client.ts";
import { type Deadlines, defaultDeadlines, startDeadline } from "./deadline.ts";
import { PveError } from "./errors.ts";
import { type Begin, exchange } from "./exchange.ts";
import { noConnection } from "./loss.ts";
import { atSight, type Sightings } from "./sight.ts";
import { distrust, isIssuerError, needsIssuers, type Presented, type TlsOptions, unreadableIssuers } from "./trust.ts";

export type { TlsOptions } from "./trust.ts";

export interface TransportOptions extends TlsOptions {
  /** The memory for trust at first sight; without one nothing is taken at first sight. */
  readonly sightings?: Sightings;
  readonly deadlines?: Partial<Deadlines>;
  /** Told of each certificate that is presented, whatever it comes to. */
  readonly onPresented?: (presented: Presented) => void;
  /** The longest body that is held in memory, in bytes, packed or not. */
  readonly maxBody?: number;
  /**
   * After how many idle milliseconds a connection is closed. PVE's server closes one after 5 s;
   * a connection that was closed here before that can't swallow a write.
   */
  readonly idle?: number;
}

/** The function, and the end of its connections (idle ones don't keep a process alive). */
export type Transport = Fetch & { close(): void };

const IDLE = 4_000;
const MAX_BODY = 64 * 1024 * 1024;

/** Throws PveError; its `sent` is false where it is certain that nothing of the request left this machine. */
export function createTransport(options: TransportOptions): Transport {
  const deadlines = { ...defaultDeadlines, ...options.deadlines };
  const { maxBody = MAX_BODY, idle = IDLE } = options;
  const agent = createAgent(createOpener(options, deadlines), idle);
  const begin: Begin = (url, how) => httpsRequest(url, { agent, ...how });
  const fetch: Fetch = async (request) => {
    const url = new URL(request.url);
    if (url.protocol !== "https:") throw noTls(url);
    return exchange(url, request, { begin, deadlines, maxBody });
  };
  return Object.assign(fetch, { close: () => agent.destroy() });
}

function noTls({ host }: URL): PveError {
  const sentence = `PVE's API speaks TLS only, and the address of ${host} begins with http:.`;
  return new PveError({ kind: "tls", sentence, next: "Write https:// or leave it out in PROXMOX_HOST.", sent: false });
}

/** Calls back with a connection whose certificate was accepted, or with the error and the socket that is no good. */
type Open = (host: string, port: number, done: (error: Error | null, socket: tls.TLSSocket) => void) => void;

/** Keeps connections for the next request, and lets go of them before the server does. */
function createAgent(open: Open, longest: number): Agent {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 8 });
  const idle = new WeakMap<object, NodeJS.Timeout>();
  const keep = agent.keepSocketAlive.bind(agent);
  const reuse = agent.reuseSocket.bind(agent);
  agent.createConnection = (to, done) => {
    if (done) open(to.host ?? "localhost", Number(to.port ?? 443), done);
    return undefined;
  };
  agent.keepSocketAlive = (socket) => {
    const timer = setTimeout(() => socket.destroy(), longest);
    timer.unref();
    idle.set(socket, timer);
    return keep(socket);
  };
  agent.reuseSocket = (socket, request) => {
    clearTimeout(idle.get(socket));
    reuse(socket, request);
    // Deno sends a request again by itself, a POST too, when a used connection breaks under it; it goes by this mark.
    request.reusedSocket = false;
  };
  return agent;
}

function createOpener(options: TransportOptions, deadlines: Deadlines): Open {
  const stores = createStores(options);
  let trusted = 0;
  return (host, port, done) => {
    const place = isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
    const attempt = (store: number) => {
      const context = contextOf(stores[store]);
      if (context instanceof PveError) return done(context, new tls.TLSSocket(new Socket()));
      const socket = tls.connect({
        host,
        port,
        ALPNProtocols: ["http/1.1"],
        // The chain and the name are judged below, whatever NODE_TLS_REJECT_UNAUTHORIZED says.
        rejectUnauthorized: false,
        checkServerIdentity: () => undefined,
        ...(isIP(host) === 0 && { servername: host }),
        secureContext: context,
      });
      let over = false;
      const end = (error: Error | null) => {
        if (over) return;
        over = true;
        deadline.clear();
        // One that is reset while it is idle has nobody else to tell.
        socket.off("error", failed).on("error", () => {});
        if (error) socket.destroy();
        done(error, socket);
      };
      const failed = (error: Error) => end(noConnection(error, place));
      const deadline = startDeadline("connect", deadlines, place, end);
      socket.once("error", failed);
      socket.once("secureConnect", () => {
        const presented = presentedBy(socket, host);
        options.onPresented?.(presented);
        const wrong = distrust(options, presented, place);
        if (wrong && stores.length > store + 1 && isIssuerError(presented.chainError)) {
          over = true;
          deadline.clear();
          socket
            .off("error", failed)
            .on("error", () => {})
            .destroy();
          return attempt(store + 1);
        }
        if (!wrong) trusted = store;
        return void atSight(options, presented, place, wrong).then((verdict) => end(verdict ?? null), end);
      });
    };
    attempt(trusted);
  };
}

/** The sets of issuers to try, in order; none is read before it is needed. */
function createStores({ ca = [], hostCa = [], ...options }: TlsOptions): (() => tls.SecureContext)[] {
  const once = (make: () => tls.SecureContextOptions) => {
    let made: tls.SecureContext | undefined;
    return () => {
      made ??= tls.createSecureContext(make());
      return made;
    };
  };
  if (!needsIssuers(options)) return [once(() => ({ ca: [] }))];
  const own = [ca, hostCa].flat().filter((pem) => pem !== "");
  const runtime = [once(() => ({})), once(() => ({ ca: systemIssuers() }))];
  return own.length === 0 ? runtime : [once(() => ({ ca: certificatesIn(own) })), ...runtime];
}

/** Each certificate of some PEM texts; throws for one that is none, which not every runtime does. */
function certificatesIn(texts: readonly string[]): string[] {
  const found = texts.flatMap((text) => text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []);
  if (found.length === 0) throw new TypeError("there is no certificate in PEM form");
  return found.map((pem) => new X509Certificate(pem).toString());
}

/** A set of issuers, or why it can't be read: the operator's file is the only one that can be wrong. */
function contextOf(store: (() => tls.SecureContext) | undefined): tls.SecureContext | undefined | PveError {
  try {
    return store?.();
  } catch (cause) {
    return unreadableIssuers(cause);
  }
}

/** Node alone doesn't trust the system's issuers by itself, and can't name them before 22.15; Deno has to be allowed to. */
function systemIssuers(): string[] {
  try {
    return tls.getCACertificates("system");
  } catch {
    return [];
  }
}

function presentedBy(socket: tls.TLSSocket, host: string): Presented {
  const certificate = socket.getPeerCertificate();
  const { authorizationError: chain } = socket;
  const code = chain instanceof Error ? ("code" in chain ? String(chain.code) : chain.message) : String(chain);
  const { valid_from, valid_to } = certificate;
  const names = certificate.subjectaltname ?? named(certificate.subject);
  return {
    fingerprint: certificate.fingerprint256 ?? "none",
    subject: named(certificate.subject),
    issuer: named(certificate.issuer),
    validFrom: isoDate(valid_from),
    validTo: isoDate(valid_to),
    outOfDate: Date.parse(valid_from) > Date.now() || Date.parse(valid_to) < Date.now(),
    publicKey: () => digestOfKey(certificate.raw),
    ...(!socket.authorized && { chainError: code }),
    ...(tls.checkServerIdentity(host, certificate) && { nameError: `it is made out to ${names} and not to ${host}` }),
  };
}

function digestOfKey(certificate: Uint8Array): string {
  const key = new X509Certificate(certificate).publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(key).digest("hex");
}

function named(name: object | undefined): string {
  const parts = Object.entries(name ?? {}).map(([key, value]) => `${key}=${String(value)}`);
  return parts.join(", ") || "(none)";
}

function isoDate(text: string | undefined): string {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? (text ?? "(none)") : new Date(time).toISOString().slice(0, 10);
}
