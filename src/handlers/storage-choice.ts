// Owns which storage a new disk goes to when the call names none.
import type { Ground } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";
import { Refusal } from "../toolkit/refusal.ts";

/** The seed's default, and that of a stock installation. */
const usual = "local-lvm";

/**
 * The named storage, else `local-lvm` where the node has it, else the node's only storage for what is to go there.
 * Asks GET /nodes/{node}/storage when none is named.
 * @throws Refusal that lists the candidates
 */
export async function storageFor(
  { values, read }: Ground,
  named: unknown,
  content: "images" | "rootdir" = "images",
): Promise<string> {
  if (typeof named === "string") return named;
  const node = values.node ?? "";
  const { data } = await read("GET /nodes/{node}/storage", { node, content, enabled: true });
  const names = (Array.isArray(data) ? data.filter(isRow) : []).map(({ storage }) => String(storage)).sort();
  const [only, another] = names;
  if (names.includes(usual)) return usual;
  if (only !== undefined && another === undefined) return only;
  const candidates =
    names.length > 0 ? `one of ${names.join(", ")}` : `node ${node} has none for ${content} that the token may see`;
  throw new Refusal(`storage is missing: ${candidates}`);
}
