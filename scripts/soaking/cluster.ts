// The soak's other side, a process of its own: the embedded cluster over HTTPS, with every fault that it has.
// Its first line on stdout tells how it is reached; `GET /soak` tells the effects and the faults that were met.
import { setInterval } from "node:timers";
import { realClock } from "../../src/simulator/engine/clock.ts";
import { Workers } from "../../src/simulator/engine/worker.ts";
import { withFaults } from "../../src/simulator/faults/faults.ts";
import { type FaultKind, type FaultRule, faultKinds } from "../../src/simulator/faults/rule.ts";
import { serveHttps } from "../../src/simulator/https/server.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";
import { createEffects } from "./effects.ts";

const [seed = 1] = process.argv.slice(2).map(Number);
/** How much quicker than a real cluster its tasks are. */
const speed = 100;

/** How often each kind of fault happens; what isn't named, in one of a hundred requests. */
const rates: Partial<Record<FaultKind, number>> = { "401": 0.004, "task-fails": 0.03, "task-warns": 0.03 };
const isOfTasks = (kind: FaultKind): boolean => kind.startsWith("task-");
const kinds = Object.keys(faultKinds).filter((kind): kind is FaultKind => kind in faultKinds);

function ruleOf(kind: FaultKind, index: number): FaultRule {
  const rate = rates[kind] ?? 0.01;
  return { kind, rate, seed: seed * 100 + index, ...(kind === "latency" && { ms: 30 }) };
}

const writes: readonly string[] = ["POST", "PUT"];
const rules = kinds.flatMap((kind, index): FaultRule[] => {
  const rule = ruleOf(kind, index);
  return kind === "lock-timeout" ? writes.map((method) => ({ ...rule, method })) : [rule];
});

const simulator = createSimulator({
  seed,
  speed,
  nodes: 3,
  guests: 200,
  faults: rules.filter(({ kind }) => isOfTasks(kind)),
});
const { counting, tidy, settle, effects } = createEffects(simulator);
const parts = { clock: realClock, workers: new Workers(() => Date.now(), speed) };
// The effects are counted between the faults of the network and the cluster itself.
const afflicted = withFaults(
  counting((request) => simulator.fetch(request)),
  rules.filter(({ kind }) => !isOfTasks(kind)),
  parts,
);
setInterval(tidy, 250);

const served = await serveHttps(async (request) => {
  if (new URL(request.url).pathname !== "/soak") return afflicted(request);
  // what is due by now is done before it is counted
  await simulator.fetch(new Request("https://pve/api2/json/version"));
  settle();
  return Response.json([...effects]);
});
const { url, fingerprint } = served;
process.stdout.write(`${JSON.stringify({ url, fingerprint, token: simulator.tokens.root })}\n`);
process.stdin.on("end", () => process.exit(0)).resume();
