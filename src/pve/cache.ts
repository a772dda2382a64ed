// Owns a value that is read once, shared by concurrent calls and kept for some seconds.
import type { RequestOptions } from "./client.ts";
import type { Clock } from "./clock.ts";

export interface Cached<Value> {
  /**
   * The value and the number of the reading that it comes from. With `after`, only a reading with a higher number will do.
   * Rejects with the signal's reason; the reading goes on for the others. Its requests are told to whom it was begun for.
   */
  get(options?: RequestOptions, after?: number): Promise<{ value: Value; number: number }>;
  /** The number of the newest reading that was begun; 0 before the first. */
  newest(): number;
  /** The next call reads again, even when a reading is under way: that one may be older than what was changed. */
  forget(): void;
}

/** A reading that failed isn't kept. */
export function createCached<Value>(
  read: (options: RequestOptions) => Promise<Value>,
  milliseconds: number,
  clock: Clock,
): Cached<Value> {
  let newest = 0;
  let current: { value: Promise<Value>; number: number; until: number } | undefined;

  const begin = (options: RequestOptions) => {
    newest++;
    const entry = { value: read(options), number: newest, until: Number.POSITIVE_INFINITY };
    current = entry;
    entry.value.then(
      () => {
        entry.until = clock.now() + milliseconds;
      },
      () => {
        if (current === entry) current = undefined;
      },
    );
    return entry;
  };

  return {
    async get({ signal, ...options } = {}, after = 0) {
      signal?.throwIfAborted();
      const good = current !== undefined && clock.now() < current.until && current.number > after;
      const entry = good && current ? current : begin(options);
      return { value: await unlessAborted(entry.value, signal), number: entry.number };
    },
    newest: () => newest,
    forget() {
      current = undefined;
    },
  };
}

/** Waits for a promise, but no longer than the signal lets us. */
function unlessAborted<Value>(promise: Promise<Value>, signal?: AbortSignal): Promise<Value> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
