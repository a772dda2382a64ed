// Owns the version line: program, runtime, platform.
import manifest from "../../package.json" with { type: "json" };
import type { Context } from "./command.ts";
import { program } from "./commands.ts";

/** The program's version, as package.json has it. */
export const version: string = manifest.version;

/** What is said of the process: as Node's `process` has it. */
interface Host {
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly arch: string;
}

/** `proxmox-mcp 0.1.0 (bun 1.4.5, linux-x64)` */
export function versionLine(host: Host): string {
  const runtime = ["bun", "deno", "node"].find((name) => host.versions[name] !== undefined) ?? "node";
  return `${program} ${version} (${runtime} ${host.versions[runtime]}, ${host.platform}-${host.arch})`;
}

export async function run({ stdout }: Pick<Context, "stdout">): Promise<number> {
  stdout.write(`${versionLine(process)}\n`);
  return 0;
}
