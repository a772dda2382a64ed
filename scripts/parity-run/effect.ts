// Owns how an effect is read back: `GET /path has name=value …`, asked of the cluster itself, by an endpoint of reading.
import type { Cluster } from "./cluster.ts";

/**
 * `has`: the object, or one row of the list, has all of these values; `lacks`: no row has them, and the object hasn't all.
 * A value is percent-encoded text, `~pattern`, or empty for "absent". A name may be a path: `info.privsep`.
 * Waits for what comes later, as HA's doing: so many milliseconds.
 */
export async function effectOf(
  cluster: Pick<Cluster, "ask">,
  line: string,
  patience = 2_500,
): Promise<string | undefined> {
  const [, request = "", verb = "", wanted = ""] = /^(GET .+?) (has|lacks) (.+)$/.exec(line) ?? [];
  if (!request) return `${line} can't be read`;
  const pairs = wanted.split(" ").map((pair): [string, string] => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))];
  });
  const begun = Date.now();
  for (;;) {
    const data = await cluster.ask(request).catch((error: unknown) => ({ refused: String(error) }));
    const isThere = rowsOf(data).some((row) => pairs.every(([name, value]) => holds(valueAt(row, name), value)));
    if (isThere === (verb === "has")) return undefined;
    if (Date.now() - begun > patience) return `${line}: there is ${JSON.stringify(data)?.slice(0, 220)}`;
    await Bun.sleep(100);
  }
}

/** A list's rows, or the one record; a plain value stands under `value`. */
function rowsOf(data: unknown): unknown[] {
  if (Array.isArray(data)) return data.map((row) => (isRecord(row) ? row : { value: row }));
  return [isRecord(data) ? data : { value: data }];
}

function valueAt(row: unknown, path: string): unknown {
  if (isRecord(row) && path in row) return row[path];
  return path
    .split(".")
    .reduce<unknown>((at, name) => (isRecord(at) || Array.isArray(at) ? Reflect.get(at, name) : undefined), row);
}

function holds(value: unknown, wanted: string): boolean {
  if (wanted === "") return value === undefined || value === null || value === "";
  if (value === undefined || value === null) return false;
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return wanted.startsWith("~") ? new RegExp(wanted.slice(1)).test(text) : text.trim() === wanted;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
