// Owns the generated parts of a page that is written by hand otherwise: between `<!-- name -->` and `<!-- /name -->`.
import { readFileSync } from "node:fs";

/** The page as it ought to be: its own text with the generated parts as they follow from the code. */
export function pageWith(path: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce(
    (text, [mark, part]) => between(path, text, mark, part),
    readFileSync(path, "utf8"),
  );
}

function between(path: string, text: string, mark: string, part: string): string {
  const [begin, end] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
  const [start, stop] = [text.indexOf(begin), text.indexOf(end)];
  if (start < 0 || stop < 0) throw new Error(`${path} has no ${begin} … ${end}`);
  return `${text.slice(0, start + begin.length)}\n${part}\n${text.slice(stop)}`;
}
