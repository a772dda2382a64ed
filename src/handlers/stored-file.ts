// Owns the finding of an ISO image or a template by its name among a node's storages.
import type { Ground } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";
import { Refusal } from "../toolkit/refusal.ts";

/** Where a name is looked for first when several storages have it: every node's own. */
const usual = "local:";

/**
 * The volume id of a file: as it is given, or found by its whole name or by a part that only one has.
 * Asks GET /nodes/{node}/storage and …/content when it isn't a volume id.
 * @throws Refusal with those that there are
 */
export async function storedFile(
  { values, read }: Ground,
  argument: string,
  content: "iso" | "vztmpl",
): Promise<string> {
  const wanted = String(values[argument]).replace(new RegExp(`^${content}/`), "");
  if (/[:/]/.test(wanted)) return wanted;
  const node = values.node ?? "";
  const storages = await read("GET /nodes/{node}/storage", { node, content, enabled: true });
  const names = rowsOf(storages.data).map(({ storage }) => String(storage));
  const lists = await Promise.all(
    names.map((storage) => read("GET /nodes/{node}/storage/{storage}/content", { node, storage, content })),
  );
  const all = lists.flatMap(({ data }) => rowsOf(data).map(({ volid }) => String(volid))).sort();
  // a token that may not look at a storage sees nothing there
  if (all.length === 0) return `${usual}${content}/${wanted}`;
  const [exact, parts] = [
    all.filter((volid) => bare(volid) === bare(wanted)),
    all.filter((volid) => volid.includes(wanted)),
  ];
  const fitting = exact.length > 0 ? exact : parts;
  const [only, another] = fitting;
  if (only !== undefined && another === undefined) return only;
  const nearby = exact.find((volid) => volid.startsWith(usual));
  if (nearby !== undefined) return nearby;
  const given = `${argument} ${JSON.stringify(wanted)}`;
  if (fitting.length > 1) throw new Refusal(`${given} is one of ${fitting.join(", ")}`);
  throw new Refusal(`${given} is on no storage of ${node}; there is ${all.join(", ")}`);
}

/** A file's name without what only says how it is packed. */
const bare = (volid: string) => (/[^/]*$/.exec(volid)?.[0] ?? "").replace(/\.(?:tar\.\w+|iso|img)$/, "");
const rowsOf = (data: unknown) => (Array.isArray(data) ? data.filter(isRow) : []);
