// Owns how long the phases of an exchange may take, and what is said when one takes longer.
import { PveError } from "./errors.ts";

/** Milliseconds. `connect` ends with the TLS handshake, `headers` with the status line, `body` with the last byte. */
export interface Deadlines {
  readonly connect: number;
  readonly headers: number;
  readonly body: number;
}

/** PVE itself takes up to 30 s to find a node unreachable (facts 48), and some calls do their work before they answer. */
export const defaultDeadlines: Deadlines = { connect: 10_000, headers: 120_000, body: 120_000 };

const WORDS: Readonly<Record<keyof Deadlines, (host: string, seconds: number) => string>> = {
  connect: (host, seconds) => `No connection to ${host} within ${seconds} s.`,
  headers: (host, seconds) => `${host} took the request and did not begin to answer within ${seconds} s.`,
  body: (host, seconds) => `The answer of ${host} had not ended after ${seconds} s.`,
};

/** Calls `late` when the phase has taken too long; the clock stops with `clear`. */
export function startDeadline(
  phase: keyof Deadlines,
  deadlines: Deadlines,
  host: string,
  late: (error: PveError) => void,
): { clear(): void } {
  const milliseconds = deadlines[phase];
  const timer = setTimeout(() => late(tooLate(phase, host, milliseconds / 1000)), milliseconds);
  return { clear: () => clearTimeout(timer) };
}

function tooLate(phase: keyof Deadlines, host: string, seconds: number): PveError {
  const sentence = WORDS[phase](host, seconds);
  const next = `Check that ${host} is a PVE node that is up and not overloaded.`;
  return new PveError({ kind: "timeout", sentence, next, ...(phase === "connect" && { sent: false }) });
}
