// Owns the command `serve`: MCP over stdin and stdout until the host closes them.
import type { Context } from "./command.ts";

/** Serves until stdin ends or the process is told to stop. */
export async function run(context: Context): Promise<number> {
  const demo = context.options.demo === true;
  const [{ toolsFor }, { serve }, { readLogLevel }] = await Promise.all([
    import("./served.ts"),
    import("../server/serve.ts"),
    import("../config/log-level.ts"),
  ]);
  const tools = await toolsFor(context, demo);
  const logLevel = readLogLevel(context.env);
  await serve({ ...tools, demo, logLevel, stdin: context.stdin, stdout: context.stdout });
  return 0;
}
