// Owns that a change which was made is never answered as a failure because a look at it afterwards failed.
import type { PveAnswer } from "../pve/client.ts";
import { PveError } from "../pve/errors.ts";
import type { Answer } from "./answer.ts";
import type { Ground, Operation } from "./operation.ts";
import { picked, presented } from "./present.ts";
import type { Tool } from "./tool.ts";

/** The answer to what PVE carried out at once. */
export async function shown(tool: Tool, operation: Operation, answer: PveAnswer, ground: Ground): Promise<Answer> {
  if (ground.endpoint.method === "GET") return presented(tool, operation, answer, ground);
  const { present: _present, ...plain } = operation;
  return presented(tool, operation, answer, ground).catch(async (error: unknown) => ({
    ...(await presented(tool, plain, answer, ground)),
    notes: [unseen(error)],
  }));
}

/** What an operation shows beside the end of a task that succeeded. */
export async function extraOf(operation: Operation, ground: Ground): Promise<Partial<Answer>> {
  try {
    return picked((await operation.present?.(null, ground)) ?? {}, operation);
  } catch (error) {
    return { notes: [unseen(error)] };
  }
}

function unseen(error: unknown): string {
  if (!(error instanceof PveError)) throw error;
  return `It was done; how it looks now could not be read: ${error.sentence}`;
}
