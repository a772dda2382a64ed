// Answers on the wire: the envelope, errors with `message`, the reason phrase, PVE's empty bodies (facts 1, 5, 22, 27).
import type { ApiError } from "../engine/error.ts";
import type { Extras } from "../engine/handler.ts";

/** Which face of the API was asked: `json`, or `extjs` whose status is always 200. */
export type Format = "json" | "extjs";

const jsonType = { "content-type": "application/json;charset=UTF-8" };

export function success(data: unknown, extras: Extras, format: Format): Response {
  const envelope = { data: data === undefined ? null : data, ...extras };
  return json(200, "OK", format === "json" ? envelope : { success: 1, ...envelope });
}

export function refusal(problem: ApiError, format: Format): Response {
  const { status, errors } = problem;
  // the connection behind the proxy broke: only the reason phrase says so (facts 8)
  if (status === 595 || status === 596 || problem.bare) return plain(status, problem.message, null);
  const text = status === 501 || problem.message.endsWith("\n") ? problem.message : `${problem.message}\n`;
  const body = { data: null, message: text, ...(errors === undefined ? {} : { errors }) };
  if (format === "extjs") return json(200, "OK", { success: 0, status, ...body });
  return json(status, problem.message, body);
}

/** An answer without JSON: the text is the body, or the body is empty and the reason says it all. */
export function plain(status: number, reason: string, body: string | null = reason): Response {
  return new Response(body, { status, statusText: reasonPhrase(reason), headers: { connection: "close" } });
}

function json(status: number, reason: string, body: unknown): Response {
  const headers = status === 200 ? jsonType : { ...jsonType, connection: "close" };
  return new Response(JSON.stringify(body), { status, statusText: reasonPhrase(reason), headers });
}

/** The first line; only what a Response's constructor takes. The body's `message` has it all. */
function reasonPhrase(text: string): string {
  return (text.split("\n")[0] ?? "").replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, "?");
}
