// Owns that no guest stays frozen because a call ended badly: what was frozen by it is thawed on the way out.
import { PveError } from "../pve/errors.ts";
import type { Perform } from "../toolkit/operation.ts";
import { isRow } from "../toolkit/present.ts";

/** Freezes the file systems; where the answer is lost or the caller gives up, thaws them. */
export const freeze: Perform = async (acting, { node, vmid }) => {
  try {
    return await acting.send("POST /nodes/{node}/qemu/{vmid}/agent/fsfreeze-freeze", { node, vmid });
  } catch (error) {
    if (!(error instanceof PveError) || error.sent === false) throw error;
    // PVE's refusals froze nothing; where it waited in vain for the agent, the guest may be frozen by now
    if (error.status === 500 && error.kind !== "timeout") throw error;
    throw new PveError({ ...error, sentence: error.sentence, next: `${await thawed()} ${error.next}`, cause: error });
  }

  async function thawed(): Promise<string> {
    try {
      const { data } = await acting.sendAnyway("POST /nodes/{node}/qemu/{vmid}/agent/fsfreeze-thaw", { node, vmid });
      const count = isRow(data) ? Number(data.result) : Number.NaN;
      return count > 0 ? `${count} file systems were thawed again.` : "Nothing was frozen any more.";
    } catch (error) {
      const why = error instanceof PveError ? error.sentence : String(error);
      return `Thawing failed (${why}): call operation=thaw until it succeeds, the guest stands still meanwhile.`;
    }
  }
};
