// Owns what a command in a guest is for the tools: the words to run, how long, and the three ways in which it can end.

/** A command for a container: words as the kernel takes them, run by the node that holds it. */
export interface ContainerCommand {
  readonly node: string;
  /** The node's address as the cluster knows it (GET /cluster/status); the settings may have another one. */
  readonly address?: string;
  readonly vmid: number;
  readonly words: readonly string[];
  readonly input?: string;
  /** Seconds after which it is ended, itself and its children. */
  readonly seconds: number;
}

/** How a command ended. Only the code 0 is a success. `lingers`: what it has started goes on and holds its output open. */
export type CommandEnd =
  | { readonly ended: "code"; readonly code: number; readonly lingers?: true }
  | { readonly ended: "signal"; readonly signal: string; readonly lingers?: true }
  /** It was ended by us; `reached` tells whether the other side has confirmed that. */
  | { readonly ended: "timeout" | "cancelled"; readonly reached: boolean }
  /** The connection broke: nobody knows how, or whether, it goes on. */
  | { readonly ended: "broken"; readonly why: string };

export interface ContainerShell {
  /**
   * Runs a command and tells what it writes.
   * @throws PveError where it could not be started: no way to the node, a host that isn't known, a key that isn't taken
   */
  run(
    command: ContainerCommand,
    told: { readonly signal?: AbortSignal; onOutput(stream: "stdout" | "stderr", piece: Uint8Array): void },
  ): Promise<CommandEnd>;
}
