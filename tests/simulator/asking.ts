// A simulator on a clock that stands still, and short ways to ask it.
import { movableClock } from "../../src/simulator/engine/clock.ts";
import { createSimulator, type Simulator, type SimulatorOptions } from "../../src/simulator/simulator.ts";

export interface Answer {
  status: number;
  reason: string;
  text: string;
  data: unknown;
  message: string;
  errors: Record<string, unknown>;
  total?: unknown;
}

export interface Side {
  simulator: Simulator;
  /** Moves the clock, ms. */
  pass(ms: number): void;
  ask(method: string, path: string, params?: Record<string, string>, token?: string): Promise<Answer>;
  /** Sends a write, lets its task end, and gives the task's exit status. */
  run(method: string, path: string, params?: Record<string, string>, token?: string): Promise<string>;
  send(request: Request): Promise<Answer>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

export function rows(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const body = text.startsWith("{") ? record(JSON.parse(text)) : {};
  return {
    status: response.status,
    reason: response.statusText,
    text,
    data: body.data,
    message: String(body.message ?? ""),
    errors: record(body.errors),
    ...(body.total === undefined ? {} : { total: body.total }),
  };
}

/** Noon of a day in November 2026, seed 7. */
export function side(options: SimulatorOptions = {}): Side {
  const clock = movableClock(Date.UTC(2026, 10, 24, 12));
  const simulator = createSimulator({ clock, seed: 7, ...options });
  const send = async (request: Request) => read(await simulator.fetch(request));
  const ask: Side["ask"] = (method, path, params = {}, token = simulator.tokens.root) => {
    const pairs = new URLSearchParams(params);
    const inBody = method === "POST" || method === "PUT";
    const query = inBody || pairs.size === 0 ? "" : `?${pairs}`;
    const headers: Record<string, string> = { authorization: `PVEAPIToken=${token}` };
    if (inBody) headers["content-type"] = "application/x-www-form-urlencoded";
    const url = `https://demo:8006/api2/json${path}${query}`;
    return send(new Request(url, { method, headers, ...(inBody ? { body: pairs.toString() } : {}) }));
  };
  const run: Side["run"] = async (method, path, params, token) => {
    const { data, message } = await ask(method, path, params, token);
    if (typeof data !== "string") return `refused: ${message}`;
    clock.move(60_000);
    const node = data.split(":")[1] ?? "";
    const status = await ask("GET", `/nodes/${node}/tasks/${data}/status`);
    return String(record(status.data).exitstatus);
  };
  return { simulator, pass: clock.move, ask, run, send };
}
