// Owns which guests a session has had to do with lately: what a completion offers first.

export interface Recent {
  /** A guest, by the number or the name that a call gave. */
  used(ref: unknown): void;
  /** How long ago it was used, in other guests; `Infinity` for one that wasn't. */
  rank(...refs: readonly (string | undefined)[]): number;
}

/** How many are remembered. */
const remembered = 50;

export function createRecent(): Recent {
  let refs: readonly string[] = [];
  return {
    used(ref) {
      if (typeof ref !== "string" && typeof ref !== "number") return;
      const text = String(ref).trim();
      refs = [text, ...refs.filter((other) => other !== text)].slice(0, remembered);
    },
    rank(...names) {
      const place = refs.findIndex((ref) => names.includes(ref));
      return place < 0 ? Number.POSITIVE_INFINITY : place;
    },
  };
}
