// Owns a cluster for the end-to-end tests: the program's own `simulator`, in a process of its own.
import { environment, program } from "./program.ts";

export interface Told {
  readonly url: string;
  readonly fingerprint: string;
  readonly tokens: Readonly<Record<"root" | "auditor" | "operator" | "powerless", string>>;
}

export interface Cluster extends Told {
  /** Stops it, and tells its exit code. */
  stop(): Promise<number>;
}

/** What Deno has to be allowed for a cluster on the network, in the place of what it is for the demo. */
const permissions = ["--allow-env", "--allow-net", "--allow-read", "--allow-write"];
export const networkCommand: readonly string[] = program.command.flatMap((word) =>
  word.startsWith("--allow-env=") ? permissions : [word],
);

export async function startCluster(options: readonly string[] = []): Promise<Cluster> {
  const child = Bun.spawn([...networkCommand, "simulator", "--json", "--port", "0", ...options], {
    env: environment,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`no line: ${text} ${await new Response(child.stderr).text()}`);
    text += value;
  }
  const told: Told = JSON.parse(text.split("\n")[0] ?? "");
  return {
    ...told,
    stop: () => {
      child.kill("SIGTERM");
      return child.exited;
    },
  };
}
