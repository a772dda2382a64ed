// Owns the command `call`.
import type { Context } from "./command.ts";

export async function run(_context: Context): Promise<number> {
  throw new Error("call is not built yet");
}
