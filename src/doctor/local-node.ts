// Owns the question whether this machine is a Proxmox VE node itself, and which.
import { readlink } from "node:fs/promises";

/** The node's name; undefined elsewhere. On a node /etc/pve/local leads to nodes/NAME. */
export async function localNode(folder = "/etc/pve"): Promise<string | undefined> {
  const target = await readlink(`${folder}/local`).catch(() => "");
  return /^(?:.*\/)?nodes\/([^/]+)\/?$/.exec(target)?.[1];
}
