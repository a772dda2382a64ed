// Owns what the SSH side has to be told: where the nodes are, as whom it comes, by what it knows them.
import type { Trust } from "./host-key.ts";

export interface SshSettings extends Trust {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The node behind `host`. */
  readonly node?: string;
  /** Addresses of nodes by name. */
  readonly hosts: Readonly<Record<string, { readonly host: string; readonly port?: number }>>;
  readonly keyPath?: string;
  readonly passphrase?: { reveal(): string };
  /** Socket of an agent. */
  readonly agent?: string;
  /** The wrapper's path on the nodes. */
  readonly wrapper?: string;
}

/** An SSH server. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/**
 * Where a node is: as the settings say, else as the cluster says. PROXMOX_SSH_HOST stands for PROXMOX_SSH_NODE, and where
 * the cluster has no address for the only node.
 */
export function targetOf(
  { hosts, node: own, host, port }: SshSettings,
  node: string,
  address: string | undefined,
): Target {
  const named = hosts[node];
  if (named) return { host: named.host, port: named.port ?? port };
  if (own === node || address === undefined) return { host, port };
  return { host: address, port };
}
