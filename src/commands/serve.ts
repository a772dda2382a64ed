// Owns the command `serve`: MCP over stdin and stdout until the host closes them, or over HTTP until it is told to end.
import type { Context } from "./command.ts";

/** Serves until stdin ends or the process is told to stop. */
export async function run(context: Context): Promise<number> {
  if (context.options.http !== undefined) return (await import("./serve-http.ts")).run(context);
  const stray = ["tls-cert", "tls-key", "behind-proxy", "no-auth", "allow-host"].find(
    (name) => name in context.options,
  );
  if (stray !== undefined) {
    const { usageLine } = await import("./usage.ts");
    context.stderr.write(`${usageLine({ problem: `--${stray} goes with --http` })}\n`);
    return 2;
  }
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
