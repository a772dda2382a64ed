// Owns the list of systems that a binary is built for, and what each is called by Bun and by npm.

/** A system and processor that gets a binary. */
export interface Target {
  /** Our name, in paths and archive names: `linux-x64`. */
  readonly name: string;
  /** What `bun build --target` calls it. */
  readonly bun: string;
  /** The npm package that holds Bun's own executable for it. */
  readonly runtime: string;
  /** File name of the program on that system. */
  readonly file: string;
}

function target(name: string, runtime: string, file = "proxmox-mcp"): Target {
  return { name, bun: `bun-${name}`, runtime: `@oven/bun-${runtime}`, file };
}

export const targets: readonly Target[] = [
  target("linux-x64", "linux-x64"),
  target("linux-arm64", "linux-aarch64"),
  target("linux-x64-musl", "linux-x64-musl"),
  target("linux-arm64-musl", "linux-aarch64-musl"),
  target("darwin-arm64", "darwin-aarch64"),
  target("darwin-x64", "darwin-x64"),
  target("windows-x64", "windows-x64", "proxmox-mcp.exe"),
];
