// Owns the other side of the transport's tests: a TLS server on loopback that speaks HTTP byte for byte as it is told.
import { createServer, type TLSSocket } from "node:tls";
import type { Certificate } from "../../src/simulator/https/certificate.ts";

/** A request as it arrived. `connection` counts from 1. */
export interface Arrived {
  method: string;
  path: string;
  headers: string;
  body: string;
  connection: number;
  /** The name in the client's handshake; empty without one. */
  servername: string;
}

export interface TlsServer {
  port: number;
  base: string;
  /** Every request that arrived, in order. */
  arrived: Arrived[];
  /** Connections that were opened, and the most that were open at once. */
  opened(): number;
  open(): number;
  mostOpen(): number;
  /** Breaks off all connections. */
  reset(): void;
  stop(): Promise<void>;
}

/** Bytes to answer with; `end` closes the connection behind them, `reset` without another word. */
export type Reply = { bytes: string | Buffer; end?: boolean } | "nothing" | "reset";

/** An answer as PVE writes it. */
export function reply(
  status: number,
  reason: string,
  body: string | Buffer = "",
  headers: readonly string[] = [],
): Reply {
  const content = Buffer.from(body);
  const head = [`HTTP/1.1 ${status} `, reason, `\r\ncontent-length: ${content.length}\r\n`];
  const lines = headers.map((line) => `${line}\r\n`).join("");
  return { bytes: Buffer.concat([Buffer.from(head.join(""), "latin1"), Buffer.from(`${lines}\r\n`), content]) };
}

export const json = (data: unknown): Reply =>
  reply(200, "OK", JSON.stringify({ data }), ["content-type: application/json;charset=UTF-8"]);

export async function serveTls(
  { certificate, key }: Pick<Certificate, "certificate" | "key">,
  answer: (request: Arrived) => Reply | Promise<Reply>,
  at = 0,
): Promise<TlsServer> {
  const arrived: Arrived[] = [];
  const sockets = new Set<TLSSocket>();
  let opened = 0;
  let mostOpen = 0;
  const server = createServer({ cert: certificate, key }, (socket) => {
    opened++;
    const connection = opened;
    sockets.add(socket);
    mostOpen = Math.max(mostOpen, sockets.size);
    let pending = Buffer.alloc(0);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", async (bytes: Buffer) => {
      pending = Buffer.concat([pending, bytes]);
      const request = readRequest(pending, connection, String(socket.servername || ""));
      if (!request) return;
      pending = Buffer.alloc(0);
      arrived.push(request);
      const said = await answer(request);
      if (said === "reset") socket.destroy();
      else if (said !== "nothing") said.end ? socket.end(said.bytes) : socket.write(said.bytes);
    });
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(at, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    port,
    base: `https://localhost:${port}`,
    arrived,
    opened: () => opened,
    open: () => sockets.size,
    mostOpen: () => mostOpen,
    reset: () => {
      for (const socket of sockets) socket.destroy();
    },
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function readRequest(bytes: Buffer, connection: number, servername: string): Arrived | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const headers = bytes.subarray(0, end).toString("latin1");
  const length = Number(/^content-length: *(\d+)/im.exec(headers)?.[1] ?? 0);
  if (bytes.length < end + 4 + length) return undefined;
  const [method = "", path = ""] = headers.split(" ", 2);
  return { method, path, headers, body: bytes.subarray(end + 4, end + 4 + length).toString(), connection, servername };
}
