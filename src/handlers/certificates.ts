// Owns the one certificate of a node that isn't the cluster's own: its key, its going.
import type { Row } from "../toolkit/answer.ts";
import type { Ground, Perform, Present } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { placeOf, rowIn, rowsIn } from "./rows.ts";

const info = "GET /nodes/{node}/certificates/info";

/** The one that takes the place of the cluster's own (pve-ssl.pem) while it is there. */
const custom = "pveproxy-ssl.pem";

/** The node's own certificate, uploaded or from ACME, if it has one. */
export async function customOf(ground: Pick<Ground, "read" | "values">): Promise<Row | undefined> {
  const { data } = await ground.read(info, { node: ground.values.node ?? "" });
  return rowsIn(data).find(({ filename }) => filename === custom);
}

/** Without a key PVE takes the one that is there, which a node has with a custom certificate alone. */
export async function upload(ground: Ground) {
  const existing = await customOf(ground);
  if (!existing && ground.values.key === undefined)
    throw new Refusal(`key is missing: node ${ground.values.node} has no custom certificate yet, and so no key of one`);
  return placeOf(ground, "node");
}

const pinned =
  "The node's API answers with another certificate once pveproxy is restarted; what pins a fingerprint has to follow.";

export const uploaded: Present = (data) => ({ record: rowIn(data), notes: [pinned] });

/** PVE answers 200 on deleting what isn't there (facts 58). */
export const remove: Perform = async (acting, values) => {
  const before = await customOf(acting);
  if (!before)
    throw new Refusal(`node ${values.node} has no custom certificate: it serves the cluster's own (pve-ssl.pem)`);
  await acting.send("DELETE /nodes/{node}/certificates/custom", values);
  return { data: { before, after: (await customOf(acting)) ?? null } };
};

export const removed: Present = (data, { values }) => {
  const { before, after } = rowIn(data);
  if (after !== null)
    return {
      outcome: "error",
      kind: "refused",
      summary: "PVE took the call, and the certificate still stands there",
      record: rowIn(after),
    };
  return {
    record: rowIn(before),
    summary: `The custom certificate of ${values.node} was deleted (shown below)`,
    notes: [pinned],
  };
};
