// Owns how a failure of the PVE client becomes an answer.
import type { PveError, PveErrorKind } from "../pve/errors.ts";
import type { Answer } from "./answer.ts";

/** The heads that differ from "… failed": what happened is another thing than a failure, or isn't known. */
const heads: Partial<Record<PveErrorKind, (label: string) => string>> = {
  forbidden: (label) => `PVE refused ${label}`,
  "unknown-fate": (label) => `${label}: it is not known whether it took effect`,
  cancelled: (label) => `${label} was cancelled`,
};

export function failure(label: string, error: PveError): Answer {
  const { kind } = error;
  const reason = [error.sentence, error.next].filter((line) => line !== "");
  const summary = heads[kind]?.(label) ?? `${label} failed`;
  return { outcome: kind === "forbidden" ? "denied" : "error", summary, reason, kind };
}
