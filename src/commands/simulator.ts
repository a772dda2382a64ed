// Owns the command `simulator`: the embedded cluster served over HTTPS until it is told to end.
import { fasterClock, realClock } from "../simulator/engine/clock.ts";
import { type Served, serveHttps } from "../simulator/https/server.ts";
import { createSimulator, type Simulator } from "../simulator/simulator.ts";
import type { Context } from "./command.ts";
import { commands, program } from "./commands.ts";
import { coverageText } from "./simulator-coverage.ts";
import { readSimulatorOptions, type SimulatorSettings } from "./simulator-options.ts";
import { welcome } from "./simulator-welcome.ts";
import { usageLine } from "./usage.ts";

/** PVE's own port. */
const usualPort = 8006;

type Given = Pick<Context, "options" | "stdout" | "stderr">;

export async function run({ options, stdout, stderr }: Given): Promise<number> {
  const settings = readSimulatorOptions(options);
  if ("problem" in settings) {
    const command = commands.find(({ name }) => name === "simulator");
    stderr.write(`${usageLine({ ...settings, ...(command === undefined ? {} : { command }) })}\n`);
    return 2;
  }
  if (options.coverage === true) {
    stdout.write(await coverageText(options.json === true));
    return 0;
  }
  const simulator = cluster(settings);
  const served = await serve(simulator, settings).catch((problem: unknown) => String(problem));
  if (typeof served === "string") {
    stderr.write(`${program} simulator: ${served.replace(/^Error: /, "")}\n`);
    return 1;
  }
  const { url, fingerprint } = served;
  const line = JSON.stringify({ url, fingerprint, tokens: simulator.tokens });
  stdout.write(options.json === true ? `${line}\n` : welcome({ url, fingerprint, simulator, settings }));
  await ended();
  await served.close();
  return 0;
}

function cluster({ offline, quorumLost, speed, ...settings }: SimulatorSettings): Simulator {
  const clock = speed === 1 ? realClock : fasterClock(realClock, speed);
  const simulator = createSimulator({ ...settings, clock });
  for (const name of offline) {
    const node = simulator.state.nodes[name];
    // it has been away for long: what it had told of its guests is forgotten
    if (node !== undefined) Object.assign(node, { online: false, lostSince: 0 });
  }
  if (quorumLost) simulator.state.quorumLost = true;
  return simulator;
}

/** On the port that was asked for; else on PVE's own, or on any free one when that is taken. */
async function serve(simulator: Simulator, { listen, port }: SimulatorSettings): Promise<Served> {
  const open = (at: number) => serveHttps((request) => simulator.fetch(request), { listen, port: at });
  if (port !== undefined) return open(port);
  return open(usualPort).catch(() => open(0));
}

/** Ctrl-C, or a service manager that ends it. */
function ended(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}
