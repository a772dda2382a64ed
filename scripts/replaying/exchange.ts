// Sends genuine exchanges to a simulator that is arranged like the recorded cluster, and says where the answers differ.
import { createSimulator, type Simulator } from "../../src/simulator/simulator.ts";

/** One recorded exchange; `params` a record, or pairs where a name was repeated. */
export interface Exchange {
  method: string;
  path: string;
  params?: Record<string, unknown> | [string, unknown][] | string | null;
  encoding?: string;
  /** The address of the node that was asked. */
  via?: string;
  auth: string | null;
  status: number;
  body: unknown;
}

/** The recorded users: `ro` reads all, `op` runs guest 100, `sep` is root's token without any rights. */
export function recordedCluster(): { simulator: Simulator; tokens: Record<string, string> } {
  const simulator = createSimulator({ seed: 1, speed: 1e9 });
  const { users, acl } = simulator.state.access;
  const secret = "11111111-2222-4333-8444-555555555555";
  const token = { secret, privsep: false, expire: 0 };
  users["ro@pve"] = { enable: true, expire: 0, options: {}, tokens: { tok: { ...token } } };
  users["op@pve"] = { enable: true, expire: 0, options: {}, tokens: { tok: { ...token } } };
  acl.push({ path: "/", type: "user", ugid: "ro@pve", roleid: "PVEAuditor", propagate: true });
  acl.push({ path: "/vms/100", type: "user", ugid: "op@pve", roleid: "PVEVMUser", propagate: true });
  return {
    simulator,
    tokens: {
      root: simulator.tokens.root,
      ro: `ro@pve!tok=${secret}`,
      op: `op@pve!tok=${secret}`,
      sep: simulator.tokens.powerless,
    },
  };
}

function pairsOf(params: Exchange["params"]): [string, string][] {
  const given = params === null || params === undefined || typeof params === "string" ? {} : params;
  const entries: [string, unknown][] = Array.isArray(given) ? given : Object.entries(given);
  return entries.flatMap(([name, value]) =>
    Array.isArray(value)
      ? value.map((item): [string, string] => [name, String(item)])
      : [[name, String(value)] satisfies [string, string]],
  );
}

/** @param token an API token, or a login ticket and its CSRF token with a blank between */
export function requestOf(exchange: Exchange, token: string | undefined): Request {
  const url = new URL(`https://${exchange.via ?? "pve1"}:8006${exchange.path}`);
  const pairs = pairsOf(exchange.params);
  const inBody = exchange.method === "POST" || exchange.method === "PUT";
  const headers = credentials(token);
  if (!inBody) {
    for (const [name, value] of pairs) url.searchParams.append(name, value);
    return new Request(url.href, { method: exchange.method, headers });
  }
  if (exchange.encoding === "json") {
    return new Request(url.href, {
      method: exchange.method,
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(exchange.params),
    });
  }
  if (exchange.encoding === "multipart") return new Request(url.href, { method: "POST", headers, body: upload(pairs) });
  const body = new URLSearchParams(pairs).toString();
  return new Request(url.href, {
    method: exchange.method,
    headers: { ...headers, "content-type": "application/x-www-form-urlencoded" },
    body,
  });
}

/** A file stands in the recording as `<file up.iso 5000 bytes>`. */
function upload(pairs: readonly [string, string][]): FormData {
  const form = new FormData();
  for (const [name, value] of pairs) {
    const [, file, size] = /^<file (\S+) (\d+) bytes>$/.exec(value) ?? [];
    if (file === undefined) form.append(name, value);
    else form.append(name, new Blob([new Uint8Array(Number(size))]), file);
  }
  return form;
}

function credentials(token: string | undefined): Record<string, string> {
  if (token === undefined) return {};
  if (!token.startsWith("PVE:")) return { authorization: `PVEAPIToken=${token}` };
  const [ticket = "", csrf = ""] = token.split(" ");
  return { cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}`, csrfpreventiontoken: csrf };
}

export interface Answered {
  status: number;
  message: string;
  errors: Record<string, string>;
  modelled: boolean;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function readAnswer(status: number, body: unknown): Answered {
  const record = isRecord(body) ? body : {};
  const errors = isRecord(record.errors) ? record.errors : {};
  const message = typeof record.message === "string" ? record.message : "";
  return {
    status,
    message,
    errors: Object.fromEntries(Object.entries(errors).map(([name, text]) => [name, String(text)])),
    modelled: !message.includes("is not modelled by the embedded cluster"),
  };
}

export async function ask(simulator: Simulator, exchange: Exchange, token: string | undefined): Promise<Answered> {
  const response = await simulator.fetch(requestOf(exchange, token));
  const text = await response.text();
  let body: unknown = text;
  try {
    body = JSON.parse(text);
  } catch {}
  return readAnswer(response.status, body);
}
