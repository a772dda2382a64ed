// Owns how a command line becomes a command with options and arguments, or a usage problem.
import type { Command, Context, Option } from "./command.ts";
import { commands, everywhere } from "./commands.ts";

/** What is to be run. `sets` holds the variables that its options set. */
export interface Invocation extends Pick<Context, "arguments" | "options"> {
  readonly command: Command;
  readonly sets: Readonly<Record<string, string>>;
}

/** Why a command line can't be run; `word` isn't one of `known`, where that is the reason. */
export interface UsageProblem {
  readonly problem: string;
  readonly word?: string;
  readonly known?: readonly string[];
  /** The command whose help says more. */
  readonly command?: Command;
}

/** Reads the words after the program's name. */
export function parseCommandLine(words: readonly string[]): Invocation | UsageProblem {
  const first = words[0];
  const named = first !== undefined && !first.startsWith("-") ? first : undefined;
  const command = named === undefined ? commands[0] : commands.find(({ name }) => name === named);
  if (command === undefined) {
    return { problem: "unknown command", word: named ?? "", known: commands.map(({ name }) => name) };
  }
  const read = readWords(words.slice(named === undefined ? 0 : 1), [...command.options, ...everywhere]);
  if ("problem" in read) return { ...read, command };
  if (read.options.help) return help(named);
  if (read.options.version) return standIn("version", []);
  if (command.name === "help" && read.arguments.length === 1) return help(read.arguments[0]);
  const problem = argumentsProblem(command, read.arguments);
  return problem === undefined ? { command, ...read } : { problem, command };
}

function help(about: string | undefined): Invocation | UsageProblem {
  if (about === undefined || commands.some(({ name }) => name === about)) {
    return standIn("help", about === undefined ? [] : [about]);
  }
  return { problem: "unknown command", word: about, known: commands.map(({ name }) => name) };
}

/** The command that an option such as --help stands for. */
function standIn(name: string, words: readonly string[]): Invocation {
  const command = commands.find((each) => each.name === name) ?? commands[0];
  return { command, arguments: words, options: {}, sets: {} };
}

type Words = Omit<Invocation, "command">;

/** Sorts words into options and arguments; -- ends the options. */
function readWords(words: readonly string[], known: readonly Option[]): Words | UsageProblem {
  const options: Record<string, string | true> = {};
  const given: string[] = [];
  const sets: Record<string, string> = {};
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "--") {
      given.push(...words.slice(index + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      given.push(word);
      continue;
    }
    const [, name = "", , inline] = /^([^=]*)(=(.*))?$/s.exec(word) ?? [];
    const option = known.find((each) => name === `--${each.name}` || name === `-${each.short}`);
    if (option === undefined) {
      return { problem: "unknown option", word: name, known: known.map((each) => `--${each.name}`) };
    }
    if (option.value === undefined && inline !== undefined) return { problem: `--${option.name} takes no value` };
    const value = option.value === undefined ? true : (inline ?? words[++index]);
    if (value === undefined || value === "") return { problem: `--${option.name} needs a value: ${option.value}` };
    const before = options[option.name];
    options[option.name] = option.repeated && before !== undefined ? `${before}\n${value}` : value;
    Object.assign(sets, option.sets, option.variable === undefined ? {} : { [option.variable]: String(value) });
  }
  return { options, arguments: given, sets };
}

function argumentsProblem(command: Command, given: readonly string[]): string | undefined {
  const missing = command.arguments.find((argument, index) => argument.required && given[index] === undefined);
  if (missing !== undefined) return `${command.name} needs ${missing.name}: ${missing.summary}`;
  if (given.length <= command.arguments.length || command.arguments.at(-1)?.repeated) return undefined;
  const most = command.arguments.length;
  return `${command.name} takes ${most === 0 ? "no arguments" : `${most} argument${most === 1 ? "" : "s"} at most`}`;
}
