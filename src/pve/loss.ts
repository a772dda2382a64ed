// Owns the words for what the network did: no connection, or one that broke.
import { PveError } from "./errors.ts";

const CONNECTING: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "it closed the connection at once",
  EHOSTUNREACH: "there is no way to that host",
  ENETUNREACH: "there is no way to that network",
  ENOTFOUND: "there is no host of that name",
  EAI_AGAIN: "the name could not be looked up",
  ETIMEDOUT: "it does not answer",
};

/** No connection: nothing was sent. */
export function noConnection(error: unknown, host: string): PveError {
  const code = codeOf(error);
  const words = CONNECTING[code];
  if (words === undefined && /SSL|TLS|EPROTO/i.test(`${code} ${textOf(error)}`)) return noTls(error, host);
  return new PveError({
    kind: "unreachable",
    sentence: `No connection to ${host}: ${words ?? textOf(error)}${code && words ? ` (${code})` : ""}.`,
    next: "Check PROXMOX_HOST and PROXMOX_PORT (8006 unless it was changed), and that the node is up.",
    sent: false,
    cause: error,
  });
}

/** A connection that broke after it was handed a request: PVE may have seen it. */
export function brokenConnection(error: unknown, host: string): PveError {
  return new PveError({
    kind: "unreachable",
    sentence: `The connection to ${host} broke before the answer was complete: ${textOf(error)}.`,
    next: "Check that pveproxy runs on the node, and what lies between it and here.",
    sent: true,
    cause: error,
  });
}

function noTls(error: unknown, host: string): PveError {
  return new PveError({
    kind: "tls",
    sentence: `There is no TLS with ${host}: ${textOf(error)}.`,
    next: "Check that PROXMOX_PORT is the port of PVE's API (8006 unless it was changed).",
    sent: false,
    cause: error,
  });
}

/** A system's error code; where several addresses were tried, that of the first. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

function textOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return textOf(error.errors[0]);
  return error instanceof Error ? error.message || codeOf(error) : String(error);
}
