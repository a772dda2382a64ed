// Owns the sockets of the HTTP service: listening, TLS and its change while it runs, how many there are and how long they idle.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { chmod, unlink } from "node:fs/promises";
import { createServer, type RequestListener, type Server, STATUS_CODES } from "node:http";
import * as https from "node:https";
import * as net from "node:net";
import * as tls from "node:tls";
import type { Address } from "./address.ts";
import type { Limits } from "./limits.ts";

/** Certificate (with its chain) and key in PEM form. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

export interface Front {
  /** Where it really listens. */
  readonly address: Address;
  /** New connections get the new certificate; those that are open keep theirs. @throws Error for files that don't fit */
  renew(files: TlsFiles): void;
  /** No new connection, and none kept that has no request under way. */
  stop(): void;
  /** Ends what is still open. */
  end(): Promise<void>;
}

export interface FrontOptions {
  readonly address: Address;
  readonly tls?: TlsFiles | undefined;
  readonly limits: Limits;
  readonly answer: RequestListener;
}

/**
 * Whether this runtime's own servers do it all. Bun's don't: they tell of a connection only with its first request, and
 * keep their certificate; there node:http gets its sockets from a socket server of ours. Deno's would end such a
 * connection after one answer.
 */
const isWhole = "setSecureContext" in https.Server.prototype;

/** @throws Error such as EADDRINUSE */
export async function openFront({ address, tls: files, limits, answer }: FrontOptions): Promise<Front> {
  if (files) checkTls(files);
  const sockets = new Map<net.Socket, Connection>();
  const take = (socket: net.Socket): boolean => {
    if (sockets.size >= limits.connections) {
      socket.destroy();
      return false;
    }
    const connection = new Connection(socket, limits);
    sockets.set(socket, connection);
    socket.on("error", () => {});
    socket.once("close", () => {
      connection.rest();
      sockets.delete(socket);
    });
    return true;
  };
  const secured = files && { ...files, handshakeTimeout: limits.head, minVersion: "TLSv1.2" as const };
  const { listener, secure } = (isWhole ? ownServer : fedServer)({ limits, sockets, answer, take }, secured);
  secure?.on("tlsClientError", (_, socket) => socket.destroy());
  await listen(listener, address);
  const bound = listener.address();
  const isTcp = typeof bound === "object" && bound !== null;
  const closed = new Promise<void>((resolve) => listener.once("close", () => resolve()));
  return {
    address: isTcp && "host" in address ? { host: address.host, port: bound.port } : address,
    renew(next) {
      checkTls(next);
      secure?.setSecureContext(next);
    },
    stop() {
      listener.close();
      for (const connection of sockets.values()) connection.endWhenIdle();
    },
    async end() {
      for (const socket of sockets.keys()) socket.destroy();
      await closed;
    },
  };
}

/** Deno takes anything for a certificate and is silent. @throws Error for files that can't be read or don't fit together */
function checkTls({ cert, key }: TlsFiles): void {
  if (new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) return;
  throw new Error("the key of --tls-key is not that of the certificate of --tls-cert");
}

interface Parts {
  readonly limits: Limits;
  readonly sockets: ReadonlyMap<net.Socket, Connection>;
  readonly answer: RequestListener;
  /** Whether there is room for a connection; it is ended where not. */
  take(socket: net.Socket): boolean;
}

interface Servers {
  readonly listener: net.Server;
  readonly secure?: tls.Server;
}

/** Our own sockets, handed on to node:http. */
function fedServer(parts: Parts, secured: tls.TlsOptions | undefined): Servers {
  const http = prepared(createServer({ maxHeaderSize: parts.limits.headers }), parts);
  const feed = (socket: net.Socket) => void (parts.take(socket) && http.emit("connection", socket));
  if (!secured) return { listener: net.createServer(feed) };
  const secure = tls.createServer(secured, feed);
  return { listener: secure, secure };
}

/** node:http and node:https as they are. */
function ownServer(parts: Parts, secured: tls.TlsOptions | undefined): Servers {
  const options = { maxHeaderSize: parts.limits.headers, requestTimeout: 0, headersTimeout: 0 };
  if (!secured) return { listener: prepared(createServer(options), parts).on("connection", parts.take) };
  const secure = https.createServer({ ...secured, ...options });
  prepared(secure, parts).on("secureConnection", parts.take);
  return { listener: secure, secure };
}

function prepared<One extends Server | https.Server>(http: One, { limits, sockets, answer }: Parts): One {
  http.on("request", (request, response) => {
    const connection = sockets.get(request.socket);
    connection?.begin();
    request.once("end", () => connection?.read());
    response.once("close", () => connection?.finish());
    answer(request, response);
  });
  // our own clock ends an idle connection
  http.keepAliveTimeout = 2 * limits.idle;
  http.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const status = error.code === "HPE_HEADER_OVERFLOW" ? 431 : 400;
    if (!socket.writable) return void socket.destroy();
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    setTimeout(() => socket.destroy(), 1000).unref();
  });
  return http;
}

/** What one connection is at: its clock runs except while a request that was read whole is being answered. */
class Connection {
  readonly #socket: net.Socket;
  readonly #limits: Limits;
  #running = 0;
  #last = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: net.Socket, limits: Limits) {
    this.#socket = socket;
    this.#limits = limits;
    this.#within(limits.head);
  }

  begin(): void {
    this.#running++;
    this.#within(this.#limits.upload);
  }

  /** The request's body is there. */
  read(): void {
    this.rest();
  }

  finish(): void {
    this.#running--;
    if (this.#running > 0) return;
    if (this.#last) this.#socket.end();
    this.#within(this.#last ? this.#limits.flush : this.#limits.idle);
  }

  endWhenIdle(): void {
    this.#last = true;
    if (this.#running === 0) this.#socket.destroy();
  }

  rest(): void {
    clearTimeout(this.#timer);
  }

  #within(milliseconds: number): void {
    this.rest();
    this.#timer = setTimeout(() => this.#socket.destroy(), milliseconds);
    this.#timer.unref();
  }
}

async function listen(server: net.Server, address: Address): Promise<void> {
  const once = () =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(address, () => {
        server.off("error", reject);
        resolve();
      });
    });
  if (!("path" in address)) return once();
  const { path } = address;
  await once().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE" || (await isAnswered(path))) throw error;
    await unlink(path);
    await once();
  });
  // its group may connect: that of a proxy, above all
  await chmod(path, 0o660);
}

/** Whether somebody listens at a socket; one that was left behind is only a file. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(path, () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
