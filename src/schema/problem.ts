// Owns what is wrong with an argument, as data, and the line that says it.

const LONGEST_NAME = 80;

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
  return words(problem).replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ");
}

function words({ argument, kind, given, allowed, nearest }: Problem): string {
  const name = argument.length > LONGEST_NAME ? `${argument.slice(0, LONGEST_NAME)}…` : argument;
  if (kind === "missing" || kind === "requires") return `${name} is missing: ${allowed}`;
  if (kind === "invalid") return `${name} must be ${allowed}${given === undefined ? "" : ` (was ${given})`}`;
  return `${name} is unknown${nearest === undefined ? "" : `, did you mean ${nearest}?`}; taken: ${allowed}`;
}
