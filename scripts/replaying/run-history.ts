// Runs the recorded history on the cluster that it began with, and judges the steps of the areas that count.
import { movableClock } from "../../src/simulator/engine/clock.ts";
import { createSimulator, type Simulator } from "../../src/simulator/simulator.ts";
import { requestOf } from "./exchange.ts";
import { replayHistory, type Step } from "./history.ts";
import type { Judged } from "./judge.ts";

/** The first step after the cluster was made, and when that was. Milliseconds since 1970. */
const firstStep = 86;
const made = 1_795_527_960_000;

/** How the recording names a login ticket of root@pam. */
const ticketOf = "ticket:root@pam";

export interface HistoryRun {
  judged: (Judged & { n: number })[];
  /** The cluster as it is afterwards, and who may ask it. */
  simulator: Simulator;
  tokens: Record<string, string>;
}

export async function runHistory(recorded: readonly Step[]): Promise<HistoryRun> {
  const clock = movableClock(made);
  const simulator = createSimulator({ start: "recorded", clock, seed: 1 });
  const { root, auditor, operator, powerless } = simulator.tokens;
  const tokens: Record<string, string> = { root, ro: auditor, op: operator, sep: powerless };
  const steps = recorded.filter(({ n }) => n >= firstStep);
  const verdicts = await replayHistory(steps, {
    simulator,
    clock,
    tokens,
    arrange: async ({ auth, note = "" }) => {
      cutOff(simulator.state, note);
      if (auth === ticketOf) tokens[auth] = await login(simulator);
    },
  });
  const counted = verdicts.filter(
    ({ step, origin }) =>
      step.template !== null && origin.template !== null && step.stub?.startsWith("artifact") !== true,
  );
  const judged = counted.map(({ step, same, why }) => ({ exchange: step, n: step.n, same, why }));
  return { judged, simulator, tokens };
}

/** The notes of the recording tell when pve3 was cut off, off, or its proxy stopped; what has no note went as usual. */
function cutOff(state: Simulator["state"], note: string): void {
  const node = state.nodes.pve3;
  if (node === undefined) return;
  state.quorumLost = note.includes("no quorum there");
  node.online = state.quorumLost || !/pve3 (?:cut off|is off)|target node cut off/.test(note);
  if (/pveproxy on pve3 stopped/.test(note)) node.silent = "proxy";
  else delete node.silent;
}

async function login({ fetch }: Simulator): Promise<string> {
  const params = { username: "root@pam", password: "pve-root-pw" };
  const exchange = { method: "POST", path: "/api2/json/access/ticket", params, auth: null, status: 200, body: null };
  const body: unknown = await (await fetch(requestOf(exchange, undefined))).json();
  const data = isRecord(body) && isRecord(body.data) ? body.data : {};
  return `${data.ticket} ${data.CSRFPreventionToken}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
