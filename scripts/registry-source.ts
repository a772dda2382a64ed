// Owns the reading of PVE's description of its API: JSON-lines files and apidoc.js become one list of methods.
import { readFile } from "node:fs/promises";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonRecord = { [name: string]: Json };

/** A method of PVE's API as PVE describes it. */
export interface Method {
  method: string;
  path: string;
  info: JsonRecord;
}

/** `value` as an object; anything else is an empty one. */
export function record(value: Json | undefined): JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

export function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** PVE writes numbers now as numbers, now as strings. */
export function numeric(value: Json | undefined): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

/** PVE's booleans: 1, "1", true. */
export function flag(value: Json | undefined): boolean {
  return value === true || value === 1 || value === "1";
}

/** All methods of one description, sorted by path and method, so that the order of the source doesn't matter. */
export async function readDescription(file: string): Promise<Method[]> {
  const source = await readFile(file, "utf8");
  const methods = /^\s*(?:const|var|let)\s+\w+\s*=/.test(source) ? fromApidoc(source) : fromLines(source);
  if (methods.length === 0) throw new Error(`${file}: no method found in it`);
  return methods.sort((a, b) => order(a.path, b.path) || order(a.method, b.method));
}

/** The version that a description stands for, from its file name ("pve-9.2.jsonl"). */
export function versionOf(file: string): string | undefined {
  return /(\d+\.\d+)[^/]*$/.exec(file)?.[1];
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function fromLines(source: string): Method[] {
  const methods: Method[] = [];
  for (const line of source.split("\n")) {
    if (line.trim() === "") continue;
    const parsed: Json = JSON.parse(line);
    const info = record(parsed);
    methods.push({ method: text(info.method) ?? "", path: text(info.path) ?? "", info });
  }
  return methods;
}

/** apidoc.js is `const apiSchema = [ … ]` with the program of the viewer behind it; the tree itself is JSON. */
function fromApidoc(source: string): Method[] {
  const tree: Json = JSON.parse(source.slice(source.indexOf("["), endOfArray(source)));
  const methods: Method[] = [];
  const walk = (nodes: Json[]): void => {
    for (const node of nodes.map(record)) {
      for (const [method, info] of Object.entries(record(node.info))) {
        methods.push({ method, path: text(node.path) ?? "", info: record(info) });
      }
      walk(list(node.children));
    }
  };
  walk(list(tree));
  return methods;
}

function endOfArray(source: string): number {
  let depth = 0;
  let quoted = false;
  for (let at = source.indexOf("["); at < source.length; at++) {
    const sign = source[at];
    if (quoted) {
      if (sign === "\\") at++;
      else if (sign === '"') quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === "[" || sign === "{") depth++;
    else if ((sign === "]" || sign === "}") && --depth === 0) return at + 1;
  }
  throw new Error("apidoc.js: the tree of the API has no end");
}
