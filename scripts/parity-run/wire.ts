// Owns what is seen between the program and the cluster: a server over HTTPS that passes every request on and keeps it.
import { createTransport } from "../../src/pve/transport.ts";
import { type EndpointKey, endpointKeys } from "../../src/schema/registry.ts";
import { serveHttps } from "../../src/simulator/https/server.ts";

/** One request and what the cluster answered. */
export interface Passed {
  readonly method: string;
  readonly path: string;
  /** PVE's endpoint, or undefined where PVE has none of that method and path. */
  readonly endpoint: EndpointKey | undefined;
  readonly status: number;
  /** PVE's words where it refused. */
  readonly text: string;
}

export interface Wire extends AsyncDisposable {
  readonly url: string;
  readonly fingerprint: string;
  /** What has passed since the last `turn`. */
  readonly passed: readonly Passed[];
  /** From now on requests go to this cluster, and the list begins anew. */
  turn(to: { url: string; fingerprint: string }): void;
}

const patterns = endpointKeys()
  .map((key) => ({
    key,
    pattern: new RegExp(`^${key.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, "[^/]+")}$`),
  }))
  .sort((one, other) => one.key.split("{").length - other.key.split("{").length);

/** A volume id may stand in a path with its slash (PVE takes it so): only the last variable of a path can be one. */
const volumes = /^(\w+ \/nodes\/[^/]+\/storage\/[^/]+\/content\/)(.+)$/;

/** The endpoint that a concrete request is for, by the registry's own templates. */
export function endpointOf(method: string, path: string): EndpointKey | undefined {
  const asked = `${method} ${path}`.replace(volumes, "$1volume");
  return patterns.find(({ pattern }) => pattern.test(asked))?.key;
}

export async function openWire(): Promise<Wire> {
  const passed: Passed[] = [];
  let base = "";
  let transport = createTransport({ mode: "insecure" });
  const served = await serveHttps(async (request) => {
    const [url, through] = [new URL(request.url), transport];
    const path = url.pathname.replace(/^\/api2\/json/, "");
    const response = await through(await onwards(request, `${base}${url.pathname}${url.search}`));
    const body = await response.arrayBuffer();
    const { status, statusText, headers } = response;
    const text = status < 400 ? "" : `${statusText} ${new TextDecoder().decode(body.slice(0, 2_000))}`.trim();
    passed.push({ method: request.method, path, endpoint: endpointOf(request.method, path), status, text });
    return new Response(body.byteLength > 0 ? body : null, { status, statusText, headers: kept(headers) });
  });
  return {
    url: served.url,
    fingerprint: served.fingerprint,
    passed,
    turn(to) {
      transport.close();
      transport = createTransport({ mode: "verify", fingerprint: to.fingerprint });
      base = to.url;
      passed.length = 0;
    },
    async [Symbol.asyncDispose]() {
      transport.close();
      await served.close();
    },
  };
}

async function onwards(request: Request, url: string): Promise<Request> {
  const headers = new Headers(request.headers);
  for (const name of ["host", "connection", "accept-encoding"]) headers.delete(name);
  const carries = request.method !== "GET" && request.method !== "DELETE";
  const body = carries ? await request.arrayBuffer() : undefined;
  if (!body || body.byteLength === 0) headers.delete("content-length");
  return new Request(url, { method: request.method, headers, ...(body && body.byteLength > 0 ? { body } : {}) });
}

/** The body is unpacked here and whole: what said otherwise is left out. */
function kept(from: Headers): Headers {
  const headers = new Headers(from);
  for (const name of ["content-encoding", "content-length", "transfer-encoding", "connection"]) headers.delete(name);
  return headers;
}
