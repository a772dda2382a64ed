// Faults on demand: a fetch around the cluster's own that does to chosen calls what networks, proxies and locks do.
import type { SimulatorClock } from "../engine/clock.ts";
import { type Random, seededRandom } from "../engine/random.ts";
import type { Work, Worker, Workers } from "../engine/worker.ts";
import type { FaultRule } from "./rule.ts";

type Fetch = (request: Request) => Promise<Response>;

export interface FaultParts {
  clock: SimulatorClock;
  workers: Workers;
}

/** The rules may be changed between calls. A connection that breaks is a TypeError whose cause has a `code`. */
export function withFaults(fetch: Fetch, rules: readonly FaultRule[], parts: FaultParts): Fetch {
  const counts = new Map<FaultRule, Count>();
  return async (request) => {
    const { pathname } = new URL(request.url);
    const path = pathname.replace(/^\/+api2\/\w+/, "");
    let answer = fetch;
    for (const rule of rules) {
      if (!fits(rule, request.method, path) || !fires(rule, counts)) continue;
      const inner = answer;
      answer = (asked) => afflicted(rule, parts, asked, path, inner);
    }
    return answer(request);
  };
}

interface Count {
  calls: number;
  fired: number;
  random: Random;
}

function fits(rule: FaultRule, method: string, path: string): boolean {
  if (rule.method !== undefined && rule.method !== method) return false;
  if (rule.path === undefined) return true;
  const parts = rule.path.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^/]*")}(?:/|$)`).test(path);
}

function fires(rule: FaultRule, counts: Map<FaultRule, Count>): boolean {
  const count = counts.get(rule) ?? { calls: 0, fired: 0, random: seededRandom(rule.seed ?? 1) };
  counts.set(rule, count);
  count.calls += 1;
  if (rule.nth !== undefined && count.calls !== rule.nth) return false;
  if (rule.every !== undefined && count.calls % rule.every !== 0) return false;
  if (rule.rate !== undefined && count.random.next() >= rule.rate) return false;
  if (rule.times !== undefined && count.fired >= rule.times) return false;
  count.fired += 1;
  return true;
}

async function afflicted(
  rule: FaultRule,
  { clock, workers }: FaultParts,
  request: Request,
  path: string,
  fetch: Fetch,
): Promise<Response> {
  const { kind, text } = rule;
  const wait = rule.ms ?? (kind === "latency" ? 1000 : 0);
  if (wait > 0) await clock.sleep(wait);
  switch (kind) {
    case "latency":
      return fetch(request);
    case "595":
      return empty(595, text ?? "No route to host");
    case "596":
      return empty(596, text ?? "Connection timed out");
    case "401":
      return empty(401, text ?? "Authentication failed!");
    case "reset-before":
      throw broken();
    case "reset-after":
      await fetch(request);
      throw broken();
    case "cut":
      return cut(await fetch(request));
    case "no-json":
      await fetch(request);
      return page(text ?? "The service is being restarted.");
    case "lock-timeout":
      return lockTimeout(text ?? `can't lock file '${lockOf(path)}' - got timeout`);
    default: {
      const response = await fetch(request);
      const upid = await upidOf(response);
      if (upid !== undefined) workers.replace(upid, (work, worker) => troubled(kind, text, work, worker));
      return response;
    }
  }
}

/** As fetch tells of a connection that the other side has broken off. */
function broken(): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }) });
}

function empty(status: number, statusText: string): Response {
  return new Response(null, { status, statusText, headers: { connection: "close" } });
}

/** Half of the body, then the connection breaks; `content-length` promises all of it. */
async function cut(response: Response): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  let told = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (told) controller.error(broken());
      else controller.enqueue(half);
      told = true;
    },
  });
  const headers = new Headers(response.headers);
  headers.set("content-length", String(bytes.length));
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}

function page(text: string): Response {
  const html = `<!DOCTYPE html>\n<html><head><title>Proxy</title></head><body><p>${text}</p></body></html>\n`;
  return new Response(html, { status: 200, statusText: "OK", headers: { "content-type": "text/html" } });
}

function lockTimeout(text: string): Response {
  const headers = { "content-type": "application/json;charset=UTF-8", connection: "close" };
  return new Response(JSON.stringify({ data: null, message: `${text}\n` }), { status: 500, statusText: text, headers });
}

/** The lock that a call of this path waits for (facts 34). */
function lockOf(path: string): string {
  const [, type, vmid] = /\/(qemu|lxc)\/(\d+)/.exec(path) ?? [];
  if (type === "lxc") return `/run/lock/lxc/pve-config-${vmid}.lock`;
  return type === "qemu" ? `/var/lock/qemu-server/lock-${vmid}.conf` : "/var/lock/pve-manager/pve-storage";
}

async function upidOf(response: Response): Promise<string | undefined> {
  const body = await response.clone().text();
  return /^\{"(?:success":1,")?data":"(UPID:[^"]+)"/.exec(body)?.[1];
}

/** A task's own steps, as far as they are let: what it took at its first step it gives back when it fails. */
function* troubled(kind: FaultRule["kind"], text = "fault on demand", work: Work, worker: Worker): Work {
  if (kind === "task-warns") {
    yield* work;
    worker.warn(text);
    return;
  }
  const first = work.next();
  if (first.done !== true) yield first.value;
  try {
    if (kind === "task-fails") throw new Error(text);
    yield Number.POSITIVE_INFINITY;
  } catch (problem) {
    if (first.done !== true) work.throw(problem);
    throw problem;
  }
}
