// Owns what a file in an archive is, and the one time that all of them bear: two builds of one commit are the same.

export interface Entry {
  /** Path in the archive, with slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly executable?: boolean;
}

/** The earliest time that a zip can hold: 1980-01-01, midnight, UTC. */
export const epoch = new Date(Date.UTC(1980, 0, 1));

/** Permissions as Unix has them. */
export function mode({ executable }: Entry): number {
  return executable ? 0o755 : 0o644;
}
