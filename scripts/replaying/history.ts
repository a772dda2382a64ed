// Replays the recorded life of a cluster in its order: what the server chose is mapped, time moves as it did then.
import type { MovableClock } from "../../src/simulator/engine/clock.ts";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { type Exchange, readAnswer, requestOf } from "./exchange.ts";
import { outside } from "./outside.ts";

export interface Step extends Exchange {
  n: number;
  /** None where the path is no endpoint's. */
  template: string | null;
  ms: number;
  note?: string;
  stub?: string;
}

export interface Verdict {
  step: Step;
  /** The step that started the task which this one asks about; else itself. */
  origin: Step;
  same: boolean;
  why: string;
}

export interface Replayed {
  simulator: Pick<Simulator, "fetch" | "state">;
  clock: MovableClock;
  tokens: Record<string, string>;
  /** Brings about what had happened to the hosts before a step was sent. */
  arrange(step: Step): Promise<void>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const upid = /UPID:[\w.-]+:[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:[^:\s/]+:[^:\s/]*:[^:\s/]+:/g;
/** What the server makes up: UPIDs, digests, MAC addresses, UUIDs, names of archives. */
const chosen = [
  upid,
  /\b[0-9a-f]{40}\b/g,
  /\b(?:[0-9A-F]{2}:){5}[0-9A-F]{2}\b/gi,
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g,
  /vzdump-(?:qemu|lxc)-\d+-\d{4}_\d\d_\d\d-\d\d_\d\d_\d\d/g,
];

const unique = (found: RegExpMatchArray | null): string[] => [...new Set(found ?? [])];

/** Names of the recording → names of this run. */
class Names {
  private readonly known = new Map<string, string>();

  learn(recorded: unknown, got: unknown): void {
    if (typeof recorded === "string" && typeof got === "string") this.learnText(recorded, got);
    else if (Array.isArray(recorded) && Array.isArray(got)) this.learnLists(recorded, got);
    else if (isRecord(recorded) && isRecord(got)) {
      for (const [name, value] of Object.entries(recorded)) this.learn(value, got[name]);
    }
  }

  /** Lists come in any order: rows are paired by what names them. */
  private learnLists(recorded: unknown[], got: unknown[]): void {
    const lines = (list: unknown[]) =>
      list.flatMap((row) => (isRecord(row) && typeof row.t === "string" ? [row.t] : []));
    if (lines(recorded).length > 0) {
      this.learnText(lines(recorded).join("\n"), lines(got).join("\n"));
      return;
    }
    const keys = ["vmid", "volid", "name", "n", "id", "key", "iface"];
    for (const [index, row] of recorded.entries()) {
      const key = isRecord(row) ? keys.find((name) => row[name] !== undefined) : undefined;
      const same = (other: unknown) =>
        key !== undefined && isRecord(row) && isRecord(other) && this.text(String(row[key])) === String(other[key]);
      this.learn(row, key === undefined ? got[index] : got.find(same));
    }
  }

  private learnText(recorded: string, got: string): void {
    for (const pattern of chosen) {
      const [theirs, ours] = [unique(recorded.match(pattern)), unique(got.match(pattern))];
      if (theirs.length !== ours.length) continue;
      for (const [index, name] of theirs.entries()) {
        const other = ours[index];
        if (other !== undefined && !this.known.has(name)) this.known.set(name, other);
      }
    }
  }

  text(text: string): string {
    let mapped = text;
    for (const pattern of chosen) mapped = mapped.replaceAll(pattern, (name) => this.known.get(name) ?? name);
    return mapped;
  }

  value(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.value(item));
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.value(item)]));
  }
}

/** Numbers that no replay can foresee are left out of texts. */
function plain(text: string): string {
  return text
    .trim()
    .replaceAll(/conf\.tmp\.\d+/g, "conf.tmp.N")
    .replaceAll(/\bline \d+/g, "line N")
    .replaceAll(upid, "UPID")
    .replaceAll(/vzdump-(qemu|lxc)-(\d+)-[\d_-]+/g, "vzdump-$1-$2-TIME")
    .replaceAll(/\b[0-9a-f]{40}\b/g, "DIGEST");
}

const upidOf = (text: unknown): string | undefined =>
  typeof text === "string" ? (text.match(upid) ?? [])[0] : undefined;

/** Seconds since 1970 at which a task was started. */
const startOf = (text: string) => Number.parseInt(text.split(":")[4] ?? "0", 16);

/** When each step was sent: known where a task was started, evenly spread between. Milliseconds since 1970. */
function whenSent(steps: readonly Step[], start: number): number[] {
  const times: number[] = [];
  let known = start;
  let from = 0;
  for (const [index, step] of steps.entries()) {
    const forked = upidOf(dataOf(step.body));
    if (forked === undefined || step.method === "GET") continue;
    const at = Math.max(known, startOf(forked) * 1000);
    for (let i = from; i <= index; i++) times[i] = known + ((at - known) * (i - from + 1)) / (index - from + 1);
    known = at;
    from = index + 1;
  }
  for (let i = from; i < steps.length; i++) times[i] = known;
  return times;
}

/** How long a task is given to end, ms. */
const patience = 900_000;

/** Sends the steps in their order; @returns a verdict a step. */
export async function replayHistory(steps: readonly Step[], run: Replayed): Promise<Verdict[]> {
  const names = new Names();
  const origins = new Map<string, Step>();
  const verdicts: Verdict[] = [];
  const times = whenSent(steps, run.clock.now());
  const events = [...outside].sort(([a], [b]) => a - b);
  for (const [index, step] of steps.entries()) {
    for (let next = events[0]; next !== undefined && next[0] <= step.n; next = events[0]) {
      next[1](run.simulator.state);
      events.shift();
    }
    const forked = upidOf(dataOf(step.body));
    if (forked !== undefined) origins.set(forked, step);
    const late = (times[index] ?? 0) - run.clock.now();
    if (late > 0) run.clock.move(late);
    const asked = upidOf(decodeURIComponent(step.path));
    const origin = (asked === undefined ? undefined : origins.get(asked)) ?? step;
    await run.arrange(step);
    const got = await send(step, names, run);
    names.learn(step.body, got.body);
    verdicts.push({ step, origin, ...compare(step, got, names) });
    run.clock.move(step.ms);
  }
  return verdicts;
}

const isAbout = (step: Step, what: "status" | "log") => step.template?.endsWith(`/tasks/{upid}/${what}`) === true;

interface Got {
  status: number;
  body: unknown;
}

async function send(step: Step, names: Names, run: Replayed): Promise<Got> {
  const mapped = {
    ...step,
    path: names.text(step.path),
    params: mappedParams(step, names) ?? null,
  };
  const token = run.tokens[step.auth ?? ""];
  const wantsEnd =
    isAbout(step, "status") && isRecord(step.body) && isRecord(step.body.data)
      ? step.body.data.status === "stopped"
      : isAbout(step, "log");
  let got = await ask(requestOf(mapped, token), run);
  for (let waited = 0; wantsEnd && waited < patience && stillRuns(step, got); waited += 1000) {
    run.clock.move(1000);
    got = await ask(requestOf(mapped, token), run);
  }
  return got;
}

function mappedParams(step: Step, names: Names): Exchange["params"] {
  const { params } = step;
  if (params === undefined || params === null || typeof params === "string") return params;
  if (Array.isArray(params)) return params.map(([name, value]): [string, unknown] => [name, names.value(value)]);
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, names.value(value)]));
}

function stillRuns(step: Step, got: Got): boolean {
  const data = isRecord(got.body) ? got.body.data : undefined;
  if (isRecord(data)) return data.status === "running";
  const theirs = isRecord(step.body) ? JSON.stringify(step.body.data) : "";
  return Array.isArray(data) && theirs.includes("TASK ") && !JSON.stringify(data).includes("TASK ");
}

async function ask(request: Request, { simulator }: Replayed): Promise<Got> {
  const response = await simulator.fetch(request);
  const text = await response.text();
  try {
    return { status: response.status, body: JSON.parse(text) };
  } catch {
    return { status: response.status, body: text };
  }
}

/** Status, error text, whether a UPID came, the task's end. */
function compare(step: Step, got: Got, names: Names): { same: boolean; why: string } {
  const wanted = readAnswer(step.status, step.body);
  const answer = readAnswer(got.status, got.body);
  const differs = (what: string, theirs: unknown, ours: unknown) => ({
    same: false,
    why: `${what}: ${JSON.stringify(theirs)}, got ${JSON.stringify(ours)}`,
  });
  if (wanted.status !== answer.status)
    return differs(
      "status",
      `${wanted.status} ${wanted.message}`,
      `${answer.status} ${answer.message} ${JSON.stringify(answer.errors)}`,
    );
  const text = plain(names.text(wanted.message));
  if (text !== plain(answer.message)) return differs("text", text, plain(answer.message));
  const errors = (of: Record<string, string>) =>
    Object.entries(of)
      .map(([name, value]) => `${name}: ${plain(names.text(value)).split("\n").sort().join("|")}`)
      .sort()
      .join("; ");
  if (errors(wanted.errors) !== errors(answer.errors))
    return differs("errors", errors(wanted.errors), errors(answer.errors));
  const [theirs, ours] = [dataOf(step.body), dataOf(got.body)];
  if ((upidOf(theirs) === undefined) !== (upidOf(ours) === undefined) || (theirs === "OK") !== (ours === "OK"))
    return differs("UPID", theirs, ours);
  if (isAbout(step, "status") && isRecord(theirs) && theirs.exitstatus !== undefined) {
    const end = plain(names.text(String(theirs.exitstatus)));
    const ourEnd = plain(String(isRecord(ours) ? ours.exitstatus : undefined));
    if (end !== ourEnd) return differs("end", end, ourEnd);
  }
  return { same: true, why: "" };
}

const dataOf = (body: unknown): unknown => (isRecord(body) ? body.data : undefined);
