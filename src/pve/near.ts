// Owns which guests' names are near to one that isn't there.

/** How many names are worth showing. */
const SHOWN = 5;

/** The names nearest to `ref`, nearest first: those that hold it, and those a few letters away. */
export function nearNames(ref: string, names: readonly string[]): string[] {
  const wanted = ref.toLowerCase();
  return [...new Set(names)]
    .map((name) => ({ name, away: away(wanted, name.toLowerCase()) }))
    .filter(({ away }) => away <= Math.max(1, Math.floor(wanted.length / 3)))
    .sort((a, b) => a.away - b.away || (a.name < b.name ? -1 : 1))
    .slice(0, SHOWN)
    .map(({ name }) => name);
}

function away(wanted: string, name: string): number {
  return wanted.length > 1 && (name.includes(wanted) || wanted.includes(name)) ? 0.5 : edits(wanted, name);
}

/** The number of letters to insert, drop or change, row by row. */
function edits(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...from].entries()) {
    const line = [row + 1];
    for (const [column, other] of [...to].entries()) {
      const changed = (above[column] ?? 0) + (letter === other ? 0 : 1);
      line.push(Math.min(changed, (above[column + 1] ?? 0) + 1, (line[column] ?? 0) + 1));
    }
    above = line;
  }
  return above[to.length] ?? 0;
}
