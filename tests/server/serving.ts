// What a session serves, over the embedded cluster or a stand-in for PVE: for tests of what is made of tool calls.

import type { Served } from "../../src/server/mcp-server.ts";
import { createSimulator, type Simulator } from "../../src/simulator/simulator.ts";
import type { Answer } from "../../src/toolkit/answer.ts";
import { type Cluster, callTool } from "../../src/toolkit/call.ts";
import { catalogue } from "../../src/tools/catalogue.ts";
import { listings } from "../../src/tools/listing.gen.ts";
import { clusterAnswering, clusterOver, everything, type Sent, sentOf } from "../toolkit/stand-in.ts";

export interface Session extends Pick<Served, "listing" | "call" | "mode"> {
  /** The tools that were called, in order. */
  readonly called: string[];
  /** Calls a tool by its name without `proxmox_`. */
  tell(name: string, given?: Readonly<Record<string, unknown>>): Promise<Answer | undefined>;
}

export interface Circumstances {
  readonly token?: keyof Simulator["tokens"];
  /** Tools that the settings leave out, without `proxmox_`. */
  readonly without?: readonly string[];
  readonly readOnly?: boolean;
}

/** Over an embedded cluster of its own, where tasks take no time. */
export function session({ token = "root", ...circumstances }: Circumstances = {}): Session {
  const simulator = createSimulator({ seed: 1, speed: Number.POSITIVE_INFINITY });
  const policy = { ...everything, readOnly: circumstances.readOnly ?? false };
  return sessionOver(
    clusterOver((request) => simulator.fetch(request), policy, simulator.tokens[token]),
    circumstances,
  );
}

/** Over a PVE that gives `answer` by method and path. */
export const sessionAnswering = (answer: (sent: Sent) => unknown): Session =>
  sessionOver(clusterAnswering(answer).cluster, {});

/** The same, with a token that PVE refuses some paths (403): path → its sentence. */
export const sessionRefused = (refused: Readonly<Record<string, string>>, answer: (sent: Sent) => unknown): Session => {
  const cluster = clusterOver(async (request) => {
    const sent = await sentOf(request);
    const statusText = refused[sent.path];
    if (statusText !== undefined) return Response.json({ data: null }, { status: 403, statusText });
    return Response.json({ data: answer(sent) });
  });
  return sessionOver(cluster, {});
};

function sessionOver(cluster: Cluster, { without = [], readOnly = false }: Circumstances): Session {
  const isEnabled = (name: string) => !without.includes(name.slice("proxmox_".length));
  const called: string[] = [];
  const call: Served["call"] = async (name, given, caller) => {
    called.push(name);
    const tool = catalogue.find((one) => one.name === name);
    if (!tool) return undefined;
    if (!isEnabled(name)) return { outcome: "denied", summary: `this server runs without ${name}` };
    return callTool(tool, given, cluster, caller);
  };
  return {
    called,
    call,
    listing: (readOnly ? listings.readOnly : listings.full).filter(({ name }) => isEnabled(name)),
    mode: { demo: true, narrowed: without.length > 0, readOnly, elevated: true },
    tell: (name, given = {}) => call(`proxmox_${name}`, given, {}),
  };
}
