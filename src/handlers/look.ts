// Owns the looks that serve an answer alone: what they can't see stops no change, and makes none that was made a failure.
import { PveError } from "../pve/errors.ts";

/** What was found; nothing where PVE doesn't show it. */
export async function lookedAt<Found>(look: Promise<Found>): Promise<Found | undefined> {
  try {
    return await look;
  } catch (error) {
    if (error instanceof PveError) return undefined;
    throw error;
  }
}

export const unseen = "It was done; how it looks now could not be read.";
