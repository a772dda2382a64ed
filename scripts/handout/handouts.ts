// Owns the list of files in dist/ that are generated and kept in git.

import { bash } from "./bash.ts";
import { fish } from "./fish.ts";
import { manual } from "./manual.ts";
import { zsh } from "./zsh.ts";

/** Path from the project's root, and what the file holds. */
export function handouts(): Readonly<Record<string, string>> {
  return {
    "dist/completions/proxmox-mcp.bash": bash(),
    "dist/completions/_proxmox-mcp": zsh(),
    "dist/completions/proxmox-mcp.fish": fish(),
    "dist/man/proxmox-mcp.1": manual(),
  };
}
