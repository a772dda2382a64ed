// Owns the reading of our own sources: which files there are, and what each imports.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../..");

/** One import of a file: `type` when it is gone at run time, `dynamic` when it happens only once it is reached. */
export interface Import {
  readonly specifier: string;
  readonly kind: "static" | "dynamic" | "type";
}

export interface Source {
  /** Path from the project's root: `src/pve/client.ts`. */
  readonly path: string;
  readonly text: string;
  /** The text without comments, and with every string's inside in place. */
  readonly code: string;
  readonly imports: readonly Import[];
}

/** All TypeScript files under a folder of the project. */
export function sources(folder: string): readonly Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.includes("node_modules"))
    .sort()
    .map((name) => read(`${folder}/${name}`));
}

function read(path: string): Source {
  const text = readFileSync(join(root, path), "utf8");
  const code = withoutComments(text);
  return { path, text, code, imports: importsOf(code) };
}

// A string, a template or a regular expression may hold what looks like a comment; each is taken whole.
const piece =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|(?<=[=(,:[!&|?{};\n]\s*)\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\//g;

function withoutComments(text: string): string {
  return text.replaceAll(piece, (found) => (/^\/[/*]/.test(found) ? found.replaceAll(/[^\n]/g, " ") : found));
}

const statement =
  /^(?:import\b(\s+type\b)?([^;"'`=()]*?)(?:\bfrom)?|export\b(\s+type\b)?\s*(\*(?:\s*as\s+[\w$]+)?|\{[^}]*\})\s*from)\s*"([^"]+)"/gm;
const call = /(typeof\s+)?\bimport\(\s*"([^"]+)"\s*\)(\s*\.\s*[A-Z])?/g;

const onlyTypes = /^\s*\{(?:\s*type\s+[\w$]+(?:\s+as\s+[\w$]+)?\s*,?)+\s*\}\s*$/;

/** Every import and re-export in `code`, in order. */
export function importsOf(code: string): Import[] {
  const found: Import[] = [];
  for (const [, type, names = "", again, these = "", specifier = ""] of code.matchAll(statement)) {
    const typed = type !== undefined || again !== undefined || onlyTypes.test(names + these);
    found.push({ specifier, kind: typed ? "type" : "static" });
  }
  for (const [, typeOf, specifier = "", member] of code.matchAll(call)) {
    found.push({ specifier, kind: typeOf !== undefined || member !== undefined ? "type" : "dynamic" });
  }
  return found;
}

/** What an import of `from` names: a path from the project's root, or a package or built-in as it stands. */
export function target(from: Source, { specifier }: Import): string {
  return specifier.startsWith(".") ? relative(root, resolve(root, dirname(from.path), specifier)) : specifier;
}

/**
 * All that is loaded when these files are: their imports, and the imports of those, without what is loaded later.
 * Each with the path that leads there.
 */
export function loaded(all: readonly Source[], roots: readonly string[]): Map<string, readonly string[]> {
  const byPath = new Map(all.map((source) => [source.path, source]));
  const found = new Map<string, readonly string[]>(roots.map((path) => [path, [path]]));
  for (const [path, way] of found) {
    const source = byPath.get(path);
    for (const one of source?.imports ?? []) {
      if (!source || one.kind !== "static") continue;
      const next = target(source, one);
      if (!found.has(next)) found.set(next, [...way, next]);
    }
  }
  return found;
}
