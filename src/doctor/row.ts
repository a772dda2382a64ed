// Owns the look at what PVE answered, where nothing but names and values is expected of it.
type Row = Readonly<Record<string, unknown>>;

/** An object of an answer; without names where it is none. */
export function rowOf(data: unknown): Row {
  return typeof data === "object" && data !== null && !Array.isArray(data) ? { ...data } : {};
}

/** The objects of a list. */
export function rowsOf(data: unknown): Row[] {
  return Array.isArray(data) ? data.map(rowOf) : [];
}
