// What PVE says of a new vnet whose zone isn't there, in words: it stumbles over it.
import { PveError } from "../pve/errors.ts";
import type { Perform } from "../toolkit/operation.ts";
import { Refusal } from "../toolkit/refusal.ts";
import { rowsIn } from "./rows.ts";

export const vnetCreated: Perform = async ({ send, read }, values) => {
  try {
    return await send("POST /cluster/sdn/vnets", values);
  } catch (error) {
    if (!(error instanceof PveError) || !error.sentence.includes("cannot lookup undefined type")) throw error;
    const zones = rowsIn((await read("GET /cluster/sdn/zones", {})).data).map(({ zone }) => zone);
    throw new Refusal(`zone ${values.zone} does not exist; there is ${zones.join(", ") || "none"}`);
  }
};
