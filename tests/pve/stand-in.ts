// Owns the other side of the client's tests where no socket is needed: answers of PVE by path, and a clock that jumps.
import { type ClientOptions, createClient, type PveClient } from "../../src/pve/client.ts";
import type { Clock } from "../../src/pve/clock.ts";
import { PveError } from "../../src/pve/errors.ts";

/** A clock on which a sleep takes no time; it can be moved by hand. */
export interface JumpingClock extends Clock {
  sleeps: number[];
  move(ms: number): void;
}

export function createJumpingClock(): JumpingClock {
  let now = 0;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => now,
    move: (ms) => {
      now += ms;
    },
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      sleeps.push(ms);
      now += ms;
      await Promise.resolve();
      signal?.throwIfAborted();
    },
  };
}

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: string;
  authorization: string | null;
}

export type Answer = Response | Error | Promise<Response>;

export const data = (value: unknown, more: object = {}): Response => Response.json({ data: value, ...more });

/** An error as PVE answers it: the text in the body, its first line in the reason phrase (facts 1, 2). */
export function refusal(status: number, message: string, errors?: Record<string, string>): Response {
  const body = JSON.stringify({ data: null, message: `${message}\n`, ...(errors && { errors }) });
  return new Response(body, { status, statusText: message.split("\n", 1)[0] ?? "" });
}

export interface StandIn {
  client: PveClient;
  clock: JumpingClock;
  asked: Asked[];
  /** `GET /nodes` and so on, in order. */
  calls(): string[];
}

export function createStandIn(answer: (asked: Asked) => Answer, more: Partial<ClientOptions> = {}): StandIn {
  const asked: Asked[] = [];
  const clock = createJumpingClock();
  const client = createClient({
    base: "https://pve.example.test:8006",
    authorization: "PVEAPIToken=bot@pve!mcp=planted-token-secret",
    clock,
    random: () => 0.5,
    fetch: async (request) => {
      const { pathname, searchParams } = new URL(request.url);
      const one = {
        method: request.method,
        path: pathname.replace("/api2/json", ""),
        query: searchParams,
        body: await request.text(),
        authorization: request.headers.get("authorization"),
      };
      asked.push(one);
      const said = answer(one);
      if (said instanceof Error) throw said;
      return said;
    },
    ...more,
  });
  return { client, clock, asked, calls: () => asked.map(({ method, path }) => `${method} ${path}`) };
}

/** The error with which a promise rejects; anything but a PveError fails the test. */
export async function failure(promise: Promise<unknown>): Promise<PveError> {
  const outcome = await promise.then(
    (value) => `resolved with ${JSON.stringify(value)}`,
    (reason: unknown) => reason,
  );
  if (outcome instanceof PveError) return outcome;
  throw new Error(`no PveError: ${String(outcome)}`);
}
