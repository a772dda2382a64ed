// Owns how a file is sent as a form: the fields, then the file as it is read, and how long that is in all (RFC 7578).
import { randomUUID } from "node:crypto";

/** A file that is sent and never held in memory. */
export interface UploadFile {
  /** The form's field that holds it; PVE's own is `filename`. */
  readonly field: string;
  readonly filename: string;
  /** Bytes. */
  readonly size: number;
  /** Reads it from its beginning; called again when nothing of an attempt was sent. */
  open(): ReadableStream<Uint8Array>;
}

/** A body whose length is known before it is read. */
export interface StreamedBody {
  /** The value of content-type. */
  readonly type: string;
  /** Bytes. */
  readonly length: number;
  open(): ReadableStream<Uint8Array>;
}

/** PVE wants the file behind the fields: it checks them before it takes the file. */
export function multipart(fields: readonly (readonly [string, string])[], file: UploadFile): StreamedBody {
  const boundary = `----${randomUUID()}`;
  const part = (disposition: string, more = "") =>
    `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n${more}\r\n`;
  const values = fields.map(([name, value]) => `${part(`name="${quoted(name)}"`)}${value}\r\n`);
  const named = `name="${quoted(file.field)}"; filename="${quoted(file.filename)}"`;
  const encoder = new TextEncoder();
  const head = encoder.encode(`${values.join("")}${part(named, "Content-Type: application/octet-stream\r\n")}`);
  const tail = encoder.encode(`\r\n--${boundary}--\r\n`);
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    length: head.length + file.size + tail.length,
    open: () => between(head, file, tail),
  };
}

/** Head, file and tail one after the other. A file that isn't as long as it was said to be is an error. */
function between(head: Uint8Array, file: UploadFile, tail: Uint8Array): ReadableStream<Uint8Array> {
  const reader = file.open().getReader();
  let sent = 0;
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(head),
    async pull(controller) {
      const { value, done } = await reader.read();
      sent += value?.length ?? 0;
      if (sent > file.size || (done && sent < file.size)) {
        await reader.cancel();
        throw new Error(`${file.filename} has changed its size while it was being sent`);
      }
      if (value) controller.enqueue(value);
      if (!done) return;
      controller.enqueue(tail);
      controller.close();
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** A name between quotes, as browsers write it. */
const quoted = (text: string): string => text.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
