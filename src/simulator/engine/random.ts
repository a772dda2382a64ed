// The seeded source of everything that PVE would draw at random: MAC addresses, UUIDs, process ids, load figures.

export interface Random {
  /** The next number, 0 ≤ n < 1. */
  next(): number;
  /** The next whole number, low ≤ n ≤ high. */
  between(low: number, high: number): number;
  /** Lower-case hex digits. */
  hex(digits: number): string;
  /** A version 4 UUID. */
  uuid(): string;
}

/** mulberry32: small, quick, the same everywhere. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const hex = (digits: number) => Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join("");
  return {
    next,
    hex,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${"89ab"[Math.floor(next() * 4)]}${hex(3)}-${hex(12)}`,
  };
}

/** A fixed number 0 ≤ n < 1 for a name: the same name always gets the same one. */
export function share(name: string): number {
  // FNV-1a, then mixed once more: figures of ten thousand guests are drawn for one list
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296;
}

/** A wave between 0 and 1 that moves with time (period in seconds) and starts at a number's own place. */
export function wave(own: number, now: number, period: number): number {
  const phase = own * 2 * Math.PI;
  const turn = ((now / 1000) % period) / period;
  return 0.5 + 0.3 * Math.sin(2 * Math.PI * turn + phase) + 0.2 * Math.sin(10 * Math.PI * turn + 2 * phase);
}
