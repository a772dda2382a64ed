// Owns the running of a command whose words are only of interest when it fails.

/** What the command printed on stdout. @throws Error with all that it printed, when it ends with anything but 0 */
export async function run(command: readonly string[], options: { readonly cwd?: string } = {}): Promise<string> {
  const child = Bun.spawn([...command], { ...options, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code !== 0) throw new Error(`${command.slice(0, 2).join(" ")} ended with ${code}:\n${out}${err}`);
  return out;
}
