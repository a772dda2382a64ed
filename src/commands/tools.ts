// Owns the command `tools`.
import type { Context } from "./command.ts";

export async function run(_context: Context): Promise<number> {
  throw new Error("tools is not built yet");
}
