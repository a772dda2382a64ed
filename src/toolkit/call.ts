// Owns the way of a tool call: gate, arguments, guest, request, task, answer.
import type { PveAnswer, PveClient, RequestTrace } from "../pve/client.ts";
import type { Clock } from "../pve/clock.ts";
import { PveError } from "../pve/errors.ts";
import type { Guests } from "../pve/guests.ts";
import type { Rate } from "../pve/rate.ts";
import { isUpid } from "../pve/tasks.ts";
import type { WireValue } from "../schema/check.ts";
import { nearest } from "../schema/nearest.ts";
import { sentence } from "../schema/problem.ts";
import { parameterOf } from "../schema/registry.ts";
import { extraOf, shown } from "./afterwards.ts";
import { aim, elsewhere, nodeOf } from "./aim.ts";
import { type Answer, isError } from "./answer.ts";
import { argumentsOf, ownNames } from "./arguments.ts";
import { withinBudget } from "./budget.ts";
import { failure } from "./failure.ts";
import { type Footing, optionsOf } from "./footing.ts";
import { type Denial, Denied, denialOf, type Halted, type Policy, refuseHalted } from "./gate.ts";
import { actingOn, type Ground, groundOf } from "./ground.ts";
import { createTaken, HalfDone, halfDone } from "./half-done.ts";
import { discreet, withoutSecrets } from "./hidden.ts";
import { mayMove, wherever } from "./moved.ts";
import { withNextId } from "./next-id.ts";
import type { Operation, Perform, Values } from "./operation.ts";
import { doneLine, taskAnswer } from "./present.ts";
import { Refusal } from "./refusal.ts";
import { digestFor, replacement, standing } from "./replaced.ts";
import { type Settling, settle } from "./settle.ts";
import type { ContainerShell } from "./shell.ts";
import type { Tool } from "./tool.ts";
import type { UploadFolder } from "./upload-folder.ts";
import { waitedFor } from "./waiting.ts";

type Wire = Readonly<Record<string, WireValue>>;

/** One cluster, as the tools use it. */
export interface Cluster {
  readonly client: PveClient;
  readonly guests: Guests;
  readonly clock: Clock;
  readonly policy: Policy;
  /** Lets a call through or throws; absent: as many as come. */
  readonly rate?: Rate;
  /** Looks for the operator's stop file; absent where none is set. */
  readonly halted?: Halted;
  /** Commands in containers; absent where SSH isn't enabled. */
  readonly shell?: ContainerShell;
  /** PROXMOX_ALLOW_UNSAFE_COMMANDS */
  readonly unsafeCommands?: boolean;
  /** The folder of files to upload and to restore to; absent where none is set. */
  readonly folder?: UploadFolder;
}

/** The host's side of one call. */
export interface Caller {
  readonly signal?: AbortSignal;
  /** Characters that the data of the answer may take; the usual budget when absent. */
  readonly budget?: number;
  /** Told of each new line of a task's log, and how many there were. */
  readonly onProgress?: (line: string, count: number) => void;
  /** Told of a command that is about to run in a guest. */
  readonly onCommand?: (words: readonly string[]) => void;
  /** Told of each request that was sent to PVE for this call. */
  readonly onRequest?: (trace: RequestTrace) => void;
}

/** Calls a tool. Every failure is an answer; nothing is thrown but bugs. */
export async function callTool(tool: Tool, given: Values, cluster: Cluster, caller: Caller = {}): Promise<Answer> {
  const chosen = chooseOperation(tool, given);
  if ("problem" in chosen) return wrongArguments(tool.name, [chosen.problem]);
  const { label, operation, rest } = chosen;
  const denial = denialOf(operation.kind, cluster.policy);
  if (denial) return denied(label, denial);
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
    await refuseHalted(operation.kind, cluster.halted);
    return withinBudget(await run(tool, operation, given, cluster, caller), [], caller.budget);
  } catch (error) {
    if (error instanceof HalfDone) return withinBudget(halfDone(label, error, told(label, error.cause)));
    return withinBudget(told(label, error));
  }
}

/** The answer to an error. Throws what is none of ours. */
function told(label: string, error: unknown): Answer {
  if (error instanceof Refusal) return wrongArguments(label, error.problems);
  if (error instanceof PveError) return failure(label, error);
  if (error instanceof Denied) return denied(label, error.denial);
  throw error;
}

const denied = (label: string, { reason, remedy }: Denial): Answer => ({
  outcome: "denied",
  summary: `${reason} (${label})`,
  reason: [remedy],
});

function chooseOperation(tool: Tool, given: Values) {
  if (!tool.hasActions) {
    const operation = tool.operations.get("");
    if (!operation) throw new Error(`${tool.name} has no operation`);
    return { label: tool.name, operation, rest: given };
  }
  const { action: plain, [tool.chooser]: chosen = plain, ...rest } = given;
  const isTwice = tool.chooser !== "action" && isGiven(plain) && plain !== chosen;
  if (isTwice) return { problem: `action and ${tool.chooser} mean the same here: give ${tool.chooser} alone` };
  const names = [...tool.operations.keys()];
  const only = names.length === 1 ? names[0] : undefined;
  const name = isGiven(chosen) ? String(chosen) : only;
  const operation = name === undefined ? undefined : tool.operations.get(name);
  if (operation) return { label: `${tool.name} ${name}`, operation, rest };
  const near = name === undefined ? undefined : nearest(name, names);
  const was = name === undefined ? "is missing" : `is ${JSON.stringify(name.slice(0, 60))}`;
  return { problem: `${tool.chooser} ${was}: one of ${names.join(", ")}${near ? `; did you mean ${near}?` : ""}` };
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

function wrongArguments(label: string, problems: readonly string[]): Answer {
  const many = problems.length === 1 ? "an argument is wrong" : "some arguments are wrong";
  return { outcome: "error", summary: `${label}: ${many}, nothing was changed`, reason: problems, kind: "arguments" };
}

async function run(tool: Tool, operation: Operation, given: Values, cluster: Cluster, caller: Caller): Promise<Answer> {
  const settlings = await settle(operation, given);
  const begun = cluster.clock.now();
  if (operation.kind === "destroy" && settlings.some(namesGuest)) cluster.guests.forget();
  const { settled, guest } = await aim(settlings, cluster, caller);
  return wherever(guest, cluster.guests, optionsOf(caller), async (at) => {
    const { endpoint, wait } = settled;
    const footing: Footing = { operation, endpoint, guest: at, cluster, caller, begun, wait };
    const places = at ? { node: at.node, vmid: at.vmid } : await nodeOf(operation, settled, cluster, caller);
    const ground = await resolved(operation, groundOf(footing, { ...settled.values, ...places }));
    const before = await standing(operation, ground);
    const { answer, sent } = await carriedOut(footing, { ...ground, before: before?.row });
    const reported = await report(tool, sent, answer, footing);
    const isOver = !isError(reported) && reported.outcome !== "running";
    const changed = before && isOver ? await replacement(operation, sent, before) : {};
    return withNotes({ ...reported, ...changed }, [...elsewhere(settled, at), ...(reported.notes ?? [])], changed);
  });
}

/** By its name, which may be another guest's by now: what can't be undone isn't sent by a list that is seconds old. */
const namesGuest = (one: Settling) => "settled" in one && /\D/.test(one.settled.guest?.ref ?? "");

/** The ground with the arguments that the operation understands better than they were given. */
async function resolved(operation: Operation, ground: Ground): Promise<Ground> {
  const values = operation.resolve ? { ...ground.values, ...(await operation.resolve(ground)) } : ground.values;
  return { ...ground, values };
}

/** Sends what the operation sends, and tells with what values. */
async function carriedOut(footing: Footing, ground: Ground): Promise<{ answer: PveAnswer; sent: Ground }> {
  const { operation, endpoint, cluster, caller } = footing;
  return withNextId(cluster.guests.ids, ground.read, caller.signal, async (read) => {
    const values = await compose(operation, { ...ground, read });
    await refuseHalted(endpoint.key, cluster.halted);
    const answer = operation.perform
      ? await performed(operation.perform, { ...ground, read }, footing, values)
      : await cluster.client.request({ endpoint: endpoint.key, values }, optionsOf(caller));
    return { answer, sent: { ...ground, values: { ...ground.values, ...values } } };
  });
}

/** Carries out what is more than one request. Throws HalfDone where PVE took something before the error. */
async function performed(perform: Perform, ground: Ground, footing: Footing, values: Wire): Promise<PveAnswer> {
  const taken = createTaken();
  try {
    return await perform(actingOn(ground, footing, taken), values);
  } catch (error) {
    throw taken.before(error);
  }
}

const withNotes = (answer: Answer, notes: readonly string[], { notes: more = [] }: Partial<Answer>): Answer => {
  const all = [...new Set([...notes, ...more])];
  return all.length > 0 ? { ...answer, notes: all } : answer;
};

/** Makes PVE's parameters of the operation's own arguments, and checks what came of it as if it had been given. */
async function compose(operation: Operation, ground: Ground): Promise<Readonly<Record<string, WireValue>>> {
  const own = ownNames(operation);
  const isKept = (name: string) => !own.has(name) && (name !== "vmid" || parameterOf(ground.endpoint, name));
  const kept = Object.fromEntries(Object.entries(ground.values).filter(([name]) => isKept(name)));
  if (!operation.compose) return { ...kept, ...digestFor(ground, ground.before) };
  const { checkArguments } = await import("../schema/check.ts");
  const made = { ...kept, ...digestFor(ground, ground.before), ...(await operation.compose(ground)) };
  const { values, problems } = checkArguments(ground.endpoint, made);
  if (problems.length > 0) throw new Refusal(...problems.map(sentence));
  return values;
}

async function report(tool: Tool, ground: Ground, answer: PveAnswer, footing: Footing): Promise<Answer> {
  const { operation, endpoint, cluster } = footing;
  const { budget } = footing.caller;
  const narrowing = argumentsOf(operation, endpoint)
    .filter(({ required, pve, parameter }) => !required && (pve === undefined || !parameter.inPath))
    .map(({ name }) => name);
  const forget = () => {
    if (mayMove(endpoint)) cluster.guests.forget();
    else if (endpoint.method !== "GET" && footing.guest) cluster.guests.changed(footing.guest.vmid);
  };
  forget();
  if (!isUpid(answer.data)) {
    return withinBudget(await shown(tool, operation, answer, ground), narrowing, budget);
  }
  const end = await waitedFor(answer.data, footing, tool.name);
  forget();
  if ("outcome" in end) return end;
  const extra =
    end.state === "ok" || end.state === "warnings" ? await extraOf(operation, { ...ground, task: end }) : {};
  const { units } = operation;
  const ended = { ...taskAnswer(tool.name, doneLine(tool, operation, ground), end, ground), ...(units && { units }) };
  return withinBudget({ ...ended, ...extra }, narrowing, budget);
}
