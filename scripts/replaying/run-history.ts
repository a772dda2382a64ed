// Runs the recorded history on the cluster that it began with, and judges the steps of the areas that count.
import { movableClock } from "../../src/simulator/engine/clock.ts";
import { createSimulator, type Simulator } from "../../src/simulator/simulator.ts";
import { isInArea } from "./areas.ts";
import { requestOf } from "./exchange.ts";
import { replayHistory, type Step } from "./history.ts";
import type { Judged } from "./judge.ts";

/** The first step after the cluster was made, and when that was. Milliseconds since 1970. */
const firstStep = 86;
const made = 1_795_527_960_000;

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
  const ticket = await login(simulator);
  const tokens = { root, ro: auditor, op: operator, sep: powerless, "ticket:root@pam": ticket };
  const steps = recorded.filter(({ n }) => n >= firstStep);
  const verdicts = await replayHistory(steps, { simulator, clock, tokens });
  const counted = verdicts.filter(
    ({ step, origin }) =>
      isInArea(step.template) && isInArea(origin.template) && step.stub?.startsWith("artifact") !== true,
  );
  const judged = counted.map(({ step, same, why }) => ({ exchange: step, n: step.n, same, why }));
  return { judged, simulator, tokens };
}

/** A ticket holds for two hours: long enough for the whole recording. */
async function login({ fetch }: Simulator): Promise<string> {
  const params = { username: "root@pam", password: "pve-root-pw" };
  const exchange = { method: "POST", path: "/api2/json/access/ticket", params, auth: null, status: 200, body: null };
  const answer: { data: Record<string, string> } = await (await fetch(requestOf(exchange, undefined))).json();
  return `${answer.data.ticket} ${answer.data.CSRFPreventionToken}`;
}
