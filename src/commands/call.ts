// Owns the command `call`: one tool, one call, its answer on stdout.
import { nearest } from "../schema/nearest.ts";
import { textOf } from "../server/text.ts";
import { isError } from "../toolkit/answer.ts";
import type { Context } from "./command.ts";
import { program } from "./commands.ts";
import { toolsFor } from "./served.ts";

/** Exit code 1 when the call failed, 2 when there is no such tool or the arguments can't be read. */
export async function run(context: Context): Promise<number> {
  const [name = "", ...words] = context.arguments;
  const given = argumentsFrom(words);
  if (given === undefined) return usage(context, "arguments are key=value pairs, or one JSON object");
  const tools = await toolsFor(context, context.options.demo === true);
  const abort = new AbortController();
  const stop = () => abort.abort();
  process.once("SIGINT", stop);
  const answer = await tools.call(name, given, {
    signal: abort.signal,
    onProgress: (line) => context.stderr.write(`${line}\n`),
  });
  process.off("SIGINT", stop);
  if (!answer) {
    const near = nearest(
      name,
      tools.listing.map((tool) => tool.name),
    );
    return usage(context, `there is no tool ${name}${near ? `, did you mean ${near}?` : ""}`);
  }
  context.stdout.write(`${textOf(answer, Date.now())}\n`);
  return isError(answer) ? 1 : 0;
}

function usage(context: Context, problem: string): number {
  context.stderr.write(`${program} call: ${problem}; see ${program} call --help\n`);
  return 2;
}

/** `key=value` pairs as texts (the check makes numbers and lists of them), or one JSON object. */
function argumentsFrom(words: readonly string[]): Record<string, unknown> | undefined {
  const [first, ...others] = words;
  if (first?.trimStart().startsWith("{")) return others.length > 0 ? undefined : objectFrom(first);
  const pairs = words.map((word) => /^([^=]+)=(.*)$/s.exec(word));
  if (pairs.some((pair) => pair === null)) return undefined;
  return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1], pair[2]]] : [])));
}

function objectFrom(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
