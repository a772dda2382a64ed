// Owns the way of one HTTP request: path, source, sender, bounds, body, and then the MCP handler.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Refused, Sender } from "./callers.ts";
import { doubled, headerOf, readBody, refuse, refuseMessage, send, webRequest } from "./exchange.ts";
import { strangeSource } from "./guard.ts";
import type { Limits } from "./limits.ts";

type Fetch = (request: Request, options: { parsedBody?: unknown }) => Promise<Response>;

/** The MCP side for one sender; `problem` when nothing can be served to it. */
export type Mcp = { readonly fetch: Fetch; readonly close: () => Promise<void> } | { readonly problem: string };

export interface Desk {
  readonly limits: Limits;
  readonly hosts: ReadonlySet<string>;
  /** Whether the service is on its way to its end. */
  isEnding(): boolean;
  senderOf(request: IncomingMessage): Promise<Sender | Refused>;
  mcpFor(sender: Sender): Mcp;
  /** Why it isn't ready, or undefined. `deep`: whether Proxmox VE answers, too. */
  notReady(deep: boolean): Promise<string | undefined>;
  /** Told of every request that was refused. */
  refused(status: number, text: string, request: IncomingMessage, token?: string): void;
  /** Told of what is a bug. */
  failed(error: unknown): void;
}

/** How many requests are under way. */
export interface Open {
  readonly count: number;
  /** Those of them that have an answer to come; a stream of changes has none (MCP 2026-07-28, subscriptions/listen). */
  readonly unanswered: number;
  answer(request: IncomingMessage, out: ServerResponse): void;
}

export function createDesk(desk: Desk): Open {
  let count = 0;
  let streams = 0;
  const answer = async (request: IncomingMessage, out: ServerResponse) => {
    out.on("error", () => {});
    const isStream = request.headers["mcp-method"] === "subscriptions/listen";
    count++;
    if (isStream) streams++;
    try {
      await route(desk, request, out, count);
    } catch (error) {
      if (!request.complete) return void out.destroy();
      desk.failed(error);
      refuse(out, 500, "the service failed; its log has more");
    } finally {
      count--;
      if (isStream) streams--;
    }
  };
  return {
    get count() {
      return count;
    },
    get unanswered() {
      return count - streams;
    },
    answer: (request, out) => void answer(request, out),
  };
}

/** Whoever isn't known holds no connection. */
const closing = { connection: "close" };

async function route(desk: Desk, request: IncomingMessage, out: ServerResponse, count: number): Promise<void> {
  const [path, query] = (request.url ?? "").split("?", 2);
  const { method = "" } = request;
  const isLook = method === "GET" || method === "HEAD";
  if (path === "/healthz" && isLook) return refuse(out, 200, "ok", closing);
  if (path === "/readyz" && isLook) {
    const problem = desk.isEnding() ? "the service ends" : await desk.notReady(query === "pve");
    return problem === undefined ? refuse(out, 200, "ready", closing) : refuse(out, 503, problem, closing);
  }
  const no = (status: number, text: string, headers: Readonly<Record<string, string>> = {}, token?: string) => {
    desk.refused(status, text, request, token);
    refuse(out, status, text, { ...headers, ...closing });
  };
  if (path !== "/mcp") return no(404, "there is /mcp, /healthz and /readyz");
  if (!["GET", "POST", "DELETE"].includes(method)) return no(405, "/mcp takes POST", { allow: "POST" });
  const twice = doubled(request);
  if (twice !== undefined) return no(400, `the header ${twice} comes more than once`);
  const source = { host: headerOf(request, "host"), origin: headerOf(request, "origin") };
  const strange = strangeSource(source, desk.hosts);
  if (strange !== undefined) return no(403, strange);
  const sender = await desk.senderOf(request);
  if ("status" in sender) {
    return no(
      sender.status,
      sender.text,
      sender.challenge === undefined ? {} : { "www-authenticate": sender.challenge },
    );
  }
  const token = sender.token?.name;
  const later = { "retry-after": "1" };
  if (desk.isEnding()) return no(503, "the service ends", later, token);
  if (count > desk.limits.requests) return no(503, "too many requests are under way", later, token);
  const mcp = desk.mcpFor(sender);
  if ("problem" in mcp) return no(403, mcp.problem, {}, token);
  const body = await bodyOf(request, desk.limits);
  if ("status" in body) return no(body.status, body.text, {}, token);
  if ("code" in body) return refuseMessage(out, body.code, body.text);
  await handled(desk, mcp.fetch, request, out, body);
}

async function handled(
  desk: Desk,
  fetch: Fetch,
  request: IncomingMessage,
  out: ServerResponse,
  body: { readonly parsedBody?: unknown },
): Promise<void> {
  const gone = new AbortController();
  out.once("close", () => {
    if (!out.writableFinished) gone.abort();
  });
  const answer = await fetch(webRequest(request, gone.signal), body);
  if (out.destroyed) return void answer.body?.cancel().catch(() => {});
  if (desk.isEnding()) out.setHeader("connection", "close");
  await send(answer, out, desk.limits);
}

type Body = { readonly parsedBody?: unknown } | { status: number; text: string } | { code: number; text: string };

const invalidRequest = -32600;
const parseError = -32700;

/** What was posted, as far as it can be read; the MCP handler judges the rest. */
async function bodyOf(request: IncomingMessage, limits: Limits): Promise<Body> {
  if (request.method !== "POST") return {};
  const bytes = await readBody(request, limits);
  if (!bytes) return { status: 413, text: `a body may have ${limits.body} bytes at most` };
  const type = headerOf(request, "content-type") ?? "";
  if (!/^application\/json\s*(?:;|$)/i.test(type)) return { status: 415, text: "a body is application/json" };
  const text = bytes.toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { code: parseError, text: "Parse error: the body is not JSON" };
  }
  // what reads messages further on would drop such a member without a word
  if (text.includes('"__proto__"'))
    return { code: invalidRequest, text: "Invalid Request: no member may be called __proto__" };
  if (Array.isArray(value) && value.length > limits.batch) {
    return { code: invalidRequest, text: `Invalid Request: ${limits.batch} messages at once at most` };
  }
  return { parsedBody: value };
}
