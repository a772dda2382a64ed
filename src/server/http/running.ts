// Owns the calls under way, and that the service's end reaches them: each still answers, if only that its task goes on.
import type { Caller } from "../../toolkit/call.ts";

export interface Running {
  /** Runs a call under a signal of its own, which the host's and the service's end both abort. */
  run<Result>(caller: Caller, call: (caller: Caller) => Promise<Result>): Promise<Result>;
  /** Tells every call to answer now. */
  hurry(): void;
}

export function createRunning(): Running {
  const calls = new Set<AbortController>();
  return {
    async run(caller, call) {
      const controller = new AbortController();
      const abort = () => controller.abort(caller.signal?.reason);
      caller.signal?.addEventListener("abort", abort, { once: true });
      if (caller.signal?.aborted) abort();
      calls.add(controller);
      try {
        return await call({ ...caller, signal: controller.signal });
      } finally {
        calls.delete(controller);
        caller.signal?.removeEventListener("abort", abort);
      }
    },
    hurry() {
      for (const controller of calls) controller.abort(new Error("the service ends"));
    },
  };
}
