// The demo's cluster behind the tools: calls as a client makes them, and ways to look at the state that no tool is part of.

import { structured, textOf } from "../../src/server/text.ts";
import { movableClock } from "../../src/simulator/engine/clock.ts";
import { createSimulator, type Simulator } from "../../src/simulator/simulator.ts";
import type { Answer } from "../../src/toolkit/answer.ts";
import { callTool } from "../../src/toolkit/call.ts";
import type { Policy } from "../../src/toolkit/gate.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { clusterAnswering, clusterOver, type Sent } from "../toolkit/stand-in.ts";

const noon = Date.UTC(2026, 10, 24, 12);

export interface Demo {
  readonly simulator: Simulator;
  /** Calls a tool by its name without `proxmox_`. */
  call(name: string, given?: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** Asks the embedded cluster itself; the data, or PVE's sentence. */
  ask(method: string, path: string, parameters?: Readonly<Record<string, string>>): Promise<unknown>;
  /** The same for what is an object. */
  record(path: string): Promise<Record<string, unknown>>;
  /** The requests that reached the wire, changes alone. */
  readonly changes: string[];
}

export interface Circumstances {
  readonly timed?: boolean;
  readonly token?: keyof Simulator["tokens"];
  readonly policy?: Policy;
  readonly release?: "8.4" | "9.1" | "9.2";
  /** Another cluster than the demo's, or one that was used before. */
  readonly simulator?: Simulator;
}

/** Tasks take no time; `timed`: they take theirs, and whoever waits moves the clock. */
export function demo({ timed = false, token, policy, release, simulator: given }: Circumstances = {}): Demo {
  const clock = movableClock(noon);
  const simulator =
    given ??
    createSimulator({
      seed: 1,
      ...(timed ? { clock } : { speed: Number.POSITIVE_INFINITY }),
      ...(release === undefined ? {} : { pve: release }),
    });
  const changes: string[] = [];
  const fetch = (request: Request) => {
    if (request.method !== "GET")
      changes.push(`${request.method} ${new URL(request.url).pathname.slice("/api2/json".length)}`);
    return simulator.fetch(request);
  };
  const cluster = clusterOver(fetch, policy, simulator.tokens[token ?? "root"]);
  const ask: Demo["ask"] = async (method, path, parameters = {}) => {
    const [query, body] =
      method === "GET" ? [`?${new URLSearchParams(parameters)}`, null] : ["", new URLSearchParams(parameters)];
    const headers = { authorization: `PVEAPIToken=${simulator.tokens.root}` };
    const answer = await simulator.fetch(
      new Request(`https://pve:8006/api2/json${path}${query}`, { method, headers, body }),
    );
    const said: Record<string, unknown> = JSON.parse(await answer.text());
    return answer.ok ? said.data : said.message;
  };
  return {
    simulator,
    changes,
    ask,
    call: (name, given = {}) => callTool(toolNamed(name), given, timed ? { ...cluster, clock } : cluster),
    record: async (path) => ({ ...((await ask("GET", path)) as object) }),
  };
}

/** The answer to one call over a PVE that says `bodies` (path or its end → data), as its reader gets it. */
export async function told(
  name: string,
  given: Readonly<Record<string, unknown>>,
  bodies: Readonly<Record<string, unknown>>,
): Promise<{ answer: Answer; text: string; data: Record<string, unknown> }> {
  const body = ({ path }: Sent) => Object.entries(bodies).find(([end]) => path.endsWith(end))?.[1];
  const answer = await callTool(toolNamed(name), given, clusterAnswering(body).cluster);
  return { answer, text: textOf(answer, noon), data: structured(answer) };
}

function toolNamed(name: string) {
  const tool = catalogue.find((one) => one.name === `proxmox_${name}`);
  if (!tool) throw new Error(`no tool proxmox_${name}`);
  return tool;
}
