// Owns the beginning of a command's output: the line by which the wrapper tells the process group, and what came before it.
import type { ContainerShell } from "../toolkit/shell.ts";

type OnOutput = Parameters<ContainerShell["run"]>[1]["onOutput"];

export interface Begin {
  output(piece: Buffer): void;
  error(piece: Buffer): void;
  readonly known: Promise<number>;
  /** The process group; absent until the wrapper told it: the command hasn't started. */
  readonly group: number | undefined;
  /** What was said in place of the command. */
  readonly complaint: string;
}

/** Bytes in which the wrapper's line is looked for. */
const farthest = 65_536;
/** Characters of a complaint. */
const longest = 1_000;

/** Takes the wrapper's line off the output. A login shell may greet before it (a .bashrc that writes): that isn't the command's. */
export function createBegin(onOutput: OnOutput): Begin {
  let before: Buffer | undefined = Buffer.alloc(0);
  let group: number | undefined;
  let errors = "";
  let tell: (group: number) => void = () => {};
  const known = new Promise<number>((resolve) => {
    tell = resolve;
  });
  return {
    known,
    get group() {
      return group;
    },
    get complaint() {
      return `${errors}${before?.toString("utf8") ?? ""}`.slice(0, longest);
    },
    output(piece) {
      if (before === undefined) return onOutput("stdout", piece);
      before = Buffer.concat([before, piece]);
      const line = /@@(\d{1,10})\n/.exec(before.toString("latin1"));
      if (!line && before.length < farthest) return;
      const rest = line ? before.subarray(line.index + line[0].length) : before;
      before = undefined;
      if (line) {
        group = Number(line[1]);
        tell(group);
      }
      if (rest.length > 0) onOutput("stdout", rest);
    },
    error(piece) {
      if (group === undefined && errors.length < longest) errors += piece.toString("utf8");
      onOutput("stderr", piece);
    },
  };
}
