// An upload's body: the fields of a multipart form, and the one file in it.
import { Buffer } from "node:buffer";

export interface Upload {
  /** The name that the sender gave the file. */
  name: string;
  bytes: Uint8Array;
}

export interface Multipart {
  fields: Map<string, string>;
  upload?: Upload;
}

/** Undefined where the body has no such boundary. */
export function readMultipart(type: string, bytes: Uint8Array): Multipart | undefined {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark === undefined) return undefined;
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const result: Multipart = { fields: new Map() };
  let from = body.indexOf(`--${mark}`);
  if (from < 0) return undefined;
  for (;;) {
    const start = from + mark.length + 2;
    const next = body.indexOf(`\r\n--${mark}`, start);
    if (next < 0) return result;
    readPart(body.subarray(start + 2, next), result);
    from = next + 2;
  }
}

function readPart(part: Buffer, result: Multipart): void {
  const end = part.indexOf("\r\n\r\n");
  if (end < 0) return;
  const head = part.subarray(0, end).toString("utf8");
  const content = part.subarray(end + 4);
  const name = /\bname="([^"]*)"/i.exec(head)?.[1];
  const file = /\bfilename="([^"]*)"/i.exec(head)?.[1];
  if (name === undefined) return;
  if (file === undefined) result.fields.set(name, content.toString("utf8"));
  else result.upload = { name: file, bytes: content };
}
