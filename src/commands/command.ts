// Owns what a command is: a row that describes it, and the shape of the function that runs it.
import type { Readable, Writable } from "node:stream";

/**
 * What a command gets. `options` holds the options given, by long name: true for a flag, else the value.
 * `env` may give single variables and no list of them (Deno): it is read by name and never copied.
 * A command writes to its streams and doesn't end them.
 */
export interface Context {
  readonly arguments: readonly string[];
  readonly options: Readonly<Record<string, string | true>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** Runs a command to its end. The number is the exit code: 0 ok, 1 the call, the demo or a check failed, 2 wrong usage. */
export type Run = (context: Context) => Promise<number>;

export interface Option {
  /** Long name without its hyphens. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** What stands for its value in the help; a flag has none. */
  readonly value?: string;
  readonly summary: string;
  /** It may come any number of times; its values are then one text, a line each. */
  readonly repeated?: true;
  /** The environment variable that its value is for this run. */
  readonly variable?: string;
  /** Environment variables that the option sets for this run. */
  readonly sets?: Readonly<Record<string, string>>;
}

export interface Argument {
  /** As it stands in the help: TOOL. */
  readonly name: string;
  readonly summary: string;
  readonly required?: true;
  /** The last argument may come any number of times. */
  readonly repeated?: true;
}

export interface Example {
  readonly line: string;
  readonly meaning: string;
}

/** A command: help, completions and the manual page are derived from its row. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** More about it, in whole sentences, for its own help. */
  readonly details?: string;
  readonly options: readonly Option[];
  readonly arguments: readonly Argument[];
  readonly examples: readonly Example[];
  /** Whether it reads the settings from the environment. */
  readonly settings?: true;
  load(): Promise<{ readonly run: Run }>;
}
