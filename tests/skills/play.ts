// Owns the playing of a workflow on the embedded cluster: each call is made, and its answer says what the document says.
import { textOf } from "../../src/server/text.ts";
import { isError } from "../../src/toolkit/answer.ts";
import { type Demo, demo } from "../tools/demo.ts";
import type { Step } from "./documents.ts";

/** Plays the steps in order on a cluster of their own; what isn't as the document says, a line each. */
export async function played(steps: readonly Step[], { call }: Pick<Demo, "call"> = demo()): Promise<string[]> {
  const known = new Map<string, string>();
  const wrong: string[] = [];
  for (const { tool, given, says, fails } of steps) {
    const answer = await call(tool.replace("proxmox_", ""), withKnown(given, known));
    const text = textOf(answer, Date.now());
    const unsaid = says.filter((piece) => !found(piece, text, known));
    if (isError(answer) !== fails || unsaid.length > 0)
      wrong.push(`${tool} ${JSON.stringify(given)}: ${unsaid.join(" ") || "the outcome"} is not in\n${text}`);
  }
  return wrong;
}

/** The arguments with what was kept of earlier answers in its place. */
function withKnown(given: Step["given"], known: ReadonlyMap<string, string>): Step["given"] {
  const filled = ([name, value]: [string, unknown]) => [name, known.get(String(value)) ?? value];
  return Object.fromEntries(Object.entries(given).map(filled));
}

function found(piece: string, text: string, known: Map<string, string>): boolean {
  const [, name, shape = piece] = /^(\$\w+) = (.*)$/.exec(piece) ?? [];
  const match = pattern(shape, name !== undefined).exec(text);
  if (match?.[1] !== undefined && name !== undefined) known.set(name, match[1]);
  return match !== null;
}

/** The pattern of a text in which `…` stands for something else; brackets count where something is kept. */
export function pattern(shape: string, keeps = false): RegExp {
  const special = keeps ? /[.*+?^${}|[\]\\]/g : /[.*+?^${}()|[\]\\]/g;
  return new RegExp(shape.replace(special, "\\$&").replaceAll("…", "[^\\s|\"'«»“”]+"), "u");
}
