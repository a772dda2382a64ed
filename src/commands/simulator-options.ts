// Owns what the options of the command `simulator` mean: numbers and their limits, choices, rules of faults.
import type { Version } from "../schema/registry.ts";
import { type FaultRule, parseFault } from "../simulator/faults/rule.ts";
import type { Context } from "./command.ts";

export interface SimulatorSettings {
  listen: string;
  /** The usual one, or any free one when that is taken, unless told. */
  port?: number;
  pve: Version;
  start: "demo" | "recorded";
  nodes?: number;
  guests?: number;
  speed: number;
  seed?: number;
  /** Names of nodes that are off. */
  offline: readonly string[];
  quorumLost: boolean;
  /** Ceph is set up and at work. */
  ceph: boolean;
  faults: readonly FaultRule[];
}

/** How many of each a cluster may have. */
export const limits = { nodes: 100, guests: 10_000, speed: 100_000 } as const;

type Options = Context["options"];

/** Reads the options, or says what is wrong with the first that is. */
export function readSimulatorOptions(options: Options): SimulatorSettings | { problem: string } {
  try {
    return settingsOf(options);
  } catch (problem) {
    if (problem instanceof Mistake) return { problem: problem.message };
    throw problem;
  }
}

class Mistake extends Error {}

function settingsOf(options: Options): SimulatorSettings {
  const start = choice(options, "start", ["demo", "recorded"], "demo");
  const port = whole(options, "port", 0, 65_535);
  const nodes = whole(options, "nodes", 1, limits.nodes);
  const guests = whole(options, "guests", 0, limits.guests);
  const seed = whole(options, "seed", 0, 4_294_967_295);
  if (start === "recorded" && (nodes !== undefined || guests !== undefined)) {
    throw new Mistake("--start recorded is a cluster of its own: it takes neither --nodes nor --guests");
  }
  const offline = words(options, "offline");
  const known = Array.from({ length: nodes ?? 3 }, (_, index) => `pve${index + 1}`);
  const unknown = offline.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Mistake(`--offline ${unknown}: the nodes are ${known.join(", ")}`);
  return {
    listen: text(options, "listen") ?? "127.0.0.1",
    ...(port === undefined ? {} : { port }),
    pve: choice(options, "pve", ["8.4", "9.1", "9.2"], "9.2"),
    start,
    ...(nodes === undefined ? {} : { nodes }),
    ...(guests === undefined ? {} : { guests }),
    speed: speedOf(options),
    ...(seed === undefined ? {} : { seed }),
    offline,
    quorumLost: options["no-quorum"] === true,
    ceph: options.ceph === true,
    faults: (text(options, "fault") ?? "")
      .split("\n")
      .filter((line) => line !== "")
      .map(fault),
  };
}

function text(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}

function words(options: Options, name: string): string[] {
  return (text(options, name) ?? "").split(/[\n,; ]+/).filter((word) => word !== "");
}

function whole(options: Options, name: string, least: number, most: number): number | undefined {
  const given = text(options, name);
  if (given === undefined) return undefined;
  const number = /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (!(number >= least && number <= most)) throw new Mistake(`--${name} is a whole number from ${least} to ${most}`);
  return number;
}

function speedOf(options: Options): number {
  const given = text(options, "speed");
  if (given === undefined) return 1;
  const number = /^\d+(?:\.\d+)?$/.test(given) ? Number(given) : 0;
  if (number > 0 && number <= limits.speed) return number;
  throw new Mistake(`--speed is a number above 0, ${limits.speed} at most`);
}

function choice<T extends string>(options: Options, name: string, known: readonly T[], fallback: T): T {
  const given = text(options, name);
  const found = known.find((word) => word === given);
  if (given !== undefined && found === undefined) throw new Mistake(`--${name} is one of ${known.join(", ")}`);
  return found ?? fallback;
}

function fault(line: string): FaultRule {
  const rule = parseFault(line);
  if ("problem" in rule) throw new Mistake(`--fault ${line}: ${rule.problem}`);
  return rule;
}
