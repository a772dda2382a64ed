// Owns how many requests are under way at once, and that those who wait go in the order in which they came.

/** Runs work, at most so many at once. Rejects with the signal's reason when it is aborted while waiting. */
export type Limit = <Result>(work: () => Promise<Result>, signal?: AbortSignal) => Promise<Result>;

export function createLimit(atOnce: number): Limit {
  let free = atOnce;
  const waiting = new Set<() => void>();

  const take = (signal?: AbortSignal): Promise<void> | undefined => {
    if (free > 0) {
      free--;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        waiting.delete(enter);
        reject(signal?.reason);
      };
      const enter = () => {
        waiting.delete(enter);
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      waiting.add(enter);
      signal?.addEventListener("abort", leave, { once: true });
    });
  };

  const give = () => {
    const [next] = waiting;
    if (next) next();
    else free++;
  };

  return async (work, signal) => {
    signal?.throwIfAborted();
    const turn = take(signal);
    if (turn) await turn;
    try {
      return await work();
    } finally {
      give();
    }
  };
}

/** Takes a place that is given back by hand: resolves, when it is there, with the giving back. */
export function hold(limit: Limit, signal?: AbortSignal): Promise<() => void> {
  return new Promise((resolve, reject) => {
    limit(() => new Promise<void>((release) => resolve(release)), signal).catch(reject);
  });
}
