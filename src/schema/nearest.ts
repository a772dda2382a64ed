// Owns "did you mean": the known name that is nearest to one that isn't known.

/** The nearest of `names`, if it is near enough: at most a third of its letters differ. `_` and `-` are one. */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  const given = plain(name);
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  if (given.length > 64) return undefined;
  for (const known of names) {
    const candidate = plain(known);
    const allowed = Math.max(1, Math.floor(Math.max(given.length, candidate.length) / 3));
    if (Math.abs(candidate.length - given.length) > allowed) continue;
    const steps = distance(given, candidate);
    if (steps <= allowed && steps < least && steps < candidate.length) {
      best = known;
      least = steps;
    }
  }
  return best;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll("_", "-");
}

/** Edit distance; two neighbours that changed places count once. */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        (previous[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}
