// Owns the measuring of what a call costs over the request that it makes: the whole way of a tool's call, its text
// included, beside the bare request, both through the embedded cluster's fetch in this process.

import { createClient } from "../../src/pve/client.ts";
import { systemClock } from "../../src/pve/clock.ts";
import { createGuests } from "../../src/pve/guests.ts";
import { structured, textOf } from "../../src/server/text.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { callTool } from "../../src/toolkit/call.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { median } from "./statistics.ts";

/** A call, and the path that it asks. */
interface Subject {
  readonly tool: string;
  readonly given: Readonly<Record<string, unknown>>;
  readonly path: string;
}

const subjects: readonly Subject[] = [
  { tool: "proxmox_node", given: { action: "list" }, path: "/nodes" },
  { tool: "proxmox_node", given: { action: "status", node: "pve1" }, path: "/nodes/pve1/status" },
  { tool: "proxmox_guest_status", given: { vmid: "100" }, path: "/nodes/pve1/qemu/100/status/current" },
];

/** What a subject costs, in milliseconds: medians of the rounds. */
export interface Overhead {
  readonly name: string;
  readonly call: number;
  readonly direct: number;
  /** The median of the differences of pairs. */
  readonly over: number;
}

const base = "https://demo:8006";

export async function overheads(rounds: number): Promise<Overhead[]> {
  const simulator = createSimulator();
  const authorization = `PVEAPIToken=${simulator.tokens.root}`;
  const client = createClient({ fetch: (request) => simulator.fetch(request), base, authorization });
  const policy = { elevated: false, readOnly: false, deny: [] };
  const cluster = { client, guests: createGuests(client, systemClock), clock: systemClock, policy };

  const call = async ({ tool: name, given }: Subject): Promise<void> => {
    const tool = catalogue.find((one) => one.name === name);
    if (!tool) throw new Error(`${name} is no tool`);
    const answer = await callTool(tool, given, cluster);
    if (answer.outcome !== "ok") throw new Error(textOf(answer, Date.now()));
    JSON.stringify({ text: textOf(answer, Date.now()), structured: structured(answer) });
  };
  const direct = async ({ path }: Subject): Promise<void> => {
    const request = new Request(`${base}/api2/json${path}`, { headers: { authorization } });
    const response = await simulator.fetch(request);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${response.statusText}`);
    JSON.stringify(await response.json());
  };

  const results: Overhead[] = [];
  for (const subject of subjects) {
    const times: { call: number; direct: number }[] = [];
    for (let round = -rounds / 4; round < rounds; round++) {
      const pair = { call: await timed(() => call(subject)), direct: await timed(() => direct(subject)) };
      if (round >= 0) times.push(pair); // the rounds before warm the code up
    }
    results.push({
      name: `${subject.tool} ${Object.values(subject.given).join(" ")}`,
      call: median(times.map((pair) => pair.call)),
      direct: median(times.map((pair) => pair.direct)),
      over: median(times.map((pair) => pair.call - pair.direct)),
    });
  }
  return results;
}

async function timed(run: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await run();
  return performance.now() - began;
}
