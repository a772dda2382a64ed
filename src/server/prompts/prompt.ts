// Owns what a prompt is: a task as data, with a tool call for each of its steps.
import type { Subject } from "../completions.ts";

/** An argument as prompts/list shows it, and what completes it. */
export interface PromptArgument {
  readonly name: string;
  readonly description: string;
  /** Stands in the text where it isn't given; without it, and where it isn't required, what it is for is left out. */
  readonly usually?: string;
  readonly required?: true;
  readonly completes?: Subject;
}

/** A call with texts alone: `{name}` stands for an argument of the prompt, `<field of key>` for what an earlier step answered. */
export interface Step {
  /** What other steps call it. */
  readonly key: string;
  /** What it is for, and what to look at in its answer. */
  readonly what: string;
  readonly tool: string;
  readonly given: Readonly<Record<string, string>>;
  readonly changes: boolean;
}

export interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
  /** What is to be done, in a sentence with the arguments in place. */
  readonly task: string;
  readonly steps: readonly Step[];
  /** How to come to an end: what to tell the person. */
  readonly end: string;
}

type Line = (key: string, what: string, tool: string, given?: Readonly<Record<string, string>>) => Step;

const line =
  (changes: boolean): Line =>
  (key, what, tool, given = {}) => ({ key, what, tool: `proxmox_${tool}`, given, changes });

/** Shows something. */
export const look = line(false);
/** Changes something: left to a person where the server is read-only. */
export const change = line(true);
