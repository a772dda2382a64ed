// Owns the line that a node is sent: the wrapper with its arguments, whichever way it is reached.
import { wrapperText } from "./wrapper.gen.ts";

/** Where the wrapper is looked for on the nodes by users other than root. */
export const usualWrapper = "/usr/local/sbin/proxmox-mcp-pct";

/** How the wrapper is started: as an installed program, through sudo, or by its text for a root that hasn't installed it. */
export function remoteLine({ user, wrapper }: { user: string; wrapper?: string }, words: readonly string[]): string {
  const rest = words.join(" ");
  if (user !== "root") return `sudo -n ${wrapper ?? usualWrapper} ${rest}`;
  if (wrapper !== undefined) return `${wrapper} ${rest}`;
  return `exec /bin/sh -c '${wrapperText.replaceAll("'", "'\\''")}' proxmox-mcp-pct ${rest}`;
}

/** The wrapper's `run`: no word of the command is read by a shell on its way, each goes as base64. */
export function runWords(seconds: number, vmid: number, words: readonly string[]): string[] {
  return ["run", String(seconds), String(vmid), ...words.map(encoded)];
}

export const endWords = (group: number): string[] => ["end", String(group)];

const encoded = (word: string): string => (word === "" ? "-" : Buffer.from(word, "utf8").toString("base64"));
