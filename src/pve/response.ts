// Owns how an answer over node:https becomes a Response of the web's shape.
import { PveError } from "./errors.ts";

/** Node's IncomingMessage, as far as it is needed here. */
export interface Head {
  readonly statusCode?: number | undefined;
  /** A byte of the reason phrase a character. */
  readonly statusMessage?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** `statusText` keeps every byte of the reason phrase, which is PVE's error text (facts 1, 2). */
export function toResponse(
  head: Head,
  body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>,
): Response {
  const { statusCode: status = 0, statusMessage: reason = "" } = head;
  if (status < 200 || status > 599) throw noStatus(status);
  const bodiless = status === 204 || status === 205 || status === 304;
  // A Response refuses some bytes of a phrase, Deno's and Node's also those that their own parser let through.
  const printable = /^[\t\x20-\x7e\x80-\xff]*$/.test(reason);
  const response = new Response(bodiless ? null : body, {
    status,
    headers: headersOf(head),
    ...(printable && { statusText: reason }),
  });
  return printable ? response : Object.defineProperty(response, "statusText", { value: reason });
}

/** The body is unpacked by now, so what described its packed form goes; a length that is that of the body stays. */
function headersOf({ headers }: Head): Headers {
  const packed = headers["content-encoding"] !== undefined;
  const all = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name === "content-encoding" || name === "transfer-encoding") continue;
    if (packed && name === "content-length") continue;
    for (const one of typeof value === "string" ? [value] : value) all.append(name, one);
  }
  return all;
}

function noStatus(status: number): PveError {
  const sentence = `The server answered with the status ${status}, which HTTP doesn't have.`;
  return new PveError({ kind: "bug", sentence, next: "Check that PROXMOX_PORT is the port of PVE's API.", sent: true });
}
