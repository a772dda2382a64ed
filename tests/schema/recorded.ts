// Owns the reading of recorded exchanges: the tests' own selection, and the whole recordings where they are present.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type EndpointKey, isKey, route } from "../../src/schema/registry.ts";

/** A request to PVE by its endpoint, path variables included, with PVE's answer. */
export interface Exchange {
  key: EndpointKey;
  given: Record<string, unknown>;
  status: number;
  /** PVE's complaint per argument; under "" what names none */
  errors: Record<string, string>;
  body: unknown;
}

const RECORDED = join(import.meta.dirname, "../../../shared/pve-recorded");
const FILES = ["fuzz", "history", "permissions", "single-node", "snapshot"];

export const isRecordedPresent = existsSync(RECORDED);

/** The selection that lies beside this file. */
export async function readSelection(): Promise<Exchange[]> {
  const lines = (await readFile(join(import.meta.dirname, "recorded.gen.jsonl"), "utf8")).trim().split("\n");
  return lines.map((line) => ({ errors: {}, body: undefined, ...JSON.parse(line) }));
}

/** All recorded requests to endpoints that PVE 9.2 has, answered with 200 or 400 by PVE's own JSON door. */
export async function readRecorded(): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  for (const file of FILES) {
    for (const line of (await readFile(join(RECORDED, `${file}.jsonl`), "utf8")).split("\n")) {
      const exchange = line === "" ? undefined : exchangeOf(JSON.parse(line));
      if (exchange !== undefined) exchanges.push(exchange);
    }
  }
  return exchanges;
}

interface Recorded {
  method: string;
  path: string;
  params?: string | Record<string, unknown> | [string, unknown][];
  status: number;
  body: { data?: unknown; errors?: Record<string, string>; message?: string } | string | null;
}

function exchangeOf({ method, path, params, status, body }: Recorded): Exchange | undefined {
  const [bare = "", query = ""] = path.split("?");
  const found = bare.startsWith("/api2/json/") ? route(method, bare.slice("/api2/json".length)) : undefined;
  if (found === undefined || !isKey(found.endpoint.key) || (status !== 200 && status !== 400)) return undefined;
  // the query overrides the body (facts 13)
  const answer = typeof body === "object" && body !== null ? body : {};
  return {
    key: found.endpoint.key,
    given: { ...joined(pairsOf(params)), ...joined([...new URLSearchParams(query)]), ...found.variables },
    status,
    errors: answer.errors ?? (status === 400 ? { "": answer.message ?? "" } : {}),
    body: answer.data,
  };
}

function pairsOf(params: Recorded["params"]): (readonly [string, unknown])[] {
  if (typeof params === "string")
    return [...params.matchAll(MULTIPART)].map(([, name = "", file, text]) => [name, file ?? text]);
  return Array.isArray(params) ? params : Object.entries(params ?? {});
}

/** A part of a multipart body: its name, its file's name, its text. */
const MULTIPART = /name="(\w+)"(?:; filename="([^"]*)")?[^\n]*\n(?:Content-Type[^\n]*\n)?\r?\n([^\r\n]*)/g;

/** A key that comes again makes a list, as on the wire. */
function joined(pairs: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const [name, value] of pairs) given[name] = Object.hasOwn(given, name) ? [given[name], value].flat() : value;
  return given;
}
