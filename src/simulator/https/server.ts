// Owns the embedded cluster's HTTPS server: a fetch-shaped function behind node:https, with a certificate made at start.
import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { createCertificate } from "./certificate.ts";
import { addressOf, listening, openFront } from "./front.ts";
import { sendReply } from "./reply.ts";

export interface ServeOptions {
  /** Loopback, unless told. */
  listen?: string;
  /** Any free one, unless told. */
  port?: number;
  /** The name of the node that answers. */
  node?: string;
}

export interface Served {
  /** `https://127.0.0.1:8006` */
  url: string;
  port: number;
  /** Of the certificate: SHA-256, `AA:BB:…`. */
  fingerprint: string;
  /** The root that issued it, as PVE's own does; it isn't sent. PEM. */
  root: string;
  close(): Promise<void>;
}

type Fetch = (request: Request) => Promise<Response>;

/** Serves `fetch` over HTTPS; a fetch that throws breaks its connection off. @throws Error such as EADDRINUSE */
export async function serveHttps(fetch: Fetch, options: ServeOptions = {}): Promise<Served> {
  const { listen = "127.0.0.1", port = 0, node = "pve1" } = options;
  const root = createCertificate({ subject: "Proxmox Virtual Environment", ca: true });
  const names = [...new Set(["localhost", "127.0.0.1", "::1", node, listen])];
  const own = createCertificate({ subject: node, names, issuer: root });
  const server = createServer({ key: own.key, cert: own.certificate }, (request, out) => {
    out.on("error", () => out.socket?.destroy());
    answer(fetch, request, out).catch(() => out.socket?.destroy());
  });
  server.on("clientError", (_, socket) => socket.destroy());
  await listening(server, "127.0.0.1", 0);
  const front = await openFront(listen, port, addressOf(server).port).catch((problem: unknown) => {
    server.close();
    throw problem;
  });
  const host = front.address.family === "IPv6" ? `[${front.address.address}]` : front.address.address;
  return {
    url: `https://${host}:${front.address.port}`,
    port: front.address.port,
    fingerprint: own.fingerprint,
    root: root.certificate,
    close: async () => {
      await front.close();
      await closed(server);
    },
  };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function answer(fetch: Fetch, request: IncomingMessage, out: ServerResponse): Promise<void> {
  const body = await readRequest(request);
  const { method = "GET" } = request;
  const response = /^(?:CONNECT|TRACE|TRACK)$/.test(method)
    ? new Response(null, { status: 501, statusText: `method '${method}' not available` })
    : await fetch(toRequest(request, method, body));
  await sendReply(response, out, /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? "")));
}

async function readRequest(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

/** A body that a Request can't carry, a GET's, is still told by its content-length. */
function toRequest(request: IncomingMessage, method: string, body: Buffer): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && name !== "content-length")
      headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  headers.set("content-length", String(body.length));
  const path = request.url?.startsWith("/") === true ? request.url : `/${request.url ?? ""}`;
  const carries = body.length > 0 && method !== "GET" && method !== "HEAD";
  return new Request(`https://pve${path}`, { method, headers, ...(carries ? { body: new Uint8Array(body) } : {}) });
}
