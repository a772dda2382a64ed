// Owns how text that others wrote (guests, their owners, logs) is set off as data, with nothing in it that a terminal obeys.

/** Texts of these characters alone can neither pose as a sentence nor hide anything. */
const plain = /^[\p{L}\p{N}_.,:;=@/+%#~*-]+$/u;
/** Control, format (zero width, direction) and separator characters. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u{E0000}-\u{E007F}]/gu;

/** Control and other hidden characters as escapes; the rest as it is. */
export function escaped(text: string): string {
  return text.replace(hidden, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\t") return "\\t";
    if (character === "\r") return "\\r";
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** One value in running text: as it is when it is plain, else in quotes and escaped. */
export function quoted(text: string): string {
  return plain.test(text) ? text : `"${escaped(text.replaceAll("\\", "\\\\").replaceAll('"', '\\"'))}"`;
}

/** Whole lines, each marked as quoted. */
export function quotedLines(lines: readonly string[]): string {
  return lines.map((line) => `> ${escaped(line)}`).join("\n");
}
