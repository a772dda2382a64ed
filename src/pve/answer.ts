// Owns how an answer of PVE is read: the envelope, or the error that it is.

import { type Circumstances, nextStep } from "./advice.ts";
import type { PveFailure } from "./errors.ts";
import { PveError } from "./errors.ts";
import { kindOf, neverArrived } from "./kinds.ts";
import { redact, secretsOf } from "./redact.ts";
import type { PveRequest } from "./request.ts";

/** What PVE answered. `total` comes with logs and lists of tasks, `changes` (a diff) with staged network settings. */
export interface PveAnswer {
  data: unknown;
  total?: number;
  changes?: string;
}

/** Whom we asked and as whom; goes into the sentences, its secrets taken out. */
export interface Asked {
  request: PveRequest;
  authorization: string;
  subject?: string;
  host?: string;
}

/** An answer as it came: the reason phrase as Latin-1 (a byte a character), the body as text. */
export interface RawAnswer {
  status: number;
  reason: string;
  body: string;
}

/** The data of an answer; throws PveError for everything that is no success. */
export function readAnswer(raw: RawAnswer, asked: Asked): PveAnswer {
  const envelope = parsed(raw.body);
  if (raw.status < 200 || raw.status > 299) throw failure(raw, envelope, asked);
  if (!envelope || !("data" in envelope)) throw noEnvelope(raw, asked);
  const hidden = failureUnder200(envelope.data, asked);
  if (hidden !== undefined) throw explained({ kind: kindOf(500, hidden), sentence: hidden, status: raw.status }, asked);
  return {
    data: envelope.data,
    ...(typeof envelope.total === "number" && { total: envelope.total }),
    ...(typeof envelope.changes === "string" && { changes: envelope.changes }),
  };
}

/** An error of this request: the next step added, the secrets taken out. */
export function explained(given: Omit<PveFailure, "next" | "endpoint">, asked: Asked): PveError {
  const { request, authorization, subject, host } = asked;
  const { endpoint, values } = request;
  const secrets = secretsOf(authorization, values);
  const sentence = redact(given.sentence, secrets);
  const circumstances: Circumstances = { kind: given.kind, text: sentence, endpoint, values };
  if (given.status !== undefined) circumstances.status = given.status;
  if (subject !== undefined) circumstances.subject = subject;
  if (host !== undefined) circumstances.host = host;
  const errors = given.errors && mapped(given.errors, (text) => redact(text, secrets));
  const next = redact(nextStep(circumstances), secrets);
  return new PveError({ ...given, sentence, next, endpoint, ...(errors && { errors }) });
}

function failure(raw: RawAnswer, envelope: Record<string, unknown> | undefined, asked: Asked): PveError {
  const errors = parameterErrors(envelope?.errors);
  const message = typeof envelope?.message === "string" ? envelope.message.trim() : "";
  const lines = Object.entries(errors ?? {}).map(([name, text]) => `${name}: ${text}`);
  // The reason phrase is cut at its first line and is all that a PVE before 8.4 sends (facts 1, 2).
  const head = message || phrase(raw.reason) || (lines.length > 0 ? "" : `HTTP status ${raw.status}`);
  const text = [head, ...lines].filter((line) => line !== "").join("\n");
  const sentence = raw.status >= 595 ? `${text} (HTTP status ${raw.status})` : text;
  const kind = kindOf(raw.status, text);
  const sent = neverArrived(raw.status, text) ? { sent: false } : {};
  return explained({ kind, sentence, status: raw.status, ...(errors && { errors }), ...sent }, asked);
}

function noEnvelope(raw: RawAnswer, asked: Asked): PveError {
  const what = raw.body.trim() === "" ? "an empty answer" : "something that isn't PVE's JSON";
  return explained(
    { kind: "bug", sentence: `The server answered ${raw.status} with ${what}.`, status: raw.status },
    asked,
  );
}

/** Two successes that are none: an error inside the agent's result (facts 54), a backup of a guest that isn't here (facts 55). */
function failureUnder200(data: unknown, { request }: Asked): string | undefined {
  if (request.endpoint === "POST /nodes/{node}/vzdump" && data === "OK") {
    return "PVE answered OK and started nothing: none of the guests that were named is on this node.";
  }
  if (!request.endpoint.includes("/agent")) return undefined;
  const error = isRecord(data) && isRecord(data.result) ? data.result.error : undefined;
  if (!isRecord(error)) return undefined;
  return `Agent error: ${typeof error.desc === "string" ? error.desc : JSON.stringify(error)}`;
}

/** A reason phrase is raw bytes, UTF-8 or Latin-1 as it happens (facts 2). */
function phrase(latin1: string): string {
  const text = latin1.trim();
  if (!/[\x80-\xff]/.test(text)) return text;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(text, (char) => char.charCodeAt(0)));
  } catch {
    return text;
  }
}

function parameterErrors(value: unknown): Record<string, string> | undefined {
  if (!isRecord(value)) return undefined;
  return mapped(value, (text) => (typeof text === "string" ? text.trim() : JSON.stringify(text)));
}

function mapped<From>(record: Readonly<Record<string, From>>, turn: (value: From) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, turn(value)]));
}

function parsed(body: string): Record<string, unknown> | undefined {
  if (!/^\s*\{/.test(body)) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
