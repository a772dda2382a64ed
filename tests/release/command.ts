// Owns the running of a command as a test looks at it: all that it printed, and how it ended.

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Start {
  readonly cwd?: string;
  /** All that it inherits. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

export async function ended(command: readonly string[], start: Start): Promise<Ended> {
  const child = Bun.spawn([...command], {
    ...(start.cwd === undefined ? {} : { cwd: start.cwd }),
    env: start.env,
    stdin: new TextEncoder().encode(start.stdin ?? ""),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, out, err };
}
