// Owns the translation of PVE's Perl patterns into JavaScript ones that take the same values and can't be made to hang.

/** Patterns that backtrack for ever, and the same language written so that they don't. */
const SLOW: readonly (readonly [string, string])[] = [["[-]*)[a-z\\d]+)*", "-+)[a-z\\d]+)*"]];

/** Perl's \w takes every letter of Unicode, JavaScript's only ASCII: what is above is let through. */
const WIDE = "\\u00aa-\\uffff";

/** A pattern of PVE as an ArkType literal: anchored as PVE does, and with its slashes written as `\/`. */
export function literal(pattern: string): string {
  let source = pattern;
  for (const [slow, quick] of SLOW) source = source.replaceAll(slow, quick);
  source = widen(flatten(source)).replace(/\{,(\d+)\}/g, "{0,$1}");
  source = source.replace(/\\0(?!\d)/g, "\\x00").replace(/\\?\//g, "\\/");
  new RegExp(`^(?:${source})$`);
  return `/^(?:${source})$/`;
}

/** Perl's `(?^:…)`, `(?^u:…)` and `(?^i:…)`; the last has no counterpart in Node 22 and is spelled out. */
function flatten(pattern: string): string {
  let source = pattern.replace(/\(\?\^u?:/g, "(?:");
  for (let at = source.indexOf("(?^i:"); at >= 0; at = source.indexOf("(?^i:")) {
    const end = closing(source, at);
    const inner = source.slice(at + 5, end).replace(/(A-Z)?a-z(A-Z)?/g, "a-zA-Z");
    if (/[a-zA-Z]/.test(inner.replace(/a-zA-Z|\\./g, ""))) throw new Error(`a pattern without case: ${pattern}`);
    source = `${source.slice(0, at)}(?:${inner}${source.slice(end)}`;
  }
  return source;
}

function closing(source: string, open: number): number {
  let depth = 0;
  for (let at = open; at < source.length; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === "(") depth++;
    else if (source[at] === ")" && --depth === 0) return at;
  }
  throw new Error(`a pattern without an end: ${source}`);
}

function widen(source: string): string {
  let inClass = false;
  return source.replace(/\\.|[[\]]/gs, (part) => {
    if (part === "[") inClass = true;
    else if (part === "]") inClass = false;
    else if (part === "\\w") return inClass ? `\\w${WIDE}` : `[\\w${WIDE}]`;
    return part;
  });
}
