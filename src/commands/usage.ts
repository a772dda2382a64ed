// Owns the line that tells a wrong command line: what is wrong, the nearest right word, where to read more.
import { nearest } from "../schema/nearest.ts";
import { program } from "./commands.ts";
import type { UsageProblem } from "./parse.ts";

/** One line, without a line break at its end. */
export function usageLine({ problem, word, known = [], command }: UsageProblem): string {
  const more = `see ${program} ${command === undefined ? "" : `${command.name} `}--help`;
  if (word === undefined) return `${program}: ${problem}; ${more}`;
  const near = nearest(word, known);
  const hint = near === undefined ? `there are ${known.join(", ")}` : `did you mean ${near}?`;
  return `${program}: ${problem} ${quote(word)}; ${hint} (${more})`;
}

/** What was typed, for one line: control characters escaped, cut at 40 characters. */
const quote = (word: string): string => JSON.stringify(word.length > 40 ? `${word.slice(0, 39)}…` : word);
