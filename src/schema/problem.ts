// Owns what is wrong with an argument, as data, and the line that says it.

/** One thing that is wrong with the arguments of a call. */
export interface Problem {
  /** the argument, or a key inside it: "net0.bridge" */
  argument: string;
  kind: "unknown" | "missing" | "invalid" | "requires";
  /** what was given, safe to print and cut; absent for secrets and unknown names */
  given?: string;
  /** what is allowed: a phrase ("an integer from 1 to 8"), or the names that are taken */
  allowed: string;
  /** the known name that an unknown one is nearest to */
  nearest?: string;
}

/** A problem on one line: the argument, what was given, what is allowed. */
export function sentence(problem: Problem): string {
  const { argument, kind, given, allowed, nearest } = problem;
  if (kind === "missing") return `${argument} is missing: ${allowed}`;
  if (kind === "requires") return `${argument} is missing: ${allowed}`;
  if (kind === "invalid") return `${argument} must be ${allowed}${given === undefined ? "" : ` (was ${given})`}`;
  return `${argument} is unknown${nearest === undefined ? "" : `, did you mean ${nearest}?`}; taken: ${allowed}`;
}
