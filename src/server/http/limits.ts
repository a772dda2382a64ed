// Owns the bounds of the HTTP service: sizes in bytes, times in milliseconds, how many of each at once.

export const limits = {
  /** A request's body; the longest text that a tool takes is far below it. */
  body: 4 * 1024 * 1024,
  /** All headers of a request. */
  headers: 16 * 1024,
  /** Messages in one request; only revision 2025-03-26 has more than one. */
  batch: 32,
  connections: 512,
  /** Requests under way at once. */
  requests: 256,
  /** From the connection to the end of the first request's headers, the TLS handshake included. */
  head: 10_000,
  /** From the headers to the end of the body. */
  upload: 30_000,
  /** Between two requests of a connection. */
  idle: 60_000,
  /** How long a reader may take nothing of an answer. */
  stalled: 60_000,
  /** After SIGTERM: how long calls may still end by themselves, and how long their answers may then take. */
  grace: 5_000,
  flush: 5_000,
} as const;

/** Each of them may be another in a test. */
export type Limits = { readonly [Name in keyof typeof limits]: number };
