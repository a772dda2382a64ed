// Owns the command `serve`.
import type { Context } from "./command.ts";

export async function run(_context: Context): Promise<number> {
  throw new Error("serve is not built yet");
}
