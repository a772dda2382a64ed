// Owns the proof of one line: each of its calls on a cluster of its own, and what is read there afterwards.
import type { Operation } from "../../src/toolkit/operation.ts";
import type { Tool } from "../../src/toolkit/tool.ts";
import { type Call, callsOf, operationOf } from "./calls.ts";
import type { Case, Values } from "./case.ts";
import { openSession, type Session } from "./client.ts";
import { type Cluster, openCluster } from "./cluster.ts";
import { effectOf } from "./effect.ts";
import { judge, type Verdict } from "./judge.ts";
import { openNode } from "./ssh.ts";
import type { Line } from "./table.ts";
import { openWire, type Passed, type Wire } from "./wire.ts";

export interface Proof {
  readonly line: Line;
  readonly known: Case;
  /** The program has no such tool or action. */
  readonly missing: boolean;
  readonly verdicts: readonly Verdict[];
}

export interface Means {
  /** The path of the compiled binary. */
  readonly program: string;
  /** PROXMOX_UPLOAD_DIR */
  readonly folder: string;
  /** Called with every call's answer and requests. */
  readonly tell?: (line: Line, call: Call, text: string, passed: readonly Passed[]) => void;
}

export async function prove(line: Line, known: Case, tool: Tool | undefined, means: Means): Promise<Proof> {
  const operation = tool && operationOf(tool, line);
  if (!operation) return { line, known, missing: true, verdicts: [] };
  const rounds = [["", known] as const, ...Object.entries(known.further ?? {})];
  const verdicts: Verdict[] = [];
  for (const [where, about] of rounds) {
    const round = await proveRound(line, about, operation, means).catch((error: unknown) => [failed("every", error)]);
    verdicts.push(...round.map((verdict) => ({ ...verdict, call: `${verdict.call} ${where}`.trim() })));
  }
  return { line, known, missing: false, verdicts };
}

async function proveRound(line: Line, known: Case, operation: Operation, means: Means): Promise<Verdict[]> {
  const calls = callsOf(line, known, operation);
  await using wire = await openWire();
  using node = known.ssh ? await openNode() : undefined;
  const parts: { session?: Session } = {};
  const verdicts: Verdict[] = [];
  try {
    for (const call of calls) {
      await using cluster = await openCluster(means.program, known.start ?? []);
      wire.turn(cluster);
      const { url, fingerprint } = wire;
      parts.session ??= await openSession(means.program, {
        url,
        fingerprint,
        token: cluster.token,
        folder: means.folder,
        ...(node && { settings: node.settings }),
      });
      verdicts.push(await proveCall(line, known, call, { cluster, wire, session: parts.session }, means));
    }
  } finally {
    await parts.session?.[Symbol.asyncDispose]();
  }
  return verdicts;
}

interface Sides {
  readonly cluster: Cluster;
  readonly wire: Wire;
  readonly session: Session;
}

async function proveCall(
  line: Line,
  known: Case,
  call: Call,
  { cluster, wire, session }: Sides,
  means: Means,
): Promise<Verdict> {
  try {
    for (const step of known.before ?? []) await cluster.ask(filled(step, call.given));
    const given = await readIn(call.given, cluster);
    const said = await session.call(line.tool, given);
    means.tell?.(line, { ...call, given }, said.text, wire.passed);
    const verdict = judge(line, known, call, said, wire.passed);
    const effects = said.isError || call.refuses || call.isBare ? [] : effectsOf(known, call.name);
    const lacks = await Promise.all(effects.map((effect) => effectOf(cluster, filled(effect, given))));
    return { ...verdict, without: lacks.filter((lack) => lack !== undefined) };
  } catch (error) {
    return failed(call.name, error);
  }
}

const failed = (call: string, error: unknown): Verdict => ({
  call,
  unreached: [],
  refused: [],
  faults: [String(error)],
  without: [],
});

/** The effects of a line hold for what is required and for everything; a call that stands apart has its own. */
function effectsOf({ effect = [], effects = {} }: Case, call: string): readonly string[] {
  const usual = call === "required" || call === "every" ? effect : [];
  return [...usual, ...(effects[call] ?? [])];
}

const filled = (step: string, values: Values): string =>
  step.replace(/\{(\w+)\}/g, (all, name: string) =>
    values[name] === undefined ? all : encodeURIComponent(String(values[name])),
  );

/** `@GET /path name`: a value that is read from the cluster. */
async function readIn(values: Values, cluster: Cluster): Promise<Values> {
  const read = async (value: unknown): Promise<unknown> => {
    const [, request, name = ""] = typeof value === "string" ? (/^@((?:GET|POST) .+) (\S+)$/.exec(value) ?? []) : [];
    if (!request) return value;
    const data = await cluster.ask(filled(request, values));
    const record: unknown = Array.isArray(data) ? data[0] : data;
    return name === "value" ? data : Reflect.get(Object(record), name);
  };
  const entries = Object.entries(values).map(async ([name, value]) => [name, await read(value)] as const);
  return Object.fromEntries(await Promise.all(entries));
}
