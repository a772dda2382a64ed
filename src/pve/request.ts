// Owns how a request is written: path, query and form, so that no value can leave its place.
import type { WireValue } from "../schema/check.ts";
import type { EndpointKey } from "../schema/endpoints.gen.ts";
import { PveError } from "./errors.ts";
import { multipart, type StreamedBody, type UploadFile } from "./multipart.ts";

/** A call of one endpoint: PVE's parameter names, path variables included. */
export interface PveRequest {
  endpoint: EndpointKey;
  values: Readonly<Record<string, WireValue>>;
}

/** What goes on the wire. `body` is a form, present only where there is something to send. */
export interface WrittenRequest {
  method: string;
  url: string;
  body?: string;
  /** In the place of `body`: a form with a file in it, sent as it is read. */
  file?: StreamedBody;
  /** The answer is handed on as it comes, whatever it is. */
  streamed?: true;
}

/** Writes a request that carries a file: the values as fields before it. */
export function buildUpload(base: string, request: PveRequest, file: UploadFile): WrittenRequest {
  const { method, url, body = "" } = buildRequest(base, request);
  return { method, url, file: multipart([...new URLSearchParams(body)], file) };
}

/** What fetch takes. */
export function toRequest(written: WrittenRequest, authorization: string, signal?: AbortSignal): Request {
  const { method, url, body, file, streamed } = written;
  const headers: Record<string, string> = { authorization, accept: streamed ? "*/*" : "application/json" };
  const init: RequestInit & { duplex?: "half" } = { method, headers, ...(signal && { signal }) };
  if (file) {
    Object.assign(headers, { "content-type": file.type, "content-length": String(file.length) });
    return new Request(url, { ...init, body: file.open(), duplex: "half" });
  }
  if (body === undefined) return new Request(url, init);
  headers["content-type"] = "application/x-www-form-urlencoded";
  return new Request(url, { ...init, body });
}

/** PVE takes the rest of the path for these two, so a slash in them is part of the value (facts 20). */
const SLASHES: ReadonlySet<string> = new Set(["volume", "cidr"]);

/**
 * Writes a request: GET and DELETE into the query, POST and PUT as a form (facts 12 to 14).
 * Throws PveError "invalid" for a path variable that is missing or can't stand in a path.
 */
export function buildRequest(base: string, request: PveRequest): WrittenRequest {
  const { endpoint, values } = request;
  const blank = endpoint.indexOf(" ");
  const method = endpoint.slice(0, blank);
  const inPath = new Set<string>();
  const path = endpoint.slice(blank + 1).replace(/\{([^}]+)\}/g, (_, name: string) => {
    inPath.add(name);
    return segment(endpoint, name, values[name]);
  });
  const fields = form(endpoint, values, inPath);
  const url = `${base}/api2/json${path}`;
  if (fields === "") return { method, url };
  return method === "GET" || method === "DELETE" ? { method, url: `${url}?${fields}` } : { method, url, body: fields };
}

/**
 * One variable of a path. Encoding alone is no protection: PVE decodes the whole path before it splits it,
 * so an encoded slash would lead to another endpoint (facts 20).
 */
function segment(endpoint: EndpointKey, name: string, value: WireValue | undefined): string {
  if (value === undefined || typeof value === "object") throw unfit(endpoint, name, "one value is needed");
  const text = wireText(value);
  if (text.trim() === "") throw unfit(endpoint, name, "it is empty");
  if (/[\0-\x1f\x7f]/.test(text)) throw unfit(endpoint, name, "it has a line break or another control character");
  const parts = text.split("/");
  if (parts.length > 1 && !SLASHES.has(name)) throw unfit(endpoint, name, "it has a slash");
  if (parts.some((part) => part === "" || part === "." || part === "..")) {
    throw unfit(endpoint, name, "it has an empty part, a . or a .. in it");
  }
  return encode(endpoint, name, text);
}

function form(endpoint: EndpointKey, values: PveRequest["values"], leave: ReadonlySet<string>): string {
  let text = "";
  for (const [name, value] of Object.entries(values)) {
    if (leave.has(name)) continue;
    for (const one of typeof value === "object" ? value : [value]) {
      text += `${text && "&"}${encode(endpoint, name, name)}=${encode(endpoint, name, wireText(one))}`;
    }
  }
  return text;
}

const wireText = (value: string | number | boolean): string =>
  typeof value === "boolean" ? (value ? "1" : "0") : String(value);

function encode(endpoint: EndpointKey, name: string, text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    throw unfit(endpoint, name, "it isn't well-formed Unicode");
  }
}

function unfit(endpoint: EndpointKey, name: string, why: string): PveError {
  return new PveError({
    kind: "invalid",
    sentence: `The value of ${name} can't be sent: ${why}.`,
    next: `Give a value for ${name} as PVE lists it.`,
    errors: { [name]: why },
    endpoint,
    sent: false,
  });
}
