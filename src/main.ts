// Owns the program's start and end: which command, its streams, the exit code.
import type { Context } from "./commands/command.ts";
import { type Invocation, parseCommandLine } from "./commands/parse.ts";

async function main(words: readonly string[]): Promise<number> {
  const line = parseCommandLine(words);
  if ("problem" in line) {
    const { usageLine } = await import("./commands/usage.ts");
    process.stderr.write(`${usageLine(line)}\n`);
    return 2;
  }
  const { run } = await line.command.load();
  return run(context(line));
}

/** What the command gets. A reader of stdout that goes away (`… | head -1`) ends the program without a word. */
function context(line: Invocation): Context {
  process.stdout.on("error", () => process.exit(1));
  return {
    arguments: line.arguments,
    options: line.options,
    env: environment(line.sets),
    stdout: process.stdout,
    get stdin() {
      return process.stdin;
    },
    get stderr() {
      return process.stderr;
    },
  };
}

/** The environment with some variables set over it. It isn't copied: Deno may give single variables alone. */
function environment(sets: Readonly<Record<string, string>>): Context["env"] {
  const over = Object.entries(sets).map(([name, value]) => [name, { value, enumerable: true }] as const);
  return over.length === 0 ? process.env : Object.create(process.env, Object.fromEntries(over));
}

/** One line for what no command has caught; a stack is of no use to an operator. */
function failed(error: unknown): number {
  process.stderr.write(`proxmox-mcp: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
}

process.exitCode = await main(process.argv.slice(2)).catch(failed);
// Bun calls back from end() once the pipe has taken everything; from an empty write() it does so at once.
process.stdout.end(() => process.exit());
