// Owns the way of a tool call: gate, arguments, guest, request, task, answer.
import type { PveAnswer, PveClient, RequestOptions, RequestTrace } from "../pve/client.ts";
import type { Clock } from "../pve/clock.ts";
import { PveError } from "../pve/errors.ts";
import type { Guest, Guests, GuestType } from "../pve/guests.ts";
import type { Rate } from "../pve/rate.ts";
import { isUpid } from "../pve/tasks.ts";
import type { WireValue } from "../schema/check.ts";
import { nearest } from "../schema/nearest.ts";
import { sentence } from "../schema/problem.ts";
import type { EndpointKey } from "../schema/registry.ts";
import { extraOf, shown } from "./afterwards.ts";
import type { Answer } from "./answer.ts";
import { argumentsOf, guestTypeAt } from "./arguments.ts";
import { withinBudget } from "./budget.ts";
import { failure } from "./failure.ts";
import { denialOf, type Policy } from "./gate.ts";
import { discreet, withoutSecrets } from "./hidden.ts";
import { mayMove, wherever } from "./moved.ts";
import { withNextId } from "./next-id.ts";
import type { Ground, Operation, Values } from "./operation.ts";
import { doneLine, taskAnswer } from "./present.ts";
import { Refusal } from "./refusal.ts";
import { type Settled, type Settling, settle } from "./settle.ts";
import type { Tool } from "./tool.ts";
import { waitedFor } from "./waiting.ts";

/** One cluster, as the tools use it. */
export interface Cluster {
  readonly client: PveClient;
  readonly guests: Guests;
  readonly clock: Clock;
  readonly policy: Policy;
  /** Lets a call through or throws; absent: as many as come. */
  readonly rate?: Rate;
}

/** The host's side of one call. */
export interface Caller {
  readonly signal?: AbortSignal;
  /** Told of each new line of a task's log, and how many there were. */
  readonly onProgress?: (line: string, count: number) => void;
  /** Told of each request that was sent to PVE for this call. */
  readonly onRequest?: (trace: RequestTrace) => void;
}

/** Calls a tool. Every failure is an answer; nothing is thrown but bugs. */
export async function callTool(tool: Tool, given: Values, cluster: Cluster, caller: Caller = {}): Promise<Answer> {
  const chosen = chooseOperation(tool, given);
  if ("problem" in chosen) return wrongArguments(tool.name, [chosen.problem]);
  const { label, operation, rest } = chosen;
  const denial = denialOf(operation.kind, cluster.policy);
  if (denial) return { outcome: "denied", summary: `${denial.reason} (${label})`, reason: [denial.remedy] };
  const answer = await answered(tool, label, operation, rest, cluster, discreet(caller, rest));
  return withoutSecrets(answer, rest);
}

async function answered(
  tool: Tool,
  label: string,
  operation: Operation,
  given: Values,
  cluster: Cluster,
  caller: Caller,
): Promise<Answer> {
  try {
    cluster.rate?.();
    return await run(tool, operation, given, cluster, caller);
  } catch (error) {
    if (error instanceof Refusal) return withinBudget(wrongArguments(label, error.problems));
    if (error instanceof PveError) return withinBudget(failure(label, error));
    throw error;
  }
}

function chooseOperation(tool: Tool, given: Values) {
  if (!tool.hasActions) {
    const operation = tool.operations.get("");
    if (!operation) throw new Error(`${tool.name} has no operation`);
    return { label: tool.name, operation, rest: given };
  }
  const { action, ...rest } = given;
  const names = [...tool.operations.keys()];
  const only = names.length === 1 ? names[0] : undefined;
  const name = action === undefined || action === null ? only : String(action);
  const operation = name === undefined ? undefined : tool.operations.get(name);
  if (operation) return { label: `${tool.name} ${name}`, operation, rest };
  const near = name === undefined ? undefined : nearest(name, names);
  const was = name === undefined ? "is missing" : `is ${JSON.stringify(name.slice(0, 60))}`;
  return { problem: `action ${was}: one of ${names.join(", ")}${near ? `; did you mean ${near}?` : ""}` };
}

function wrongArguments(label: string, problems: readonly string[]): Answer {
  const many = problems.length === 1 ? "an argument is wrong" : "some arguments are wrong";
  return { outcome: "error", summary: `${label}: ${many}, nothing was changed`, reason: problems, kind: "arguments" };
}

async function run(tool: Tool, operation: Operation, given: Values, cluster: Cluster, caller: Caller): Promise<Answer> {
  const settlings = await settle(operation, given);
  const passed = settlings.filter(isSettled);
  const [best] = [...settlings].filter(isRefused).sort((one, other) => one.problems.length - other.problems.length);
  if (passed.length === 0 && best) throw new Refusal(...best.problems);
  const begun = cluster.clock.now();
  const { settled, guest } = await aim(settlings, passed, cluster, caller);
  const options = optionsOf(caller);
  return wherever(guest, cluster.guests, options, async (at) => {
    const places = at ? { node: at.node, vmid: at.vmid } : await nodeOf(settled, cluster, caller);
    const ground = groundOf(settled, at, { ...settled.values, ...places }, cluster, caller);
    const { answer, sent } = await withNextId(cluster.guests.ids, ground.read, caller.signal, async (read) => {
      const values = await compose(operation, { ...ground, read });
      const answer = await cluster.client.request({ endpoint: settled.endpoint.key, values }, options);
      return { answer, sent: { ...ground, values: { ...ground.values, ...values } } };
    });
    const reported = await report(tool, operation, sent, answer, { settled, begun }, cluster, caller);
    return withNotes(reported, elsewhere(settled, at));
  });
}

const isSettled = (one: Settling) => "settled" in one;
const isRefused = (one: Settling) => "problems" in one;
const endpointOf = (one: Settling) => ("settled" in one ? one.settled.endpoint : one.endpoint);
const optionsOf = ({ signal, onRequest }: Caller): RequestOptions => ({
  ...(signal && { signal }),
  ...(onRequest && { onRequest }),
});

/** Finds the guest, and with it which of the endpoints is meant. */
async function aim(
  settlings: readonly Settling[],
  passed: readonly { settled: Settled }[],
  { guests }: Cluster,
  caller: Caller,
): Promise<{ settled: Settled; guest?: Guest }> {
  const [first] = passed;
  if (!first) throw new Error("no endpoint passed the check");
  const named = first.settled.guest;
  if (!named) return first;
  const [only, another] = settlings;
  const type = another || !only ? undefined : guestTypeAt(endpointOf(only));
  // a number is enough to find a guest, wherever it has moved since the caller last looked
  const node = /^\d+$/.test(named.ref) ? undefined : named.node;
  const hints = { ...(node ? { node } : {}), ...(type ? { type } : {}) };
  const guest = await guests.find(named.ref, hints, optionsOf(caller)).catch((error: unknown) => {
    return stated({ ...named, type }, guests, error);
  });
  const right = settlings.find((one) => guestTypeAt(endpointOf(one)) === guest.type);
  if (right && isRefused(right)) throw new Refusal(...right.problems);
  if (!right)
    throw new Refusal(
      `vmid ${named.ref} is ${guest.type === "lxc" ? "a container" : "a VM"}: this is for the other kind`,
    );
  return { settled: right.settled, guest };
}

/**
 * A guest that the list doesn't have, by the whole address that the call gives: a token sees only what it has VM.Audit
 * for, and PVE's own refusal says more than "there is none".
 */
async function stated(
  { ref, node, type }: { ref: string; node?: string; type: GuestType | undefined },
  guests: Guests,
  error: unknown,
): Promise<Guest> {
  const isUnseen = error instanceof PveError && error.kind === "missing" && /^\d+$/.test(ref);
  if (!isUnseen || node === undefined || type === undefined) throw error;
  const other = await guests.find(ref, {}).catch(() => undefined);
  if (other) throw error;
  return { vmid: Number(ref), node, type, status: "unknown", template: false };
}

/** Says so when the guest isn't on the node that the call named. */
function elsewhere({ guest: named }: Settled, guest: Guest | undefined): string[] {
  if (!guest || named?.node === undefined || named.node === guest.node) return [];
  return [`Guest ${guest.vmid} is on ${guest.node}, not on ${named.node}: the call went there.`];
}

const withNotes = (answer: Answer, notes: readonly string[]): Answer =>
  notes.length > 0 ? { ...answer, notes: [...notes, ...(answer.notes ?? [])] } : answer;

/** The node of an endpoint that needs one: as given, or the cluster's only one. */
async function nodeOf(settled: Settled, { guests }: Cluster, caller: Caller): Promise<Record<string, WireValue>> {
  if (!settled.endpoint.path.includes("{node}") || settled.values.node !== undefined) return {};
  const nodes = await guests.nodes(optionsOf(caller));
  const [only, another] = nodes;
  if (only !== undefined && another === undefined) return { node: only };
  throw new Refusal(`node is missing: one of ${nodes.join(", ")}`);
}

type Sent = Readonly<Record<string, WireValue>>;

function groundOf(
  settled: Settled,
  guest: Guest | undefined,
  values: Sent,
  { client }: Cluster,
  caller: Caller,
): Ground {
  return {
    endpoint: settled.endpoint,
    values,
    guest,
    read: (endpoint: EndpointKey, asked) => client.request({ endpoint, values: asked }, optionsOf(caller)),
  };
}

/** Makes PVE's parameters of the operation's own arguments, and checks what came of it as if it had been given. */
async function compose(operation: Operation, ground: Ground): Promise<Sent> {
  const own = new Set(Object.keys(operation.own ?? {}).map((name) => name.replace(/\?$/, "")));
  const kept = Object.fromEntries(Object.entries(ground.values).filter(([name]) => !own.has(name)));
  if (!operation.compose) return kept;
  const { checkArguments } = await import("../schema/check.ts");
  const { values, problems } = checkArguments(ground.endpoint, { ...kept, ...(await operation.compose(ground)) });
  if (problems.length > 0) throw new Refusal(...problems.map(sentence));
  return values;
}

async function report(
  tool: Tool,
  operation: Operation,
  ground: Ground,
  answer: PveAnswer,
  { settled, begun }: { settled: Settled; begun: number },
  cluster: Cluster,
  caller: Caller,
): Promise<Answer> {
  const narrowing = argumentsOf(operation, settled.endpoint)
    .filter(({ required, pve, parameter }) => !required && (pve === undefined || !parameter.inPath))
    .map(({ name }) => name);
  const forget = () => mayMove(settled.endpoint) && cluster.guests.forget();
  forget();
  if (!isUpid(answer.data)) return withinBudget(await shown(tool, operation, answer, ground), narrowing);
  const end = await waitedFor(answer.data, cluster, caller, { wait: settled.wait, begun, label: tool.name });
  forget();
  if ("outcome" in end) return end;
  const extra = end.state === "ok" || end.state === "warnings" ? await extraOf(operation, ground) : {};
  return withinBudget({ ...taskAnswer(tool.name, doneLine(tool, operation, ground), end), ...extra }, narrowing);
}
