// The soak: many calls at once through every fault of the embedded cluster, and afterwards the cluster's own count.
import { readdirSync, readlinkSync } from "node:fs";
import { createClient } from "../../src/pve/client.ts";
import { systemClock } from "../../src/pve/clock.ts";
import { createGuests } from "../../src/pve/guests.ts";
import { createTransport } from "../../src/pve/transport.ts";
import { seededRandom } from "../../src/simulator/engine/random.ts";
import type { Answer } from "../../src/toolkit/answer.ts";
import type { Caller, Cluster } from "../../src/toolkit/call.ts";
import { readCall, writeCall } from "./calls.ts";
import { openCluster } from "./other-side.ts";
import { compare, type Verdict, verdictOf } from "./verdicts.ts";

const options = process.argv.slice(2);
const unknown = options.filter((option) => !/^--(?:short|seed=\d+)$/.test(option));
if (unknown.length > 0) {
  process.stderr.write(`soak: ${unknown.join(" ")}: unknown; the options are --short and --seed=N.\n`);
  process.exit(2);
}
const short = options.includes("--short");
const seed = Number(options.find((option) => option.startsWith("--seed="))?.slice(7) ?? 1);
const calls = short ? 2_000 : 20_000;
/** So many calls fill what is filled once; what is in use after them mustn't grow. */
const first = short ? calls / 2 : 2_000;
const atOnce = 64;
/** After so long without an answer there is none, in milliseconds. */
const patience = 120_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const sockets = (): number => {
  const fds = readdirSync("/proc/self/fd");
  return fds.filter((fd) => linkOf(fd).startsWith("socket:")).length;
};
const linkOf = (fd: string): string => {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return "";
  }
};
/** Bytes that are in use once all that is not has gone. */
async function heap(): Promise<number> {
  for (let count = 0; count < 3; count++) {
    Bun.gc(true);
    await Bun.sleep(20);
  }
  return process.memoryUsage().heapUsed;
}

const other = await openCluster(seed);
const socketsBefore = sockets();
const transport = createTransport({ mode: "verify", fingerprint: other.fingerprint });
const client = createClient({
  fetch: transport,
  base: other.url,
  authorization: `PVEAPIToken=${other.token}`,
  random: seededRandom(seed).next,
  maxConcurrency: atOnce,
});
const policy = { elevated: true, readOnly: false, deny: [] };
const cluster: Cluster = { client, guests: createGuests(client, systemClock), clock: systemClock, policy };
const random = seededRandom(seed + 1);
const draw = (limit: number): number => random.between(0, limit - 1);

// Written over in place, so that what is remembered of a call takes no room that grows.
const said: Verdict[] = Array.from({ length: calls / 2 }, () => "none");
const readsSaid: Verdict[] = Array.from({ length: calls / 2 }, () => "none");
const bugs: string[] = [];

/** Stops a task that is still running, as a user would, so that it holds its guest no longer. */
async function letGo({ task }: Answer): Promise<void> {
  const node = task?.upid.split(":")[1];
  if (!task || !node) return;
  const endpoint = "DELETE /nodes/{node}/tasks/{upid}";
  await client.request({ endpoint, values: { node, upid: task.upid } }).catch(() => undefined);
}

async function one(index: number): Promise<void> {
  const controller = new AbortController();
  const impatient = draw(50) === 0 ? setTimeout(() => controller.abort(), draw(40)) : undefined;
  const caller: Caller = { signal: controller.signal };
  const number = Math.floor(index / 2);
  const isWrite = index % 2 === 0;
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), patience);
  try {
    const call = isWrite ? writeCall(number, draw, cluster, caller) : readCall(draw, cluster, caller);
    const answer = await Promise.race([call, late.promise]);
    if (answer) (isWrite ? said : readsSaid)[number] = verdictOf(answer);
    if (answer?.outcome === "running") await letGo(answer);
  } catch (error) {
    if (bugs.length < 5) bugs.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  clearTimeout(timer);
  clearTimeout(impatient);
}

async function run(from: number, to: number): Promise<void> {
  let next = from;
  const worker = async () => {
    while (next < to) await one(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

const begin = performance.now();
await run(0, first);
const heapBefore = await heap();
await run(first, calls);
const seconds = (performance.now() - begin) / 1000;
const heapAfter = await heap();
const effects = await other.effects();
// An idle connection is closed by itself after four seconds.
await Bun.sleep(5_500);
const left = sockets() - socketsBefore;
other.close();

const { twice, unanswered, contradicted } = compare(said, effects);
const silent = unanswered.length + readsSaid.filter((verdict) => verdict === "none").length;
const count = (list: readonly Verdict[], verdict: Verdict) => list.filter((one) => one === verdict).length;
const share = (part: number, whole: number) => `${((part / whole) * 100).toFixed(1)} %`;
const growth = heapAfter / heapBefore - 1;
const mebibytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(1);
for (const bug of bugs) say(bug);
for (const [name, list] of Object.entries({ twice, contradicted })) {
  for (const write of list.slice(0, 10))
    say(`${name}: write ${write}, said ${said[write]}, effects ${effects.get(write) ?? 0}`);
}
say(`${calls} calls, ${said.length} of them writes, ${atOnce} at once, seed ${seed}, in ${seconds.toFixed(1)} s`);
say(
  `writes: ${count(said, "success")} done, ${count(said, "failure")} refused or failed; reads: ${count(readsSaid, "success")} answered`,
);
say(`unknown fates: ${count(said, "unknown")} (${share(count(said, "unknown"), said.length)} of the writes)`);
say(`writes that took effect twice: ${twice.length}`);
say(`calls without an answer: ${silent}`);
say(`answers that the cluster contradicts: ${contradicted.length}`);
say(
  `heap: ${mebibytes(heapBefore)} MiB after ${first} calls, ${mebibytes(heapAfter)} MiB at the end (${(growth * 100).toFixed(1)} %)`,
);
say(`open sockets: ${Math.max(left, 0)}`);
const broken = twice.length + silent + contradicted.length + Math.max(left, 0) > 0 || growth > 0.1 || seconds > 300;
process.exit(broken ? 1 : 0);
