// What a request carries: query, form, JSON; PVE's limits and its refusals (facts 7, 12-14).
import { Buffer } from "node:buffer";
import { readMultipart, type Upload } from "./multipart.ts";
import type { Given } from "./value.ts";

/** Half a megabyte is what PVE reads of a form or JSON body. */
const limit = 512 * 1024;

/** The parameters, or the answer that PVE gives instead: plain text, not JSON. */
export type Body = { given: Map<string, Given>; upload?: Upload } | { status: number; text: string };

export async function readBody(request: Request, url: URL): Promise<Body> {
  const { method } = request;
  const type = request.headers.get("content-type") ?? "";
  const isUpload = /^multipart\/form-data/i.test(type) && method === "POST";
  if (isUpload) return readUpload(type, new Uint8Array(await request.arrayBuffer()), url);
  const text = request.body === null ? "" : await request.text();
  // a Request carries no body with GET: what came over HTTPS is told by its length
  const sent = text !== "" || Number(request.headers.get("content-length") ?? 0) > 0;
  if (sent && method !== "POST" && method !== "PUT") {
    return { status: 501, text: `Unexpected content for method '${method}'` };
  }
  const form = type === "" || /^application\/x-www-form-urlencoded/i.test(type);
  const isJson = /^application\/json/i.test(type);
  const hasBody = method === "POST" || method === "PUT";
  if (hasBody && text !== "" && !form && !isJson) {
    return { status: 506, text: `upload 'Content-Type '${type}' not implemented` };
  }
  if (Buffer.byteLength(text) > limit) return { status: 501, text: "for data too large" };
  const given =
    hasBody && isJson ? readJson(text) : { given: hasBody && form ? readPairs(new URLSearchParams(text)) : new Map() };
  if ("status" in given) return given;
  // PVE: what stands in the query wins over the body
  for (const [name, value] of readPairs(url.searchParams)) given.given.set(name, value);
  return given;
}

/** A file is given by its name; its bytes go beside the parameters. */
function readUpload(type: string, bytes: Uint8Array, url: URL): Body {
  const parts = readMultipart(type, bytes);
  const given = new Map<string, Given>(parts?.fields ?? []);
  if (parts?.upload !== undefined) given.set("filename", parts.upload.name);
  for (const [name, value] of readPairs(url.searchParams)) given.set(name, value);
  return { given, ...(parts?.upload === undefined ? {} : { upload: parts.upload }) };
}

/** A repeated name becomes a list. */
function readPairs(pairs: URLSearchParams): Map<string, Given> {
  const given = new Map<string, Given>();
  for (const [name, value] of pairs) {
    const before = given.get(name);
    if (before === undefined) given.set(name, value);
    else given.set(name, Array.isArray(before) ? [...before, value] : [before, value]);
  }
  return given;
}

function readJson(text: string): Body {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return { status: 500, text: malformed(text) };
  }
  if (Array.isArray(data)) return { status: 500, text: "Not a HASH reference" };
  if (typeof data !== "object" || data === null) return { status: 500, text: malformed(text) };
  const given = new Map<string, Given>();
  for (const [name, value] of Object.entries(data)) {
    if (isGiven(value)) given.set(name, value);
  }
  return { given };
}

/** null is as good as absent. */
function isGiven(value: unknown): value is Given {
  return value !== null && value !== undefined;
}

function malformed(text: string): string {
  const rest = text === "" ? "(end of string)" : text.slice(0, 20);
  const what =
    text === "" || !/^\s*[[{"]/.test(text)
      ? "neither tag, array, object, number, string or atom"
      : "unexpected end or character";
  return `malformed JSON string, ${what}, at character offset 0 (before "${rest}") at /usr/share/perl5/PVE/APIServer/AnyEvent.pm line 1000.\n`;
}
