// Owns how the end of a command in a guest is answered: only the exit code 0 is a success, and no byte is lost without a word.
import type { Answer, Row } from "../toolkit/answer.ts";
import type { Output } from "../toolkit/output.ts";

/** What a command wrote, and how it ended as far as that is known. */
export interface Finished {
  readonly exitcode?: number;
  readonly signal?: string | number;
  readonly stdout: Output;
  readonly stderr: Output;
}

/** The answer's part for a command that came to its own end. */
export function finishedAnswer(finished: Finished, where: string): Partial<Answer> {
  const { exitcode, signal } = finished;
  const shown = outputOf(finished);
  if (exitcode === 0) return { ...shown, summary: `The command ended in ${where} with exit code 0` };
  const end = signal === undefined ? `exit code ${exitcode ?? "unknown"}` : `signal ${signal}`;
  return { ...shown, outcome: "failed", kind: "command", summary: `The command failed in ${where}: ${end}` };
}

/** Its output in lines, stderr behind stdout, and how many bytes each had. */
export function outputOf({ exitcode, signal, stdout, stderr }: Finished): { record: Row; lines: readonly string[] } {
  const record = {
    ...(exitcode === undefined ? {} : { exitcode }),
    ...(signal === undefined ? {} : { signal }),
    "stdout-bytes": stdout.bytes,
    "stderr-bytes": stderr.bytes,
  };
  const lines = [...linesOf(stdout), ...linesOf(stderr).map((line) => `stderr: ${line}`)];
  return { record, lines };
}

function linesOf(output: Output): string[] {
  const text = output.text();
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}
