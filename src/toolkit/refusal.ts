// Owns how an operation says that its arguments won't do: all problems at once, a line each.

/** Thrown before anything is sent: what is wrong with the arguments, a sentence a problem, fit for the model to read. */
export class Refusal extends Error {
  readonly problems: readonly string[];

  constructor(...problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "Refusal";
    this.problems = problems;
  }
}
