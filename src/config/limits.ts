// Owns the settings that bound how much is asked of the cluster, read apart from those that say where it is.
import { sentence } from "./mistake.ts";
import { createReader, type Environment, type Reader } from "./reader.ts";
import { settings } from "./settings.ts";

/** How much may be asked at once and in a minute. */
export interface Limits {
  readonly maxConcurrency: number;
  /** Calls a minute; 0: as many as come. */
  readonly rateLimit: number;
}

/** The limits' settings through a reader, which gathers their mistakes. */
export function limitsIn(reader: Reader): Limits {
  return {
    maxConcurrency: reader.value(settings.maxConcurrency) ?? 8,
    rateLimit: reader.value(settings.rateLimit) ?? 1200,
  };
}

export function readLimits(env: Environment): { limits: Limits; mistakes: string[] } {
  const reader = createReader(env, () => "");
  const limits = limitsIn(reader);
  return { limits, mistakes: reader.mistakes.map((mistake) => sentence(mistake, reader.secrets)) };
}
