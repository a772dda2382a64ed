// Owns what an answer says of a write, and whether that agrees with the cluster.
import type { Answer } from "../../src/toolkit/answer.ts";
import type { Effects } from "./effects.ts";

/** none: no answer came. A fate that is unknown is an answer. */
export const verdicts = ["none", "success", "failure", "unknown"] as const;
export type Verdict = (typeof verdicts)[number];

export function verdictOf({ outcome, kind, task }: Answer): Verdict {
  if (outcome === "ok" || outcome === "warnings") return "success";
  if (outcome === "running" || kind === "unknown-fate") return "unknown";
  return kind === "cancelled" && task !== undefined ? "unknown" : "failure";
}

export interface Faults {
  twice: number[];
  unanswered: number[];
  contradicted: number[];
}

/** Compares the verdicts, by the number of the write, with what took effect. */
export function compare(said: readonly Verdict[], effects: Effects): Faults {
  const writes = [...said.keys()];
  const took = (write: number) => effects.get(write) ?? 0;
  return {
    twice: writes.filter((write) => took(write) > 1),
    unanswered: writes.filter((write) => said[write] === "none"),
    contradicted: writes.filter(
      (write) => (said[write] === "success" && took(write) === 0) || (said[write] === "failure" && took(write) > 0),
    ),
  };
}
