// Owns the command `demo`.
import type { Context } from "./command.ts";

export async function run(_context: Context): Promise<number> {
  throw new Error("demo is not built yet");
}
