// Owns the sockets of the HTTP service: listening, TLS and its change while it runs, how many there are and how long they idle.
import { chmod, unlink } from "node:fs/promises";
import { createServer, type RequestListener, type Server, STATUS_CODES } from "node:http";
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
 * node:http behind a socket server of our own, which works alike in Bun, Deno and Node: only tls.Server changes its
 * certificate while it listens in all three. @throws Error such as EADDRINUSE
 */
export async function openFront({ address, tls: files, limits, answer }: FrontOptions): Promise<Front> {
  const sockets = new Map<net.Socket, Connection>();
  const http = createHttp(limits, sockets, answer);
  const take = (socket: net.Socket) => {
    if (sockets.size >= limits.connections) return void socket.destroy();
    const connection = new Connection(socket, limits);
    sockets.set(socket, connection);
    socket.on("error", () => {});
    socket.once("close", () => {
      connection.rest();
      sockets.delete(socket);
    });
    http.emit("connection", socket);
  };
  const secure = files && tls.createServer({ ...files, handshakeTimeout: limits.head, minVersion: "TLSv1.2" }, take);
  secure?.on("tlsClientError", (_, socket) => socket.destroy());
  const listener = secure ?? net.createServer(take);
  await listen(listener, address);
  const bound = listener.address();
  const isTcp = typeof bound === "object" && bound !== null;
  const closed = new Promise<void>((resolve) => listener.once("close", () => resolve()));
  return {
    address: isTcp && "host" in address ? { host: address.host, port: bound.port } : address,
    renew(next) {
      tls.createSecureContext(next);
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

function createHttp(limits: Limits, sockets: ReadonlyMap<net.Socket, Connection>, answer: RequestListener): Server {
  const http = createServer({ maxHeaderSize: limits.headers, keepAlive: true }, (request, response) => {
    const connection = sockets.get(request.socket);
    connection?.begin();
    request.once("end", () => connection?.read());
    response.once("close", () => connection?.finish());
    answer(request, response);
  });
  http.keepAliveTimeout = 0;
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
