// Owns the embedded cluster that a call goes to: the compiled binary's own, started for it, and asked plainly.
import { createTransport } from "../../src/pve/transport.ts";

/** A cluster of the binary's, as long as it is kept. */
export interface Cluster extends AsyncDisposable {
  readonly url: string;
  readonly fingerprint: string;
  readonly token: string;
  /**
   * Sends `METHOD /path name=value …` (values percent-encoded) and waits for the task, if one was started; after `root ` as
   * root@pam with its password, for what no token may. Throws on a refusal.
   */
  ask(step: string): Promise<unknown>;
}

/** How much quicker than a real cluster its tasks are. */
const speed = 50;
const patience = 20_000;

export async function openCluster(program: string, options: readonly string[]): Promise<Cluster> {
  const given = ["simulator", "--json", "--port", "0", "--seed", "1", "--speed", String(speed), ...options];
  const child = Bun.spawn([program, ...given], { stdin: "ignore", stdout: "pipe", stderr: "inherit", env: {} });
  const { url, fingerprint, tokens } = await firstLine(child.stdout);
  const transport = createTransport({ mode: "verify", fingerprint });
  const byToken = { authorization: `PVEAPIToken=${tokens.root}` };
  const send = async (
    method: string,
    path: string,
    parameters = new URLSearchParams(),
    headers: Readonly<Record<string, string>> = byToken,
  ): Promise<unknown> => {
    const query = parameters.size > 0 && (method === "GET" || method === "DELETE") ? `?${parameters}` : "";
    const body = method === "GET" || method === "DELETE" ? undefined : String(parameters);
    const form = { ...headers, "content-type": "application/x-www-form-urlencoded" };
    const at = `${url}/api2/json${path}${query}`;
    const response = await transport(new Request(at, { method, ...(body ? { body, headers: form } : { headers }) }));
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${response.statusText} ${text}`.trim());
    return dataIn(text);
  };
  return {
    url,
    fingerprint,
    token: tokens.root,
    async ask(step) {
      const { method, path, parameters } = requestOf(step.replace(/^root /, ""));
      const data = await send(method, path, parameters, step.startsWith("root ") ? await byPassword(send) : byToken);
      if (typeof data !== "string" || !data.startsWith("UPID:")) return data;
      await ended(data, (at) => send("GET", at));
      return data;
    },
    async [Symbol.asyncDispose]() {
      transport.close();
      child.kill();
      await child.exited;
    },
  };
}

/** The embedded cluster's own password of root@pam; `simulator` prints it. */
const login = new URLSearchParams({ username: "root@pam", password: "proxmox" });

async function byPassword(
  send: (
    method: string,
    path: string,
    parameters: URLSearchParams,
    headers: Record<string, string>,
  ) => Promise<unknown>,
): Promise<Record<string, string>> {
  const ticket = Object(await send("POST", "/access/ticket", login, {}));
  const cookie = `PVEAuthCookie=${encodeURIComponent(String(Reflect.get(ticket, "ticket")))}`;
  return { cookie, CSRFPreventionToken: String(Reflect.get(ticket, "CSRFPreventionToken")) };
}

/** `POST /pools poolid=p1 comment=two%20words` as a request. */
export function requestOf(step: string): { method: string; path: string; parameters: URLSearchParams } {
  const [method = "", path = "", ...pairs] = step.split(" ");
  const parameters = new URLSearchParams();
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    parameters.append(pair.slice(0, at), decodeURIComponent(pair.slice(at + 1)));
  }
  return { method, path, parameters };
}

async function ended(upid: string, read: (path: string) => Promise<unknown>): Promise<void> {
  const node = upid.split(":")[1];
  const begun = Date.now();
  while (Date.now() - begun < patience) {
    const state = await read(`/nodes/${node}/tasks/${encodeURIComponent(upid)}/status`);
    if (typeof state === "object" && state !== null && "exitstatus" in state) {
      if (/^(OK|WARNINGS)/.test(String(state.exitstatus))) return;
      throw new Error(`${upid} ended with ${state.exitstatus}`);
    }
    await Bun.sleep(20);
  }
  throw new Error(`${upid} didn't end`);
}

function dataIn(text: string): unknown {
  const body: unknown = text === "" ? {} : JSON.parse(text);
  return typeof body === "object" && body !== null && "data" in body ? body.data : undefined;
}

async function firstLine(
  stdout: ReadableStream<Uint8Array>,
): Promise<{ url: string; fingerprint: string; tokens: { root: string } }> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of stdout) {
    text += decoder.decode(part, { stream: true });
    if (text.includes("\n")) return JSON.parse(text.slice(0, text.indexOf("\n")));
  }
  throw new Error("the embedded cluster ended before it began");
}
